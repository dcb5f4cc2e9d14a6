"""The one place that reads the clock; everything below the interface takes `at`."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return _told.get() or timezone.now()


@contextmanager
def telling_of(at: datetime) -> Iterator[None]:
    """Let `now` be `at` within: for what is told afterwards as if it happened then, such as the demo's past."""
    token = _told.set(at)
    try:
        yield
    finally:
        _told.reset(token)
