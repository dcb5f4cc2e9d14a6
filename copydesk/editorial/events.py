"""What happens in editing: facts others may act on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copydesk.kit.events import Event

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class ArticlePublished(Event):
    """Readers get a version of an article.

    `by_id` is the account of whoever published it, where one did; `note` says why, and `is_minor` that it changes
    nothing of what the article says.
    """

    article_id: int
    at: datetime
    by_id: int | None = None
    note: str = ""
    is_minor: bool = False


@dataclass(frozen=True)
class ArticlesMovedIn(Event):
    """Readers get articles of an archive that has moved in: nothing was published today."""

    article_ids: tuple[int, ...]
    at: datetime


@dataclass(frozen=True)
class ArticleWithdrawn(Event):
    """An article that was live is so no more."""

    article_id: int
    path: str
    at: datetime
    by_id: int | None = None
