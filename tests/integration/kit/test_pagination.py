"""Keyset pages over real rows: forwards and back they show every row once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from copydesk.editorial.models import WithdrawnAddress
from copydesk.kit.pagination import Position, slice_by_time
from copydesk.members.models import Member

if TYPE_CHECKING:
    from copydesk.kit.pagination import Slice

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def rows(db: None) -> list[int]:
    """Twenty-three rows, three to a moment, so that moments straddle pages."""
    for number in range(23):
        Member.objects.create(
            email=f"m{number}@example.org", joined_at=START + timedelta(hours=number // 3)
        )
    return list(Member.objects.order_by("-joined_at", "-pk").values_list("pk", flat=True))


def ask(query: str) -> Slice[Member]:
    asked = dict([query.split("=", 1)]) if query else {}
    return slice_by_time(Member.objects.all(), field="joined_at", size=5, asked=asked)


def test_every_row_is_shown_once_forwards_and_back(rows: list[int]) -> None:
    seen, page = [], ask("")
    assert page.newer == ""
    while True:
        seen += [row.pk for row in page.rows]
        if not page.older:
            break
        page = ask(page.older)
    assert seen == rows

    back = [row.pk for row in page.rows]
    while page.newer:
        page = ask(page.newer)
        back = [row.pk for row in page.rows] + back
    assert back == rows


@pytest.mark.parametrize("nonsense", ["", "x", "1", "-", "99999999999999999999-1", "1-1-1", "٣-٣"])
def test_a_position_that_cannot_be_read_gives_the_first_page(
    rows: list[int], nonsense: str
) -> None:
    found = slice_by_time(
        Member.objects.all(), field="joined_at", size=5, asked={"before": nonsense}
    )
    assert [row.pk for row in found.rows] == rows[:5]


def test_a_position_comes_back_as_it_was_written() -> None:
    position = Position(START + timedelta(microseconds=1), 7)
    assert Position.parse(str(position)) == position


def test_nothing_is_a_page_too(db: None) -> None:
    page = slice_by_time(WithdrawnAddress.objects.all(), field="withdrawn_at", size=5, asked={})
    assert (page.rows, page.newer, page.older) == ([], "", "")
