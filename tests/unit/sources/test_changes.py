from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.sources.logic.changes import (
    MAX_HUNKS,
    Change,
    ChangeKind,
    Observed,
    Passage,
    compare,
)
from copydesk.sources.logic.hunks import Hunk, changed_ranges, have_same_words, stream_of

STORY = (
    "The council of the town met on Monday evening to talk about the old bridge.\n"
    "Prices rose by 1.5 % in May, said Ada Lovelace, who can't see why the works should cost 1,500 euros a day. "
    "She would rather have the money spent on the schools of the town.\n"
    "The bridge was built in 1904 and carries about 2,000 cars on a working day.\n"
)
HELD = Passage("q1", was_accepted=True, is_accepted=True)
LOST = Passage("q1", was_accepted=True, is_accepted=False)
OLD = Observed("aaa", "A bridge too old", f"Menu\n{STORY}Most read\nElections", STORY)


def read(
    main: str = STORY, *, aside: str = "Most read\nWeather", title: str = "A bridge too old"
) -> Observed:
    return Observed("bbb", title, f"Menu\n{main}{aside}", main)


def edit(before: str, after: str) -> Change:
    assert before in STORY
    return compare(OLD, read(STORY.replace(before, after)), [HELD])


def test_the_same_bytes_are_the_same_page() -> None:
    assert compare(OLD, replace(OLD, title="x"), [LOST]) == Change(ChangeKind.IDENTICAL)
    unknown = replace(OLD, payload_sha256="")
    assert compare(unknown, unknown, []).kind is ChangeKind.CHROME_ONLY


def test_what_changes_around_the_main_text_is_chrome() -> None:
    assert compare(OLD, read(), [HELD]) == Change(ChangeKind.CHROME_ONLY)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("can't", "can’t"),
        (" the works", "\n the\u00a0works"),
        ("Lovelace", "Love\u00adlace"),
        ("bridge.", "“bridge”, –"),
        ("1904", "\u20661904\u2069"),
    ],
)
def test_what_makes_no_difference_to_words_is_no_edit(before: str, after: str) -> None:
    assert edit(before, after) == Change(ChangeKind.CHROME_ONLY)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1.5", "15"),
        ("1,500", "1.500"),
        ("can't", "cant"),
        ("1904", "1094"),
        ("%", "€"),
        ("May", "may"),
        ("rose", "rosé"),
        ("by 1.5", "by -1.5"),
        ("bridge was", "bridge was not"),
    ],
)
def test_the_smallest_edit_of_a_word_is_seen(before: str, after: str) -> None:
    change = edit(before, after)
    assert (change.kind, change.severity, change.does_alert) == (
        ChangeKind.EDITED_ELSEWHERE,
        0,
        False,
    )
    (hunk,) = change.excerpt
    assert hunk.new in after
    assert hunk.old in before


def test_vowel_signs_and_signs_without_blanks_are_words_too() -> None:
    for one, other in (
        ("यह कि है", "यह का है"),
        ("橋は五月に開く", "橋は六月に開く"),
        ("شَعر", "شِعر"),
    ):
        assert not have_same_words(stream_of(one), stream_of(other))
    assert changed_ranges(stream_of("橋は五月に"), stream_of("橋は六月に")) == [(2, 3, 2, 3)]


def test_a_hunk_shows_eight_words_to_both_sides() -> None:
    change = edit("Ada Lovelace", "Charles Babbage, her friend")
    assert change.excerpt == (
        Hunk(
            old="Ada Lovelace",
            new="Charles Babbage, her friend",
            before="Prices rose by 1.5 % in May, said",
            after="who can't see why the works should cost",
        ),
    )


def test_edits_near_each_other_are_one_hunk() -> None:
    (hunk,) = edit("cost 1,500 euros a day", "take 1,600 pounds a day").excerpt
    assert (hunk.old, hunk.new) == ("cost 1,500 euros", "take 1,600 pounds")


def test_a_quoted_passage_that_was_edited_is_the_gravest_change() -> None:
    change = compare(
        OLD,
        read(STORY.replace("1.5", "15"), title="Other"),
        [LOST, Passage("q2", was_accepted=False, is_accepted=False)],
    )
    assert (change.kind, change.severity, change.does_alert) == (ChangeKind.PASSAGE_EDITED, 3, True)
    assert change.quotation_ids == ("q1",)
    assert change.excerpt[0].new == "15"


