"""What is logged, and how: trouble from outside in one line, what nobody asked about not at all."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError

if TYPE_CHECKING:
    from collections.abc import Iterator


class OutsideTrouble(logging.Filter):
    """Makes one line of what is no mistake of ours: a traceback for each such request would bury the cause."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten the record if it tells of a full disk, a database away, or a request that asks too much."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, OperationalError | InterfaceError):
            record.msg = f"{record.getMessage()}: the database cannot be used: {one_line(error)}"
            record.args = ()
        elif not isinstance(error, SuspiciousOperation):
            return True
        record.exc_info = record.exc_text = None
        return True


def one_line(error: BaseException) -> str:
    """Return what the error says, in one line."""
    return " ".join(str(error).split()) or type(error).__name__


@contextmanager
def quiet_wagtail() -> Iterator[None]:
    """Keep Wagtail from telling of each page it touches while we set up pages that nobody asked about."""
    wagtail = logging.getLogger("wagtail")
    level = wagtail.level
    wagtail.setLevel(logging.WARNING)
    try:
        yield
    finally:
        wagtail.setLevel(level)
