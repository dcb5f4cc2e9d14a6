"""What happens in the record: facts others may act on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copydesk.kit.events import Event

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class NoticePublished(Event):
    """Readers get a notice of an article."""

    notice_id: int
    article_id: int
    at: datetime
