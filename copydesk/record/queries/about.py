"""The page that says what the record is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from copydesk.record.backends.signing import KeyUnusable
from copydesk.record.queries.heads import signed_head
from copydesk.sources.queries.addresses import full_url
from copydesk.sources.queries.pages import Head

if TYPE_CHECKING:
    from copydesk.record.logic.heads import SignedHead


@dataclass(frozen=True)
class About:
    """The record as the page tells of it; no head where none can be signed."""

    head: SignedHead | None
    site: str


def about_record() -> About:
    """Return what the page shows; one query."""
    try:
        return About(signed_head(), settings.COPYDESK_BASE_URL)
    except KeyUnusable:
        return About(None, settings.COPYDESK_BASE_URL)


def about_head() -> Head:
    """Return the head of the page."""
    return Head(
        title=_("The public record"),
        description=_("Everything we have published, in the order in which readers got it."),
        canonical_url=full_url(reverse("record:record")),
    )
