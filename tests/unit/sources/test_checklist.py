"""What blocks, what warns and what is fine, from facts alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from copydesk.sources.logic.checklist import (
    DEFAULTS,
    Checklist,
    Choice,
    Level,
    Place,
    QuotedFact,
    Rule,
    SourceFact,
    excerpt,
    make_checklist,
)
from copydesk.sources.logic.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def quoted(verdict: Verdict | None = Verdict.EXACT, **more: bool) -> QuotedFact:
    return QuotedFact("b1", "The bridge will hold.", verdict, **{"has_source": True, **more})


def source(**more: Any) -> SourceFact:
    sound = SourceFact(
        7, "The report", has_copy=True, has_byline=True, has_date=True, is_troubled=False
    )
    return replace(sound, **more)


def listed(
    quotations: Sequence[QuotedFact] = (),
    sources: Sequence[SourceFact] = (),
    choices: Mapping[Rule, Choice] = DEFAULTS,
) -> Checklist:
    return make_checklist(quotations=quotations, sources=sources, inline=[], choices=choices)


def only(found: Checklist) -> tuple[Rule, Level, int]:
    [item] = found.items
    return item.rule, item.level, item.count


@pytest.mark.parametrize(
    ("fact", "rule", "level"),
    [
        (quoted(Verdict.EXACT), Rule.EXACT, Level.FINE),
        (quoted(Verdict.EXACT_MARKED), Rule.EXACT_MARKED, Level.FINE),
        (quoted(Verdict.MINOR), Rule.MINOR, Level.FINE),
        (quoted(Verdict.ALTERED), Rule.ALTERED, Level.BLOCK),
        (quoted(Verdict.NOT_FOUND), Rule.NOT_FOUND, Level.BLOCK),
        (quoted(Verdict.ALTERED, is_explained=True), Rule.OVERRIDDEN, Level.FINE),
        (quoted(Verdict.NOT_FOUND, is_explained=True), Rule.OVERRIDDEN, Level.FINE),
        (quoted(Verdict.EXACT, is_explained=True), Rule.EXACT, Level.FINE),
        (quoted(None), Rule.UNCHECKED, Level.WARN),
        (quoted(None, is_explained=True), Rule.UNCHECKED, Level.WARN),
        (quoted(None, has_source=False), Rule.UNSOURCED, Level.WARN),
        (quoted(None, is_translated=True), Rule.TRANSLATED, Level.FINE),
        (quoted(None, is_translated=True, has_source=False), Rule.UNSOURCED, Level.WARN),
    ],
)
def test_a_quotation_stands_in_one_line(fact: QuotedFact, rule: Rule, level: Level) -> None:
    assert only(listed([fact])) == (rule, level, 1)


@pytest.mark.parametrize(
    ("fact", "rule"),
    [
        (source(has_copy=False), Rule.NO_COPY),
        (source(has_byline=False), Rule.INCOMPLETE),
        (source(has_date=False), Rule.INCOMPLETE),
        (source(has_byline=False, has_date=False), Rule.INCOMPLETE),
        (source(is_troubled=True), Rule.STANDING),
    ],
)
def test_a_source_is_listed_for_what_it_lacks(fact: SourceFact, rule: Rule) -> None:
    found = listed(sources=[fact])
    assert only(found) == (rule, Level.WARN, 1)
    assert found.items[0].places == (Place("The report", "", 7),)


def test_a_source_in_order_is_not_listed() -> None:
    assert listed(sources=[source()]).items == ()


@pytest.mark.parametrize("rule", sorted(DEFAULTS))
@pytest.mark.parametrize("choice", list(Choice))
def test_the_site_chooses_for_every_rule(rule: Rule, choice: Choice) -> None:
    facts = {
        Rule.ALTERED: quoted(Verdict.ALTERED),
        Rule.NOT_FOUND: quoted(Verdict.NOT_FOUND),
        Rule.MINOR: quoted(Verdict.MINOR),
        Rule.UNCHECKED: quoted(None),
        Rule.UNSOURCED: quoted(has_source=False),
    }
    lacking = source(has_copy=False, has_date=False, is_troubled=True)
    found = make_checklist(
        quotations=[facts[rule]] if rule in facts else [],
        sources=[lacking],
        inline=[Place("words")],
        choices={**DEFAULTS, rule: choice},
    )
    levels = {item.rule: item.level for item in found.items}
    ignored = Level.FINE if rule is Rule.MINOR else None
    assert levels.get(rule) == {"block": Level.BLOCK, "warn": Level.WARN}.get(choice, ignored)
    assert bool(found.blocking) is (choice is Choice.BLOCK)


def test_the_gravest_lines_come_first_and_are_counted() -> None:
    found = listed(
        [quoted(), quoted(None), quoted(Verdict.NOT_FOUND), quoted(Verdict.ALTERED), quoted(None)]
    )
    assert [item.level for item in found.items] == ["block", "block", "warn", "fine"]
    assert [item.rule for item in found.blocking] == [Rule.ALTERED, Rule.NOT_FOUND]
    assert found.open_count == 4


@pytest.mark.parametrize("length", [79, 80, 81, 5000])
def test_an_excerpt_is_one_short_line(length: int) -> None:
    words = ("word\n" * length)[:length]
    assert len(excerpt(words)) <= 82
    assert "\n" not in excerpt(words)
    assert len(excerpt("x" * length)) <= 82
