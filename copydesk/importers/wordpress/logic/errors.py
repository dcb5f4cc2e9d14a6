"""What can be wrong with an export file as a whole."""

from __future__ import annotations


class ExportError(Exception):
    """The file cannot be imported; the message says where, why, and what to do about it."""

    def __init__(self, path: str, reason: str, advice: str, *, line: int | None = None) -> None:
        self.path = path
        self.reason = reason
        self.advice = advice
        self.line = line
        where = path if line is None else f"{path}, line {line}"
        super().__init__(f"{where}: {reason} {advice}")


class NotWXR(ExportError):
    """The file may be sound, but it is no WordPress export."""


class MalformedWXR(ExportError):
    """The file looks like a WordPress export but is cut off or is not well-formed XML."""
