"""Publishing and withdrawing what editors have scheduled, when its time has come."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import transaction
from django.db.models import Min
from wagtail.models import DraftStateMixin, Page, Revision

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime


logger = logging.getLogger("copydesk.schedule")


def run_schedule(*, at: datetime, skip: frozenset[str] = frozenset()) -> set[str]:
    """Publish what was to go live by `at`, withdraw what was to expire, however late; return what failed.

    Each is done for itself: one that fails is logged and holds up no other. `skip` names those left for later.
    Safe to run on several nodes at once.
    """
    failed = set()
    for name, do in _due(at):
        if name not in skip and not _succeeds(name, do):
            failed.add(name)
    return failed


def next_due(*, after: datetime) -> datetime | None:
    """Return when something is next to go live or to expire, or None where nothing is."""
    going_live = Revision.objects.filter(approved_go_live_at__gt=after)
    moments = [going_live.aggregate(next=Min("approved_go_live_at"))["next"]]
    for model in _models():
        expiring = model.objects.filter(live=True, expire_at__gt=after)
        moments.append(expiring.aggregate(next=Min("expire_at"))["next"])
    return min((moment for moment in moments if moment), default=None)


def _due(at: datetime) -> Iterator[tuple[str, Callable[[], None]]]:
    # Going live comes first: a version may move the expiry, and expiring drops what is scheduled.
    going_live = Revision.objects.filter(approved_go_live_at__lte=at).order_by(
        "approved_go_live_at"
    )
    for pk in going_live.values_list("pk", flat=True):
        yield f"revision {pk}", partial(publish_revision, pk, at)
    for model in _models():
        expiring = model.objects.filter(live=True, expire_at__lte=at).order_by("expire_at")
        for pk in expiring.values_list("pk", flat=True):
            yield f"{model.__name__} {pk}", partial(expire, model, pk, at)


def _models() -> list[Any]:
    """Return every kind of thing Wagtail schedules; all kinds of page are one."""
    others = [
        model
        for model in apps.get_models()
        if issubclass(model, DraftStateMixin) and not issubclass(model, Page)
    ]
    return [Page, *others]


def _succeeds(name: str, do: Callable[[], None]) -> bool:
    try:
        do()
    except Exception:
        logger.exception("%s is due but could not be published or withdrawn", name)
        return False
    return True


@transaction.atomic
def publish_revision(pk: int, at: datetime) -> None:
    """Make the revision live, unless another node has done so by now."""
    due = Revision.objects.select_for_update(skip_locked=True).filter(
        pk=pk, approved_go_live_at__lte=at
    )
    if revision := due.first():
        revision.publish(log_action="wagtail.publish.scheduled")
        logger.info("Published as scheduled: %s", revision.object_str)


@transaction.atomic
def expire(model: Any, pk: int, at: datetime) -> None:
    """Withdraw what has expired, unless another node has done so by now."""
    due = model.objects.select_for_update(skip_locked=True).filter(
        pk=pk, live=True, expire_at__lte=at
    )
    if found := due.first():
        thing = found.specific if isinstance(found, Page) else found
        scheduled = dict(
            thing.revisions.filter(approved_go_live_at__gt=at).values_list(
                "pk", "approved_go_live_at"
            )
        )
        thing.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
        # Wagtail forgets what is to go live later; the editor does not.
        for revision, moment in scheduled.items():
            Revision.objects.filter(pk=revision).update(approved_go_live_at=moment)
        logger.info("Withdrawn as scheduled: %s", thing)