@pytest.mark.parametrize(
    "notice",
    [
        "Correction: the bridge is older than we said.",
        "An earlier version of this article misstated the year.",
        "Editor’s note: the speaker has asked not to be named.",
        "Korrektur: Die Brücke ist älter.",
        "Rectificatif : le pont est plus ancien.",
        "Fe de errores: el puente es más antiguo.",
        "تصحيح: الجسر أقدم مما ذكرنا.",
        "訂正：橋は一九〇三年に完成しました。",
        "Исправление: мост старше.",
    ],
)
def test_a_notice_that_appeared_alerts(notice: str) -> None:
    change = compare(OLD, read(f"{STORY}{notice}\n"), [HELD])
    assert (change.kind, change.severity, change.does_alert) == (
        ChangeKind.NOTICE_APPEARED,
        2,
        True,
    )
    assert notice[:5] in change.excerpt[-1].new


def test_a_retraction_is_as_grave_as_an_edited_passage() -> None:
    change = compare(OLD, read("This article has been retracted.\n" * 12), [])
    assert (change.kind, change.severity) == (ChangeKind.NOTICE_APPEARED, 3)
    assert compare(OLD, read(f"{STORY}撤回：本文已撤稿。"), []).severity == 3


@pytest.mark.parametrize(
    ("text", "is_grave"),
    [
        ("Der Artikel wurde am Montag zurückgezogen", True),
        ("Sie hat sich aus der Politik zurückgezogen", False),
        ("The authors have retracted the paper", True),
        ("The claws are retractable", False),
        ("大臣は発言を撤回した", False),
        ("この記事は撤回されました", True),
        ("논문이 철회되었습니다", True),
        ("Статья была отозвана", True),
    ],
)
def test_a_retraction_is_told_from_other_withdrawals(text: str, is_grave: bool) -> None:  # noqa: FBT001 - a case
    assert (compare(OLD, read(f"{STORY}{text}.\n"), []).severity == 3) is is_grave


def test_figures_corrected_for_inflation_are_no_notice() -> None:
    change = edit("1,500 euros", "1,600 euros, corrected for inflation,")
    assert change.kind is ChangeKind.EDITED_ELSEWHERE


def test_words_of_a_notice_that_stood_there_before_are_none() -> None:
    before = Observed("a", "T", "", f"{STORY}Correction: it opened in May.")
    after = Observed("b", "T", "", f"{STORY}Correction: it opened in June.")
    assert compare(before, after, []).kind is ChangeKind.EDITED_ELSEWHERE
    more = replace(after, main_text=f"{after.main_text}\nClarification: in June of 1904.")
    assert compare(before, more, []).kind is ChangeKind.NOTICE_APPEARED


def test_a_word_taken_out_beside_an_old_notice_is_no_new_notice() -> None:
    before = Observed("a", "T", "", f"{STORY}Correction: it only opened in May.")
    after = Observed("b", "T", "", f"{STORY}Correction: it opened in May.")
    assert compare(before, after, []).kind is ChangeKind.EDITED_ELSEWHERE


def test_outside_the_main_text_only_certain_words_are_a_notice() -> None:
    teaser = read(aside="Most read\nThe minister retracted her correction")
    assert compare(OLD, teaser, []).kind is ChangeKind.CHROME_ONLY
    note = "An earlier version of this article named the wrong bridge."
    change = compare(OLD, read(aside=f"Most read\n{note}"), [])
    assert change == Change(ChangeKind.NOTICE_APPEARED, 2, (Hunk("", note),))
    stood = replace(OLD, visible_text=f"{OLD.visible_text}\n{note}")
    assert compare(stood, read(aside=note), []).kind is ChangeKind.CHROME_ONLY


def test_another_title_is_noticed_and_a_missing_one_is_not() -> None:
    change = compare(OLD, read(title="A bridge too new"), [HELD])
    assert (change.kind, change.severity, change.does_alert) == (ChangeKind.TITLE_CHANGED, 1, False)
    assert compare(OLD, read(title=""), [HELD]).kind is ChangeKind.CHROME_ONLY
    assert compare(OLD, read(title=" A bridge\ttoo  old "), [HELD]).kind is ChangeKind.CHROME_ONLY


