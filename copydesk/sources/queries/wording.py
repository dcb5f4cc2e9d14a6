"""What is known of sources, in the reader's language."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from copydesk.sources.logic.changes import ChangeKind
from copydesk.sources.logic.states import Words
from copydesk.sources.logic.verdicts import State
from copydesk.sources.models import Relation, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

ARCHIVED = {
    Words.MATCH: gettext_lazy("Words match the archived copy of %(day)s."),
    Words.MATCH_OMITTED: gettext_lazy(
        "Words match the archived copy of %(day)s, with marked omissions."
    ),
    Words.MATCH_MARKED: gettext_lazy(
        "Words match the archived copy of %(day)s, with our changes marked."
    ),
    Words.MATCH_MINOR: gettext_lazy(
        "Words differ from the archived copy of %(day)s only in %(details)s."
    ),
    Words.OURS: gettext_lazy("Altered by us; our reason: %(reason)s"),
    Words.ALTERED: gettext_lazy("Words differ from the archived copy of %(day)s."),
    Words.NOT_FOUND: gettext_lazy("Words were not found in the archived copy of %(day)s."),
    Words.TRANSLATED: gettext_lazy("Our translation."),
    Words.UNCHECKED: gettext_lazy("Not yet checked."),
    Words.NO_TEXT: gettext_lazy("Could not be checked: no text."),
    Words.UNREADABLE: gettext_lazy("Could not be checked: the source could not be read."),
}
SUPPLIED = {
    Words.MATCH: gettext_lazy("Words match."),
    Words.MATCH_OMITTED: gettext_lazy("Words match, with marked omissions."),
    Words.MATCH_MARKED: gettext_lazy("Words match, with our changes marked."),
    Words.MATCH_MINOR: gettext_lazy("Words differ only in %(details)s."),
    Words.ALTERED: gettext_lazy("Words differ from the source’s."),
    Words.NOT_FOUND: gettext_lazy("Words were not found in the source."),
}
# What a minor difference is in, by the code of its notice.
DETAILS = {
    "letter_case": gettext_lazy("capital letters"),
    "punctuation": gettext_lazy("punctuation"),
    "question_mark": gettext_lazy("a question mark"),
    "spacing": gettext_lazy("spacing"),
    "hyphenation": gettext_lazy("hyphens"),
    "accents": gettext_lazy("accents"),
    "sharp_s": gettext_lazy("spelling"),
    "spelling_variant": gettext_lazy("spelling"),
    "abbreviation": gettext_lazy("abbreviations"),
    "ampersand": gettext_lazy("how “and” is written"),
    "percent_sign": gettext_lazy("how “percent” is written"),
    "number_format": gettext_lazy("how numbers are written"),
}


def words_sentence(
    words: Words, *, is_supplied: bool, copied_at: datetime | None, details: str, reason: str
) -> str:
    """Return what is said of the words of a quotation."""
    sentences = {**ARCHIVED, **SUPPLIED} if is_supplied or copied_at is None else ARCHIVED
    shown = {"day": day(copied_at) if copied_at else "", "details": details, "reason": reason}
    return str(sentences[words]) % shown


def state_sentence(state: State, *, is_supplied: bool, is_checked: bool) -> str:
    """Return what is said of the source of a quotation; "" where there is nothing to say."""
    basis = ("supplied" if is_supplied else "archived") if is_checked else ""
    words = STATES.get((state, basis)) or STATES.get((state, ""))
    return str(words) if words else ""


# By the state and what the words were compared with, if with anything.
STATES = {
    (State.UNREACHABLE, ""): gettext_lazy("Source no longer online."),
    (State.UNREACHABLE, "archived"): gettext_lazy(
        "Source no longer online – checked against our archived copy."
    ),
    (State.UNREACHABLE, "supplied"): gettext_lazy(
        "Source no longer online – checked against a text our editors supplied."
    ),
    (State.CHANGED, ""): gettext_lazy("The source has changed since we quoted it."),
    (State.PAYWALLED, ""): gettext_lazy("Behind a paywall."),
    (State.PAYWALLED, "supplied"): gettext_lazy("Behind a paywall; checked by our editors."),
    (State.SUPPLIED, "supplied"): gettext_lazy("Checked against a text our editors supplied."),
}


def details_of(codes: Iterable[str]) -> str:
    """Return what minor differences are in, such as "capital letters and punctuation"."""
    names = list(dict.fromkeys(str(DETAILS[code]) for code in codes if code in DETAILS))
    return listed(names) or _("small details")


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence lists them."""
    if len(names) < 2:
        return "".join(names)
    comma, last = pgettext("between names", ","), pgettext("between the last two names", "and")
    return f"{f'{comma} '.join(names[:-1])} {last} {names[-1]}"


