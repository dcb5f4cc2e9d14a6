"""Two versions of a text are compared word by word and sign by sign; nothing that differs is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.record.logic import comparing
from copydesk.record.logic.comparing import Comparison, Fold, Paragraph, compare_texts

SIGNS = {"same": "{}", "old": "[-{}-]", "new": "[+{}+]", "gap": "…{}…"}


def told(comparison: Comparison) -> list[str]:
    """Return what is shown, a line for each part."""
    return [
        f"({part.word_count} folded)" if isinstance(part, Fold) else line(part)
        for part in comparison.parts
    ]


def line(paragraph: Paragraph) -> str:
    shown = [
        SIGNS[run.kind].format(run.text or run.count) + " " * run.has_space
        for run in paragraph.runs
    ]
    return "".join(shown).strip()


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("It holds forty tons.", "It holds fifty tons.", ["It holds [-forty-] [+fifty+] tons."]),
        ("Eats, shoots.", "Eats shoots.", ["Eats[-,-] shoots."]),
        ("“Yes”", "‘Yes’", ["[-“Yes”-][+‘Yes’+]"]),
        ("1.5 tons", "15 tons", ["[-1.5-] [+15+] tons"]),
        ("A cat.", "A Cat.", ["A [-cat-][+Cat+]."]),
        ("One.\nTwo.", "One. Two.", ["One.[-¶-]", "Two."]),
        ("One. Two.", "One.\nTwo.", ["One.[+¶+]", "Two."]),
        ("One.\nGone.\nTwo.", "One.\nTwo.", ["One.", "[-Gone.-]", "Two."]),
        ("A bridge", "A bridge of stone", ["A bridge [+of stone+]"]),
        ("", "New.", ["[+New.+]"]),
        ("Old.", "", ["[-Old.-]"]),
        ("橋は古い。", "橋は新しい。", ["橋は[-古-][+新し+]い。"]),
        ("الجسر قديم.", "الجسر جديد.", ["الجسر [-قديم-][+جديد+]."]),
        ("हिन्दी में", "हिन्दी मे", ["हिन्दी [-में-][+मे+]"]),
    ],
)
def test_what_was_taken_out_and_put_in_is_told(old: str, new: str, shown: list[str]) -> None:
    assert told(compare_texts(old, new)) == shown


def test_the_same_text_has_no_difference_however_it_is_spaced() -> None:
    found = compare_texts("One  two\nthree", "One two\nthree ")
    assert found.is_same
    assert (found.old_count, found.new_count) == (0, 0)


def test_long_passages_that_are_the_same_are_folded() -> None:
    lines = [f"Line {number} has some words." for number in range(40)]
    changed = [*lines[:20], "This one is new.", *lines[20:]]
    assert told(compare_texts("\n".join(lines), "\n".join(changed))) == [
        "(95 folded)",
        lines[19],
        "[+This one is new.+]",
        lines[20],
        "(95 folded)",
    ]


def test_the_middle_of_a_long_paragraph_is_folded() -> None:
    words = " ".join(f"w{number}" for number in range(200))
    (shown,) = told(compare_texts(f"One {words} end", f"Two {words} END"))
    assert shown.startswith("[-One-] [+Two+] w0 w1 ")
    assert "w23 …152… w176" in shown
    assert shown.endswith("w199 [-end-][+END+]")


texts = st.lists(st.sampled_from(["a", "b", "c", ",", ".", "\n", "1.5", "é", "“"]), max_size=30)


@given(texts, texts)
def test_both_texts_can_be_read_from_what_is_shown(old: list[str], new: list[str]) -> None:
    """With nothing folded, the words that are the same and the old ones are the old text, and so for the new."""
    before, after = " ".join(old), " ".join(new)
    found = compare_texts(before, after)
    assert not any(isinstance(part, Fold) for part in found.parts)
    for text, kinds in ((before, {"same", "old"}), (after, {"same", "new"})):
        runs = [run for part in found.parts if isinstance(part, Paragraph) for run in part.runs]
        kept = [run.text for run in runs if run.kind in kinds and run.text != "¶"]
        assert "".join("".join(kept).split()) == "".join(text.split())


def test_what_is_shown_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "MAX_SHOWN", 100)
    found = compare_texts("old " * 200, "new " * 200)
    assert found.is_cut
    assert sum(part.size for part in found.parts if isinstance(part, Paragraph)) <= 100
    assert found.old_count == 200


def test_what_goes_beyond_the_bound_is_said_to_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "MAX_TOKENS", 10)
    assert compare_texts("a " * 20, "a " * 20).is_cut
    assert not compare_texts("a " * 9, "a " * 9).is_cut


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x y z " * 40_000, "z x y " * 40_000),
        ("a" * 1_000_000, "!" * 200_000),
        ("e\u0301" * 100_000, "e" + "\u0301" * 100_000),
        ("\n" * 100_000 + "a", "\n" * 99_999 + "b"),
        ("\u202eabc\u2066", "\ud800\x00 \ufeff"),
    ],
)
def test_huge_and_broken_texts_are_compared_all_the_same(old: str, new: str) -> None:
    assert not compare_texts(old, new).is_same