@pytest.mark.parametrize(
    ("new", "kind"),
    [
        (replace(OLD, is_gone=True), ChangeKind.GONE),
        (replace(read("Welcome"), is_soft_404=True), ChangeKind.GONE),
        (replace(read("Subscribe"), is_paywalled=True), ChangeKind.PAYWALLED),
        (Observed("b", "T", "Please turn on scripts", ""), ChangeKind.UNREADABLE),
        (Observed("b", "T", STORY, STORY[:75]), ChangeKind.PAYWALLED),
    ],
)
def test_a_page_that_cannot_be_read_any_more_loses_no_quotation(
    new: Observed, kind: ChangeKind
) -> None:
    change = compare(OLD, new, [LOST])
    assert change == Change(kind, severity=1)
    assert not change.does_alert


def test_a_text_that_shrank_and_still_holds_its_quotations_was_edited() -> None:
    assert compare(OLD, Observed("b", OLD.title, STORY, STORY[:75]), [HELD]).kind is (
        ChangeKind.EDITED_ELSEWHERE
    )


def test_a_source_that_was_paywalled_before_is_compared_like_others() -> None:
    walled = replace(OLD, is_paywalled=True)
    new = replace(read(STORY.replace("1904", "1903")), is_paywalled=True)
    assert compare(walled, new, [HELD]).kind is ChangeKind.EDITED_ELSEWHERE


def test_readings_without_a_main_text_are_compared_by_what_is_visible() -> None:
    new = replace(read(STORY.replace("1904", "1903")), main_text="")
    change = compare(OLD, new, [])
    assert [hunk.new for hunk in change.excerpt if hunk.old == "1904"] == ["1903"]


def test_many_edits_show_twenty_hunks_and_any_notice_among_them() -> None:
    words = [f"word{number}" for number in range(1000)]
    new = ["other" if number % 10 == 0 else word for number, word in enumerate(words)]
    old, text = " ".join(words), f"{' '.join(new)} Correction: so it was"
    change = compare(Observed("a", "", old, old), Observed("b", "", text, text), [])
    assert len(change.excerpt) == MAX_HUNKS
    assert change.excerpt[0].old == "word0"
    assert change.excerpt[-1].new == "Correction: so it was"


@given(st.lists(st.sampled_from("abcde"), max_size=30), st.lists(st.sampled_from("abcde\n"), max_size=30))  # fmt: skip
def test_what_lies_outside_the_changed_ranges_is_the_same(old: list[str], new: list[str]) -> None:
    before, after = stream_of(" ".join(old)), stream_of(" ".join(new))
    place = (0, 0)
    for a, b, c, d in [*changed_ranges(before, after), (len(before.words),) * 2 + (len(after.words),) * 2]:  # fmt: skip
        assert before.words[place[0] : a] == after.words[place[1] : c]
        place = (b, d)


@given(st.text(alphabet=st.characters(), max_size=60), st.text(alphabet=st.characters(), max_size=60))  # fmt: skip
def test_any_two_texts_can_be_compared(old: str, new: str) -> None:
    change = compare(Observed("a", old, old, old), Observed("b", new, new, new), [HELD])
    assert change.kind in ChangeKind
    same = compare(Observed("a", old, old, old), Observed("b", old, old, old), [HELD])
    assert same.kind is ChangeKind.CHROME_ONLY


def huge(alphabet: list[str], count: int, seed: int) -> str:
    chosen = random.Random(seed)
    return "".join(chosen.choice(alphabet) for _ in range(count))


@pytest.mark.parametrize(
    ("alphabet", "count"),
    [
        ([f"word{number} " for number in range(5000)], 100_000),
        (["a\n", "b\n", "c\n"], 49_000),
        (["\u0301", "\u0327"], 600_000),
        (["\U0001e944", "\U0001e94a"], 300_000),
        (["訂", "正", "\x00", "\ud800"], 300_000),
        (["-", "1", "."], 600_000),
        (["earlier ", "version ", "correction "], 90_000),
    ],
)
def test_huge_texts_that_differ_everywhere_take_bounded_time(
    alphabet: list[str], count: int
) -> None:
    one, other = huge(alphabet, count, 1), huge(alphabet, count, 2)
    started = time.perf_counter()
    change = compare(Observed("a", "T", one, one), Observed("b", "T", other, other), [])
    assert time.perf_counter() - started < 10
    assert all(len(part) <= 1001 for hunk in change.excerpt for part in (hunk.old, hunk.new))
    assert len(change.excerpt) <= MAX_HUNKS
