"""What our own terms mean where we describe quotations for other programs."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from copydesk.sources.logic.verdicts import Layer, Verdict
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
        Term("layer", _("Which text of the copy they were found in: one of the four texts below.")),
        Term("textSha256", _("The SHA-256 of that text in UTF-8; offsets count its code points.")),
        *(Term(verdict.value, meaning) for verdict, meaning in _verdicts().items()),
        *(Term(layer.value, meaning) for layer, meaning in _layers().items()),
    ]


def _verdicts() -> dict[Verdict, str]:
    return {
        Verdict.EXACT: _("The source’s words, but for typography."),
        Verdict.EXACT_MARKED: _("The source’s words, with omissions and insertions marked."),
        Verdict.MINOR: _("They differ in letter case, punctuation, spacing or spelling alone."),
        Verdict.ALTERED: _("A passage of the source, with other words."),
        Verdict.NOT_FOUND: _("No passage of the source is like them."),
    }


def _layers() -> dict[Layer, str]:
    return {
        Layer.VISIBLE: _("What readers of the page see."),
        Layer.MAIN: _("The article alone, without what stands around it."),
        Layer.EMBEDDED: _("What the page’s data holds and the page may not show."),
        Layer.SUPPLIED: _("What our editors supplied, as text or as a file."),
    }


def terms_head() -> Head:
    """Return the head of the page of terms."""
    return Head(
        title=_("Terms for quotations"),
        description="",
        canonical_url=full_url(reverse("sources:terms")),
        robots="noindex, follow",
    )
