"""What readers are told of a quotation, from what is known of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from copydesk.sources.logic.schedule import Liveness
from copydesk.sources.logic.slots import anchor_of, filled, quoted_blocks, without_slots
from copydesk.sources.logic.states import Known, Mark, Words, standing_of
from copydesk.sources.logic.verdicts import ACCEPTED, State, Verdict

EXACT = Known("The bridge will hold.", verdict=Verdict.EXACT, has_text=True)


def test_words_that_match_a_live_page_can_be_seen_there() -> None:
    found = standing_of(EXACT)
    assert (found.words, found.state, found.mark) == (Words.MATCH, State.LIVE, Mark.SAME)
    assert found.is_in_source


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It […] will hold.", Words.MATCH_OMITTED),
        ("It [...] will (…) hold.", Words.MATCH_OMITTED),
        ("[The bridge] will hold.", Words.MATCH_MARKED),
        ("[I]t will […] hold.", Words.MATCH_MARKED),
    ],
)
def test_omissions_and_insertions_are_told_apart(text: str, words: Words) -> None:
    known = replace(EXACT, text=text, verdict=Verdict.EXACT_MARKED)
    assert standing_of(known).words == words


def test_only_words_that_were_refused_are_called_altered_by_us() -> None:
    assert standing_of(replace(EXACT, has_reason=True)).words == Words.MATCH
    altered = replace(EXACT, verdict=Verdict.ALTERED)
    assert standing_of(altered).words == Words.ALTERED
    assert standing_of(altered).mark == Mark.DIFFERENT
    explained = standing_of(replace(altered, has_reason=True))
    assert (explained.words, explained.mark) == (Words.OURS, Mark.EDITED)


def test_words_that_came_back_have_not_changed() -> None:
    changed = replace(EXACT, latest=Verdict.ALTERED)
    assert standing_of(changed).state == State.CHANGED
    assert standing_of(replace(changed, latest=Verdict.EXACT)).state == State.LIVE


def test_words_that_never_were_there_cannot_change() -> None:
    known = replace(EXACT, verdict=Verdict.ALTERED, latest=Verdict.NOT_FOUND)
    assert standing_of(known).state == State.LIVE


def test_a_copy_that_a_wall_cut_short_says_nothing_of_change() -> None:
    known = replace(EXACT, latest=Verdict.NOT_FOUND, is_latest_cut=True, is_paywalled=True)
    assert standing_of(known).state == State.PAYWALLED
    assert not standing_of(known).is_in_source


def test_two_failures_are_no_death() -> None:
    for liveness in Liveness:
        found = standing_of(replace(EXACT, liveness=liveness))
        assert (found.state == State.UNREACHABLE) == (liveness == Liveness.DEAD)


def test_a_source_that_was_never_on_the_web_cannot_leave_it() -> None:
    known = replace(EXACT, is_on_web=False, liveness=Liveness.DEAD, is_supplied=True)
    found = standing_of(known)
    assert found.state == State.SUPPLIED
    assert not found.is_in_source


def test_what_was_not_compared_says_why() -> None:
    waiting = Known("Words.")
    assert standing_of(waiting).words == Words.UNCHECKED
    assert standing_of(replace(waiting, is_unreadable=True)).words == Words.UNREADABLE
    assert standing_of(replace(waiting, has_text=False)).words == Words.NO_TEXT
    assert standing_of(replace(waiting, has_text=False)).state == State.UNVERIFIABLE


def test_whatever_is_known_a_match_is_never_claimed_without_a_check_that_found_it() -> None:
    matching = {Words.MATCH, Words.MATCH_OMITTED, Words.MATCH_MARKED, Words.MATCH_MINOR}
    switches = (
        "is_latest_cut",
        "is_on_web",
        "is_paywalled",
        "is_supplied",
        "is_translation",
        "has_reason",
    )
    for verdict, latest, liveness, *flags in product(
        [None, *Verdict], [None, *Verdict], Liveness, *[[False, True]] * len(switches)
    ):
        known = Known("x", verdict=verdict, latest=latest, liveness=liveness)
        found = standing_of(replace(known, **dict(zip(switches, flags, strict=True))))
        if found.words in matching:
            assert verdict in ACCEPTED
        if found.mark == Mark.SAME:
            assert found.words in matching
        if found.is_in_source:
            assert (latest or verdict) in ACCEPTED
            assert liveness != Liveness.DEAD


# --- Slots

SLOT = '<p class="quotation__check" data-quotation="0b6c1f2e-aaaa"></p>'
NAMED = '<p class="quotation__check" data-quotation="7f3d2222-bbbb" data-named></p>'


def test_slots_are_found_in_order_and_filled() -> None:
    html = f"<figure>a{NAMED}</figure>b{SLOT}"
    assert quoted_blocks(html) == ["7f3d2222-bbbb", "0b6c1f2e-aaaa"]
    assert filled(html, lambda block, named: f"[{block[:4]} {named}]") == (
        "<figure>a[7f3d True]</figure>b[0b6c False]"
    )
    assert without_slots(html) == "<figure>a</figure>b"


def test_what_fills_a_slot_is_not_looked_through() -> None:
    assert filled(SLOT, lambda _block, _named: rf"\1 {NAMED}") == rf"\1 {NAMED}"


def test_a_quotation_is_named_by_the_start_of_its_block() -> None:
    assert anchor_of("7f3d2222-1111-2222") == "q-7f3d2222"
