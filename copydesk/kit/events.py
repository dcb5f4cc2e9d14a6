"""Facts that have happened, and who is told: the tables themselves are in `config/wiring.py`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django_tasks.base import Task


@dataclass(frozen=True)
class Event:
    """Base of every event: a past-tense fact made of ids and plain values."""


@dataclass(frozen=True)
class Wiring:
    """Who is told of each kind of event: `at_once` in the transaction of the change, `later` by the task worker."""

    at_once: Mapping[type[Event], Sequence[Callable[[Any], object]]]
    later: Mapping[type[Event], Sequence[Task[Any, Any]]]


def publish(event: Event) -> None:
    """Tell everybody of an event, in the caller's transaction.

    What is wired to happen at once gets the event and happens now; where it raises, the change does not happen either.
    Tasks are queued: their rows are written by the database backend, so they appear if and only if the change does.
    Each task is called with the event's fields as keyword arguments; datetimes become ISO 8601 text.
    """
    wiring: Wiring = import_string(settings.COPYDESK_WIRING)
    for act in wiring.at_once.get(type(event), ()):
        act(event)
    for task in wiring.later.get(type(event), ()):
        task.enqueue(**_plain(event))


def _plain(event: Event) -> dict[str, Any]:
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in asdict(event).items()
    }
