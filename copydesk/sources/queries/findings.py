"""What checking words found, in the words of the desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from copydesk.sources.logic.addresses import Fault
from copydesk.sources.logic.verdicts import Tag, Verdict
from copydesk.sources.queries.wording import details_of

if TYPE_CHECKING:
    from copydesk.sources.logic.verdicts import Finding, Notice

ICONS = {
    Verdict.EXACT: "check",
    Verdict.EXACT_MARKED: "check",
    Verdict.MINOR: "check",
    Verdict.ALTERED: "edit",
    Verdict.NOT_FOUND: "cross",
}
WORDS = {
    Verdict.EXACT: gettext_lazy("Exact"),
    Verdict.EXACT_MARKED: gettext_lazy("Exact with marked edits"),
    Verdict.ALTERED: gettext_lazy("Altered"),
    Verdict.NOT_FOUND: gettext_lazy("Not in this source"),
}
TAGS = {
    Tag.NEGATION: gettext_lazy("Negation"),
    Tag.NUMBER: gettext_lazy("Number"),
    Tag.QUALIFIER: gettext_lazy("Qualifier"),
    Tag.NAME: gettext_lazy("Name"),
}
WARNINGS = {
    "begins_mid_word": gettext_lazy("The quotation begins in the middle of a word: %s"),
    "cut_after_sign": gettext_lazy("A sign before the quotation belongs to its number: %s"),
    "bracket_swallows_number": gettext_lazy("Your brackets take the place of a number: %s"),
    "bracket_adds_number": gettext_lazy("Your brackets put in a number: %s"),
    "cut_before_magnitude": gettext_lazy("The quotation ends just before a word that weighs: %s"),
    "cut_from_denial": gettext_lazy("In the source the sentence begins: %s"),
    "ellipsis_backwards": gettext_lazy("The parts stand in another order in the source."),
    "ellipsis_hides_negation": gettext_lazy("What you left out denies something: %s"),
    "ellipsis_skips_far": gettext_lazy("Your omission skips %s words."),
    "empty": gettext_lazy("There are no words to compare."),
    "long_insertion": gettext_lazy("Your brackets hold or replace many words: %s"),
    "mixed_scripts": gettext_lazy("A word mixes letters of two scripts: %s"),
    "outside_main_text": gettext_lazy(
        "The words stand on the page, but not in its main text: perhaps in a comment or a teaser."
    ),
    "several_places": gettext_lazy("The words stand in %s places of the source."),
    "too_short": gettext_lazy("So few words are found in many texts (%s)."),
    "weak_segment": gettext_lazy("Parts between your omissions are very short (%s)."),
    "assembled": gettext_lazy("The quotation is put together from %s places."),
    "mojibake_repaired": gettext_lazy("Wrongly decoded letters were repaired before comparing."),
    "only_embedded": gettext_lazy("Found in the page’s data, not in its visible text."),
}

FAULTS = {
    Fault.EMPTY: gettext_lazy("There is no address."),
    Fault.TOO_LONG: gettext_lazy("The address is too long."),
    Fault.CHARACTERS: gettext_lazy("The address holds control characters or invisible ones."),
    Fault.SCHEME: gettext_lazy("Only http and https addresses can be sources."),
    Fault.USERINFO: gettext_lazy("The address holds a user name or a password."),
    Fault.HOST: gettext_lazy("The address names no host."),
}


def address_fault(fault: Fault) -> str:
    """Return what is wrong with an address."""
    return str(FAULTS[fault])


@dataclass(frozen=True)
class Line:
    """The line under a quotation: its icon and words, what warns, and which kinds of words differ."""

    finding: Finding
    icon: str
    words: str
    warnings: tuple[str, ...]
    tags: tuple[str, ...]

    @property
    def may_be_replaced(self) -> bool:
        """Whether the source has words of its own to take."""
        accepted = self.finding.verdict in {Verdict.EXACT, Verdict.EXACT_MARKED}
        return bool(self.finding.source_words) and not accepted

    @property
    def place(self) -> str:
        """The query under which the text of the copy is shown with the passage marked; "" where it is nowhere."""
        if not self.finding.spans or self.finding.layer is None:
            return ""
        spans = [("span", f"{start}-{end}") for start, end in self.finding.spans]
        return urlencode([("layer", self.finding.layer.value), *spans])

    @property
    def may_be_marked(self) -> bool:
        """Whether departures can be marked."""
        return bool(self.finding.marked) and self.finding.verdict == Verdict.ALTERED


def line_of(finding: Finding) -> Line:
    """Return a finding in the reader's language."""
    notes = [*finding.warnings, *(note for note in finding.notices if note.code in WARNINGS)]
    return Line(
        finding=finding,
        icon=ICONS[finding.verdict],
        words=_words(finding),
        warnings=tuple(sentence for note in notes if (sentence := _sentence(note))),
        tags=tuple(str(TAGS[tag]) for tag in finding.tags if tag in TAGS),
    )


def _words(finding: Finding) -> str:
    if finding.verdict == Verdict.MINOR:
        details = details_of([note.code for note in finding.notices])
        return _("Matches, differs only in %(details)s") % {"details": details}
    return str(WORDS[finding.verdict])


def _sentence(note: Notice) -> str:
    words = str(WARNINGS.get(note.code, ""))
    return words % note.detail if "%s" in words else words
