"""Everything that happens because something else happened: one table from event to tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from copydesk.editorial import tasks as editorial_tasks
from copydesk.editorial.events import ArticlePublished

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django_tasks.base import Task

    from copydesk.kit.events import Event

WIRING: Mapping[type[Event], Sequence[Task[Any, Any]]] = {
    ArticlePublished: [editorial_tasks.make_renditions],
}
