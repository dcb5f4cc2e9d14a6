"""What is logged, and how: trouble from outside in one line, what nobody asked about not at all."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import InterfaceError, OperationalError

if TYPE_CHECKING:
    from collections.abc import Iterator


class DatabaseTrouble(logging.Filter):
    """Makes one line of a full disk or a database that is away: a traceback for each request would bury the cause."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten the record if that is what it tells of; let every record pass."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, OperationalError | InterfaceError):
            record.msg = f"{record.getMessage()}: the database cannot be used: {one_line(error)}"
            record.args = record.exc_info = record.exc_text = None
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
