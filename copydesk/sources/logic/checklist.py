"""What an article's quotations and sources look like before it is published, and what has to be settled first.

quotations.md 6.1 point 4. House rules differ (AP forbids any change of a quotation, others allow marked ones), so what
blocks is a site's choice: by default only words that are not the source's and that nobody has put a name to.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from copydesk.sources.logic.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

LONGEST_EXCERPT = 80


class Rule(StrEnum):
    """What is looked at, by the key of its sentence; in the order of the list."""

    ALTERED = "altered"
    NOT_FOUND = "not_found"
    STANDING = "standing"
    UNSOURCED = "unsourced"
    INLINE = "inline"
    UNCHECKED = "unchecked"
    NO_COPY = "no_copy"
    INCOMPLETE = "incomplete"
    MINOR = "minor"
    OVERRIDDEN = "overridden"
    TRANSLATED = "translated"
    EXACT = "exact"
    EXACT_MARKED = "exact_marked"


class Choice(StrEnum):
    """What a site makes of a rule that is not kept."""

    BLOCK = "block"
    WARN = "warn"
    IGNORE = "ignore"


class Level(StrEnum):
    """How an item of the list stands."""

    BLOCK = "block"
    WARN = "warn"
    FINE = "fine"


DEFAULTS = {
    Rule.ALTERED: Choice.BLOCK,
    Rule.NOT_FOUND: Choice.BLOCK,
    Rule.STANDING: Choice.WARN,
    Rule.UNSOURCED: Choice.WARN,
    Rule.INLINE: Choice.WARN,
    Rule.UNCHECKED: Choice.WARN,
    Rule.NO_COPY: Choice.WARN,
    Rule.INCOMPLETE: Choice.WARN,
    Rule.MINOR: Choice.IGNORE,
}
OF_VERDICT = {
    Verdict.EXACT: Rule.EXACT,
    Verdict.EXACT_MARKED: Rule.EXACT_MARKED,
    Verdict.MINOR: Rule.MINOR,
    Verdict.ALTERED: Rule.ALTERED,
    Verdict.NOT_FOUND: Rule.NOT_FOUND,
}
# Told where it is the case, and never in anybody's way.
ALWAYS_FINE = (Rule.OVERRIDDEN, Rule.TRANSLATED, Rule.EXACT, Rule.EXACT_MARKED)


@dataclass(frozen=True)
class QuotedFact:
    """A quotation as edited: its verdict, or None where it could not be checked."""

    block_id: str
    words: str
    verdict: Verdict | None
    has_source: bool
    is_explained: bool = False
    is_translated: bool = False


@dataclass(frozen=True)
class SourceFact:
    """A source as far as the list asks; `number` is its key, `block_id` where it is quoted first, if it is."""

    number: int
    title: str
    has_copy: bool
    has_byline: bool
    has_date: bool
    is_troubled: bool
    block_id: str = ""


@dataclass(frozen=True)
class Place:
    """Where to look: a block of the body, a source, or both; and some words to know it by."""

    words: str
    block_id: str = ""
    source_id: int | None = None


@dataclass(frozen=True)
class Item:
    """One line of the list: a rule, how it stands, and all places it is about."""

    rule: Rule
    level: Level
    places: tuple[Place, ...]

    @property
    def count(self) -> int:
        """How many places the line is about."""
        return len(self.places)


@dataclass(frozen=True)
class Checklist:
    """The whole list, the gravest first."""

    items: tuple[Item, ...]

    @property
    def blocking(self) -> tuple[Item, ...]:
        """What has to be settled before publishing."""
        return tuple(item for item in self.items if item.level is Level.BLOCK)

    @property
    def open_count(self) -> int:
        """How many places somebody should look at."""
        return sum(item.count for item in self.items if item.level is not Level.FINE)


def make_checklist(
    *,
    quotations: Iterable[QuotedFact],
    sources: Iterable[SourceFact],
    inline: Sequence[Place],
    choices: Mapping[Rule, Choice],
) -> Checklist:
    """Return the list for an article from its facts and from what the site has chosen for each rule."""
    found: dict[Rule, list[Place]] = {rule: [] for rule in Rule}
    for fact in quotations:
        found[_rule_of(fact)].append(Place(excerpt(fact.words), fact.block_id))
    for source in sources:
        place = Place(excerpt(source.title), source.block_id, source.number)
        for rule in _rules_of(source):
            found[rule].append(place)
    found[Rule.INLINE].extend(inline)
    items = [
        Item(rule, level, tuple(places))
        for rule, places in found.items()
        if places and (level := _level(rule, choices)) is not None
    ]
    grave = list(Level)
    return Checklist(tuple(sorted(items, key=lambda item: grave.index(item.level))))


def excerpt(words: str) -> str:
    """Return the beginning of some words, in one line, cut between two of them."""
    line = " ".join(words.split())
    if len(line) <= LONGEST_EXCERPT:
        return line
    return line[:LONGEST_EXCERPT].rpartition(" ")[0].rstrip(",;:") + " …"


def _level(rule: Rule, choices: Mapping[Rule, Choice]) -> Level | None:
    """Return how a rule that has places stands, or None where the site does not want to hear of it."""
    if rule in ALWAYS_FINE:
        return Level.FINE
    choice = choices.get(rule, DEFAULTS[rule])
    if choice is Choice.IGNORE:
        # Words that were found are told of all the same: they are in order.
        return Level.FINE if rule is Rule.MINOR else None
    return Level(choice.value)


def _rule_of(fact: QuotedFact) -> Rule:
    if not fact.has_source:
        return Rule.UNSOURCED
    if fact.is_translated:
        return Rule.TRANSLATED
    if fact.verdict is None:
        return Rule.UNCHECKED
    rule = OF_VERDICT[fact.verdict]
    is_refused = rule in {Rule.ALTERED, Rule.NOT_FOUND}
    return Rule.OVERRIDDEN if is_refused and fact.is_explained else rule


def _rules_of(source: SourceFact) -> Iterable[Rule]:
    if source.is_troubled:
        yield Rule.STANDING
    if not source.has_copy:
        yield Rule.NO_COPY
    if not (source.has_byline and source.has_date):
        yield Rule.INCOMPLETE
