"""Keyset pages: `?before=` and `?after=` a position, so that page 2,000 costs what page 2 costs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from django.db.models import Model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

Row = TypeVar("Row", bound=Model)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FORM = re.compile(r"(-?[0-9]{1,17})-([0-9]{1,18})")


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


def slice_by_time(
    rows: QuerySet[Row], *, field: str, size: int, asked: Mapping[str, str], key: str = "pk"
) -> Slice[Row]:
    """Return up to `size` of `rows` by (`field`, `key`), newest first, from the position in `asked`.

    `field` names an aware time, `key` a whole number that tells rows of one moment apart. `asked` is a query
    string's mapping; a position that cannot be read gives the first page.
    """
    before, after = Position.parse(asked.get("before", "")), Position.parse(asked.get("after", ""))
    if after is not None:
        return _going_up(rows, field=field, key=key, size=size, after=after)
    if before is not None:
        # The plain bound lets the database seek in its index; the second condition settles rows of one moment.
        rows = rows.filter(**{f"{field}__lte": before.at}).exclude(
            **{field: before.at, f"{key}__gte": before.pk}
        )
    found = list(rows.order_by(f"-{field}", f"-{key}")[: size + 1])
    page = found[:size]
    newer = f"after={_position(page[0], field, key)}" if before is not None and page else ""
    older = f"before={_position(page[-1], field, key)}" if len(found) > size else ""
    return Slice(page, newer, older)


def _going_up(
    rows: QuerySet[Row], *, field: str, key: str, size: int, after: Position
) -> Slice[Row]:
    rows = rows.filter(**{f"{field}__gte": after.at}).exclude(
        **{field: after.at, f"{key}__lte": after.pk}
    )
    found = list(rows.order_by(field, key)[: size + 1])
    page = found[:size][::-1]
    newer = f"after={_position(page[0], field, key)}" if len(found) > size else ""
    older = f"before={_position(page[-1], field, key)}" if page else ""
    return Slice(page, newer, older)


def _position(row: Model, field: str, key: str) -> Position:
    return Position(getattr(row, field), getattr(row, key))
