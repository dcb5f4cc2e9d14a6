"""Names and places of quotations, from values alone."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.sources.logic.citing import (
    LONGEST_BLOCK_ID,
    LONGEST_EXACT,
    block_uuid,
    distinct_ids,
    own_uuid,
    selector_of,
)

TEXT = "0123456789" * 10


@given(st.lists(st.sampled_from(["", "a", "b", "x" * 36, "x" * 37]) | st.text(max_size=50)))
def test_ids_differ_and_fit_whatever_the_body_says(ids: list[str]) -> None:
    found = distinct_ids(ids)
    assert len(set(found)) == len(found) == len(ids)
    assert all(0 < len(one) <= LONGEST_BLOCK_ID for one in found)
    assert found == distinct_ids(ids)


def test_sound_ids_stay_as_they_are() -> None:
    ids = [str(uuid4()), str(uuid4())]
    assert distinct_ids(ids) == ids
    assert [str(block_uuid(one)) for one in ids] == ids


@pytest.mark.parametrize("odd", ["", "a", "x" * 36, "\0", "urn:uuid:1"])
def test_an_id_that_is_no_uuid_gets_one_of_its_page(odd: str) -> None:
    assert block_uuid(odd) is None
    assert own_uuid(1, odd) == own_uuid(1, odd) != own_uuid(2, odd)


@pytest.mark.parametrize(
    ("spans", "start", "end"),
    [
        ([(40, 45)], 40, 45),
        ([(40, 45), (60, 66)], 40, 66),
        ([(60, 66), (40, 45)], 40, 66),
        ([(0, 100)], 0, 100),
    ],
)
def test_a_selector_names_the_passage_and_what_stands_around_it(
    spans: list[tuple[int, int]], start: int, end: int
) -> None:
    assert selector_of(spans, TEXT) == {
        "exact": TEXT[start:end],
        "prefix": TEXT[:start][-32:] if start else "",
        "suffix": TEXT[end : end + 32],
        "start": start,
        "end": end,
    }


def test_words_that_are_nowhere_have_no_selector() -> None:
    assert selector_of([], TEXT) == {}


def test_passages_far_apart_are_not_copied_whole() -> None:
    text = "x" * (LONGEST_EXACT * 3)
    selector = selector_of([(5, 10), (LONGEST_EXACT * 2, LONGEST_EXACT * 2 + 5)], text)
    assert (selector["start"], selector["end"]) == (5, 10)
