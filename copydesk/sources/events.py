"""What happens to sources: facts others may act on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copydesk.kit.events import Event

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class SourceChanged(Event):
    """A source changed so that editors are to look at it; `event_id` is the row that says how."""

    event_id: int
    at: datetime


@dataclass(frozen=True)
class SourceMarked(Event):
    """Somebody said what the publisher says of a source now; `standing` is one of `Standing`."""

    source_id: int
    standing: str
    at: datetime
    by_id: int | None = None


@dataclass(frozen=True)
class ChangesDismissed(Event):
    """Changes of a source were found to be of no effect on whatever relies on it."""

    event_ids: tuple[int, ...]
    note: str
    at: datetime
    by_id: int
