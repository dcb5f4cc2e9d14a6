"""What happens in editing: facts others may act on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copydesk.kit.events import Event

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class ArticlePublished(Event):
    """A version of an article went live."""

    article_id: int
    at: datetime


@dataclass(frozen=True)
class ArticleWithdrawn(Event):
    """An article that was live is so no more."""

    article_id: int
    path: str
    at: datetime
