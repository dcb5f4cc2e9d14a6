"""The one place that reads the clock; everything below the interface takes `at`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from datetime import datetime


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return timezone.now()
