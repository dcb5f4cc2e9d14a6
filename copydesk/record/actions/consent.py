"""The two-person rule where it cannot be gone around: in the transaction that would withdraw an article."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copydesk.editorial.models import Article
from copydesk.record.queries.approvals import needs_two_people

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copydesk.editorial.events import ArticlePublished, ArticleWithdrawn


class NeedsSecondPerson(Exception):
    """One person alone may not do this.

    No PermissionDenied: Wagtail answers that inside the view, and the page's half of the withdrawal would be committed.
    """


@dataclass(frozen=True)
class Consent:
    """Who asked and who confirmed, by the numbers of their accounts, and why."""

    asked_by: int
    confirmed_by: int
    reason: str

    def as_payload(self) -> dict[str, int]:
        """Return what goes into the record beside what was done."""
        return {"asked_by": self.asked_by, "confirmed_by": self.confirmed_by}


_given: ContextVar[Consent | None] = ContextVar("consent", default=None)


def consent_given() -> Consent | None:
    """Return the consent under which the caller acts; None where one person acts alone."""
    return _given.get()


@contextmanager
def under_consent(consent: Consent) -> Iterator[None]:
    """Let what is done in the block be done by two."""
    token = _given.set(consent)
    try:
        yield
    finally:
        _given.reset(token)


def refuse_one_person(event: ArticleWithdrawn) -> None:
    """Let no one person at the desk withdraw an article where that takes two. Raises NeedsSecondPerson.

    What nobody at the desk does is let through: an operator at the machine, who can do worse, and a date of expiry that
    was set before the rule was.
    """
    if event.by_id is not None and consent_given() is None and needs_two_people():
        raise NeedsSecondPerson


def drop_expiry(event: ArticlePublished) -> None:
    """Take a date of expiry off an article where withdrawing takes two: it would withdraw it by one person's word."""
    if needs_two_people():
        Article.objects.filter(pk=event.article_id, expire_at__isnull=False).update(expire_at=None)
