"""The house's sentences for notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy

from copydesk.record.models import NoticeKind

if TYPE_CHECKING:
    from collections.abc import Iterator

# `wrong` goes on where the sentence leaves off, such as "the year of the fire"; `right` is a sentence of its own.
SENTENCES = {
    NoticeKind.UPDATE: gettext_lazy("This article has been updated. %(right)s"),
    NoticeKind.CLARIFICATION: gettext_lazy(
        "An earlier version of this article was unclear about %(wrong)s. %(right)s"
    ),
    NoticeKind.CORRECTION: gettext_lazy(
        "An earlier version of this article misstated %(wrong)s. %(right)s"
    ),
    NoticeKind.EDITORS_NOTE: gettext_lazy(
        "After this article was published, questions were raised about %(wrong)s. %(right)s"
    ),
    NoticeKind.CONCERN: gettext_lazy(
        "We have reason to doubt %(wrong)s in this article and are looking into it. %(right)s"
    ),
    NoticeKind.RETRACTION: gettext_lazy(
        "We have retracted this article because of %(wrong)s. %(right)s It stays here so that there is a record of it."
    ),
}


@dataclass(frozen=True)
class Sample:
    """A sentence of the house as the desk offers it."""

    kind: str
    label: str
    sentence: str


def house_text(kind: str, *, wrong: str, right: str, language: str = "") -> str:
    """Return what a notice of this kind says, in the article's language ("" for the publication's own)."""
    with translation.override(language or settings.LANGUAGE_CODE):
        sentence = str(SENTENCES[NoticeKind(kind)])
    said = sentence % {"wrong": wrong.strip().rstrip(".").rstrip(), "right": right.strip()}
    return " ".join(said.split())


def lacks(kind: str, *, wrong: str, right: str) -> list[str]:
    """Return which of "wrong" and "right" the house's sentence needs and does not have."""
    said = {"wrong": wrong, "right": right}
    needed = [name for name in said if f"%({name})s" in str(SENTENCES[NoticeKind(kind)])]
    # Whoever retracts or doubts may not know what is right.
    is_open = kind in {NoticeKind.CONCERN, NoticeKind.RETRACTION, NoticeKind.EDITORS_NOTE}
    return [name for name in needed if not said[name].strip() and not (is_open and name == "right")]


def samples() -> Iterator[Sample]:
    """Yield the sentence of each kind, with dots where words are to be filled in."""
    for kind in NoticeKind:
        yield Sample(kind, str(kind.label), house_text(kind, wrong="…", right="…"))
