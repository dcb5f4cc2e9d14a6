"""What is recorded has one form in bytes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.record.logic.canonical import canonical, moment

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
NAMES = st.text(st.characters(codec="ascii"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_the_bytes_say_the_value_and_nothing_else(value: object) -> None:
    written = canonical(value)
    assert json.loads(written) == value
    assert canonical(json.loads(written)) == written


def test_the_form_is_that_of_the_standard() -> None:
    # RFC 8785, section 3.2.2 and 3.2.3: order, escapes and literals; numbers are whole here.
    value = {
        "peach": '\u20ac$\u000f\nA\'B"\\\\"/',
        "a": [56, True, None, {"1": "\u0080", "\r": "x"}],
    }
    assert canonical(value) == (
        b'{"a":[56,true,null,{"\\r":"x","1":"\xc2\x80"}],"peach":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


@pytest.mark.parametrize(
    "value", [1.5, {"ä": 1}, {1: 2}, 2**53 + 1, b"x", "\ud800", [float("nan")]]
)
def test_what_has_no_such_form_is_refused(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        canonical(value)


def test_a_moment_is_written_in_one_way_whatever_its_zone() -> None:
    at = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    assert moment(at) == "2026-11-24T09:30:00.000000Z"
    assert moment(at.astimezone(timezone(timedelta(hours=5)))) == moment(at)
