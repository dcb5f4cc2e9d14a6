"""Published quotations are compared anew: with a newer copy of their source, or by a better algorithm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from copydesk.pagestore.actions import expire_tags, keep_commit_order
from copydesk.pagestore.logic.tags import tag
from copydesk.sources.actions.checking import check_words
from copydesk.sources.logic.changes import Passage
from copydesk.sources.logic.verdicts import ACCEPTED, Verdict
from copydesk.sources.models import Quotation, QuotationKind, Snapshot, Source, Trigger

if TYPE_CHECKING:
    from datetime import datetime

    from copydesk.sources.models import Check


def recheck_quotations(
    *, source: Source, snapshot: Snapshot, trigger: Trigger, at: datetime
) -> list[Passage]:
    """Compare every quotation that live articles take from `source` with a copy of it.

    Returns, for each, whether its words were accepted before and are now. One that has no copy of its own yet is
    pinned to this one. Raises Missing, Damaged.
    """
    return [
        _recheck(quotation, snapshot, trigger, at)
        for quotation in source.quotations.filter(is_live=True)
        .exclude(kind=QuotationKind.TRANSLATED)
        .select_related("check_result", "latest_check")
    ]


@transaction.atomic
def recheck_source(*, source_id: int, at: datetime) -> list[Passage]:
    """Compare what articles take from a source with its newest copy anew, as after a change of the algorithm.

    The pinned copies, where they are others, are compared anew as well. Raises Missing, Damaged.
    """
    keep_commit_order()
    source = Source.objects.select_for_update().get(pk=source_id)
    newest = source.snapshots.filter(has_text=True).first()
    if newest is None:
        return []
    pinned = Snapshot.objects.filter(pk__in=source.quotations.values("snapshot")).exclude(
        pk=newest.pk
    )
    for snapshot in pinned:
        for quotation in source.quotations.filter(is_live=True, snapshot=snapshot):
            quotation.check_result = _check(quotation, snapshot, Trigger.UPGRADE, at)
            quotation.save(update_fields=["check_result"])
    passages = recheck_quotations(source=source, snapshot=newest, trigger=Trigger.UPGRADE, at=at)
    expire_tags([tag("source", source.pk)], at=at)
    return passages


def _recheck(quotation: Quotation, snapshot: Snapshot, trigger: Trigger, at: datetime) -> Passage:
    before = quotation.latest_check or quotation.check_result
    check = _check(quotation, snapshot, trigger, at)
    quotation.latest_check = check
    if quotation.snapshot_id is None or quotation.snapshot_id == snapshot.pk:
        quotation.snapshot, quotation.check_result = snapshot, check
    quotation.save(update_fields=["snapshot", "check_result", "latest_check"])
    return Passage(
        quotation_id=str(quotation.uuid),
        was_accepted=_is_accepted(before),
        is_accepted=_is_accepted(check),
    )


def _check(quotation: Quotation, snapshot: Snapshot, trigger: Trigger, at: datetime) -> Check:
    return check_words(
        text=quotation.text,
        snapshot=snapshot,
        language=quotation.language,
        trigger=trigger,
        at=at,
    )


def _is_accepted(check: Check | None) -> bool:
    return check is not None and Verdict(check.verdict) in ACCEPTED
