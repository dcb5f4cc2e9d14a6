"""Facts that have happened, and who is told: the table itself is `config/wiring.py`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django_tasks.base import Task


@dataclass(frozen=True)
class Event:
    """Base of every event: a past-tense fact made of ids and plain values."""


def publish(event: Event) -> None:
    """Queue the tasks wired to this kind of event, in the caller's transaction.

    The task rows are written by the database backend, so they appear if and only if the change does.
    Each task is called with the event's fields as keyword arguments; datetimes become ISO 8601 text.
    """
    wiring: Mapping[type[Event], Sequence[Task[Any, Any]]] = import_string(settings.COPYDESK_WIRING)
    for task in wiring.get(type(event), ()):
        task.enqueue(**_plain(event))


def _plain(event: Event) -> dict[str, Any]:
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in asdict(event).items()
    }
