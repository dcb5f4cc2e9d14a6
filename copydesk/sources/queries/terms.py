"""What our own terms mean where we describe quotations for other programs."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from copydesk.sources.logic.verdicts import Verdict
from copydesk.sources.queries.addresses import full_url
from copydesk.sources.queries.pages import Head


@dataclass(frozen=True)
class Term:
    """A term, as annotations write it."""

    name: str
    meaning: str


def terms_page() -> list[Term]:
    """Return the terms: first the properties, then the values of the verdict."""
    return [
        Term(
            "verdict", _("What comparing the words with the copy found: one of the values below.")
        ),
        Term("checked", _("When they were compared.")),
        Term("textSha256", _("The SHA-256 of the main text of the copy they were compared with.")),
        *(Term(verdict.value, meaning) for verdict, meaning in _verdicts().items()),
    ]


def _verdicts() -> dict[Verdict, str]:
    return {
        Verdict.EXACT: _("The source’s words, but for typography."),
        Verdict.EXACT_MARKED: _("The source’s words, with omissions and insertions marked."),
        Verdict.MINOR: _("They differ in letter case, punctuation, spacing or spelling alone."),
        Verdict.ALTERED: _("A passage of the source, with other words."),
        Verdict.NOT_FOUND: _("No passage of the source is like them."),
    }


def terms_head() -> Head:
    """Return the head of the page of terms."""
    return Head(
        title=_("Terms for quotations"),
        description="",
        canonical_url=full_url(reverse("sources:terms")),
        robots="noindex, follow",
    )
