"""Keyset pages: `?before=` and `?after=` a position, so that page 2,000 costs what page 2 costs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from django.db.models import Model, Q

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

Row = TypeVar("Row", bound=Model)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FORM = re.compile(r"(-?\d{1,17})-(\d{1,18})")


@dataclass(frozen=True)
class Position:
    """A row's place in an order by (time, id), newest first."""

    at: datetime
    pk: int

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}-{self.pk}"

    @classmethod
    def parse(cls, text: str) -> Position | None:
        """Return the position written as `str(position)`, or None for anything else."""
        match = FORM.fullmatch(text)
        if match is None:
            return None
        try:
            return cls(EPOCH + timedelta(microseconds=int(match[1])), int(match[2]))
        except OverflowError:
            return None


@dataclass(frozen=True)
class Slice(Generic[Row]):
    """Some rows, newest first, and the query strings of the neighbors ("" where there is none)."""

    rows: list[Row]
    newer: str
    older: str


def slice_by_time(rows: QuerySet[Row], *, field: str, size: int, asked: Mapping[str, str]) -> Slice[Row]:
    """Return up to `size` of `rows` by (`field`, id), newest first, from the position in `asked`.

    `asked` is a query string's mapping; a position that cannot be read gives the first page.
    """
    before, after = Position.parse(asked.get("before", "")), Position.parse(asked.get("after", ""))
    if after is not None:
        return _going_up(rows, field=field, size=size, after=after)
    if before is not None:
        same_moment = Q(**{field: before.at, "pk__lt": before.pk})
        rows = rows.filter(Q(**{f"{field}__lt": before.at}) | same_moment)
    found = list(rows.order_by(f"-{field}", "-pk")[: size + 1])
    page = found[:size]
    newer = f"after={_position(page[0], field)}" if before is not None and page else ""
    older = f"before={_position(page[-1], field)}" if len(found) > size else ""
    return Slice(page, newer, older)


def _going_up(rows: QuerySet[Row], *, field: str, size: int, after: Position) -> Slice[Row]:
    same_moment = Q(**{field: after.at, "pk__gt": after.pk})
    newer_rows = rows.filter(Q(**{f"{field}__gt": after.at}) | same_moment)
    found = list(newer_rows.order_by(field, "pk")[: size + 1])
    page = found[:size][::-1]
    newer = f"after={_position(page[0], field)}" if len(found) > size else ""
    older = f"before={_position(page[-1], field)}" if page else ""
    return Slice(page, newer, older)


def _position(row: Model, field: str) -> Position:
    return Position(getattr(row, field), row.pk)
