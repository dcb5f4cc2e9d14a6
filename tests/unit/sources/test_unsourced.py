from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.sources.logic.unsourced import find_quotations

LONG = "one two three four five six seven"


@pytest.mark.parametrize(
    "text",
    [
        f"She said “{LONG}” and left.",
        f'She said "{LONG}" and left.',
        f"Sie sagte „{LONG}“ und ging.",
        f"Sie sagte „{LONG}” und ging.",
        f'Sie sagte „{LONG}" und ging.',
        f"Elle dit « {LONG} » et partit.",
        f"Elle dit «\u202f{LONG}\u202f», et partit.",
        f"Hun sagde »{LONG}« og gik.",
        f"Hon sade ”{LONG}” och gick.",
        f"She said ‘{LONG}’ and left.",
        f"Sie sagte ‚{LONG}‘ und ging.",
        f"She said “{LONG}“ and left.",
        f"(“{LONG}”)",
        f'"{LONG}"',
        f"A 12\" board, “{LONG}”.",
        f'A 6" by 8" board, "{LONG}".',
    ],
)  # fmt: skip
def test_a_long_quotation_is_found_in_every_manner_of_marks(text: str) -> None:
    assert find_quotations(text) == [LONG]


@pytest.mark.parametrize(
    "text",
    [
        "She said “one two three four five six” and left.",
        f"Nobody said that {LONG}.",
        "The board's 6\" wide and it isn't more than 8\" in any of the directions",
        "In the ’90s the readers’ letters weren’t answered by the editors’ secretaries at all",
        "It is 5'10\" and the other one, which stands there by the door, is 6'2\"",
        "‘tis a pity that nobody knows what the word means to say here",
        "a“ b c d e f g h i j k",
        "one” two three four five six seven eight nine",
        "one » two three four five six seven eight",
        "",
        "“”",
        "“ — – … , . ; ! ? : —”",
        "「これは短い引用です」",
    ],
)
def test_what_is_short_or_no_quotation_is_not_found(text: str) -> None:
    assert find_quotations(text) == []


def test_figures_inside_a_straight_quotation_do_not_end_it() -> None:
    text = 'He said "the board is 6" wide and that is all" and "she did not agree with any of it".'
    assert find_quotations(text) == [
        'the board is 6" wide and that is all',
        "she did not agree with any of it",
    ]
    assert find_quotations('He said "they sold all of those in the year 1984" to us.') == [
        "they sold all of those in the year 1984"
    ]


def test_of_nested_quotations_the_outermost_counts() -> None:
    inner = f"he told me ‘{LONG}’ and “that {LONG}” too"
    assert find_quotations(f"She: “{inner}”. He: “No.”") == [inner]
    assert find_quotations(f"Sie: „er sagte ‚{LONG}‘ zu mir“.") == [f"er sagte ‚{LONG}‘ zu mir"]


def test_an_apostrophe_does_not_end_a_single_quotation() -> None:
    text = "She said ‘I don’t read the readers’ letters in this house’ and left."
    assert find_quotations(text) == ["I don’t read the readers’ letters in this house"]


def test_a_mark_that_is_never_closed_holds_to_the_end_of_the_paragraph() -> None:
    text = f"He said: “{LONG}.\n“And {LONG}.”\nThen he left, and “so did we” all of us in the end."
    assert find_quotations(text) == [f"{LONG}.", f"And {LONG}."]
    unclosed = f'He said: "{LONG}.\nAnd that was all that he had to say on it.'
    assert find_quotations(unclosed) == [f"{LONG}."]


def test_where_words_have_no_blanks_signs_are_counted() -> None:
    words = "橋は来年の五月に開通する予定です"
    assert find_quotations(f"市長は「{words}」と述べた。") == [words]
    assert find_quotations(f"市长说“{words}”。") == [words]
    assert find_quotations(f'市长说"{words}"。') == [words]


@given(st.text(alphabet=st.sampled_from('ab 6s.\n"“”„‘’‚«»‹›「」字\x00\ud800\u202e'), max_size=120))
def test_every_quotation_stands_in_its_text(text: str) -> None:
    found = find_quotations(text)
    assert all(words in text and "\n" not in words for words in found)
    assert sum(map(len, found)) <= len(text)


WORDS = st.sampled_from(["one", "two,", "it’s", "readers’", "6", "five-five"])


@given(st.lists(WORDS, min_size=7, max_size=20))
def test_whatever_stands_between_two_marks_is_found_whole(words: list[str]) -> None:
    quoted = " ".join(words)
    assert find_quotations(f"Before, “{quoted}” and after.") == [quoted]


@pytest.mark.parametrize(
    "unit",
    [
        "“",
        "‘",
        "a ‘b",
        "‘s’ ",
        '"',
        '6" ',
        '"6" a',
        "„“",
        "‚ ",
        "«",
        "»a ",
        "word ",
        "’",
        "字",
        "“a\n",
        "\ud800",
    ],
)
def test_a_text_of_marks_takes_linear_time(unit: str) -> None:
    started = time.perf_counter()
    find_quotations(unit * (500_000 // len(unit)))
    assert time.perf_counter() - started < 5