def parted(pieces: Sequence[str]) -> str:
    """Return pieces with the comma of the reader's script between them."""
    return f"{pgettext('between names', ',')} ".join(pieces)


def day(at: datetime) -> str:
    """Return the date of a moment in the publication's time zone."""
    return date_format(localtime(at), "DATE_FORMAT")


def partial_date(written: str) -> str:
    """Return a date that may lack its day or month; what is no date stays as it is."""
    form = {4: "Y", 7: "YEAR_MONTH_FORMAT", 10: "DATE_FORMAT"}.get(len(written))
    try:
        whole = date.fromisoformat(f"{written}-01-01"[:10])
    except ValueError:
        return written
    return date_format(whole, form) if form else written


RELATIONS = {
    Relation.QUOTES: gettext_lazy("quoted"),
    Relation.CITES: gettext_lazy("cited"),
    Relation.BASED_ON: gettext_lazy("based on it"),
    Relation.DATA_FROM: gettext_lazy("data from it"),
    Relation.DISPUTES: gettext_lazy("disputed"),
    Relation.MENTIONS: gettext_lazy("mentioned"),
}
STANDINGS = {
    Standing.CHANGED: gettext_lazy("Changed since we quoted it"),
    Standing.CORRECTED: gettext_lazy("Corrected by its publisher"),
    Standing.CONCERN: gettext_lazy("Under an expression of concern"),
    Standing.RETRACTED: gettext_lazy("Retracted by its publisher"),
    Standing.WITHDRAWN: gettext_lazy("Withdrawn by its publisher"),
    Standing.REPLACED: gettext_lazy("Replaced by its publisher"),
}
EVENTS = {
    ChangeKind.EDITED_ELSEWHERE: gettext_lazy(
        "It was edited; the passages we quote are as they were."
    ),
    ChangeKind.PASSAGE_EDITED: gettext_lazy("A passage that we quote was edited."),
    ChangeKind.NOTICE_APPEARED: gettext_lazy("A note appeared on it that may be a correction."),
    ChangeKind.TITLE_CHANGED: gettext_lazy("Its title changed."),
    ChangeKind.GONE: gettext_lazy("It was no longer to be found."),
    ChangeKind.PAYWALLED: gettext_lazy("It went behind a paywall."),
    ChangeKind.UNREADABLE: gettext_lazy("It no longer held text that we can read."),
}


def relations_phrase(relations: Iterable[str]) -> str:
    """Return how an article relies on a source, such as "quoted, disputed"."""
    known = (RELATIONS.get(Relation(name)) for name in relations)
    return parted([str(phrase) for phrase in known if phrase])


def standing_phrase(standing: str, at: datetime | None) -> str:
    """Return what has become of a source, with its date; "" where it stands."""
    words = STANDINGS.get(Standing(standing))
    if words is None:
        return ""
    return parted([str(words), day(at)]) if at else str(words)


def event_sentence(kind: str) -> str:
    """Return what happened to a source; "" for what readers need not know."""
    words = EVENTS.get(ChangeKind(kind))
    return str(words) if words else ""
