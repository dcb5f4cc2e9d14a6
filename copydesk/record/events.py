"""What happens to the record: facts others may act on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copydesk.kit.events import Event

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class NoticePublished(Event):
    """Readers get a notice of an article. `because_of` names what led to it, as whoever asked for it wrote it."""

    notice_id: int
    article_id: int
    kind: str
    severity: str
    at: datetime
    by_id: int | None = None
    because_of: str = ""
