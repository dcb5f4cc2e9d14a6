"""The house's sentences for notices."""

from __future__ import annotations

import pytest

from copydesk.record.models import NoticeKind
from copydesk.record.queries.wording import SENTENCES, house_text, lacks, samples


def test_every_kind_has_its_sentence() -> None:
    assert set(SENTENCES) == set(NoticeKind)
    assert [sample.kind for sample in samples()] == list(NoticeKind)


def test_a_correction_says_what_was_wrong_and_what_is_right() -> None:
    text = house_text("correction", wrong=" the year of the fire. ", right="It was\n1987.")
    assert text == "An earlier version of this article misstated the year of the fire. It was 1987."


@pytest.mark.parametrize("kind", NoticeKind)
def test_odd_words_are_taken_as_they_are(kind: NoticeKind) -> None:
    text = house_text(kind, wrong="100 % of %(right)s", right="50 % {} <b>")
    assert "50 % {} <b>" in text
    assert kind == NoticeKind.UPDATE or "100 % of %(right)s" in text


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        ("update", ["right"]),
        ("clarification", ["wrong", "right"]),
        ("correction", ["wrong", "right"]),
        ("editors_note", ["wrong"]),
        ("concern", ["wrong"]),
        ("retraction", ["wrong"]),
    ],
)
def test_what_a_sentence_needs_is_asked_for(kind: str, missing: list[str]) -> None:
    assert lacks(kind, wrong=" ", right="") == missing
    assert lacks(kind, wrong="x", right="y") == []
