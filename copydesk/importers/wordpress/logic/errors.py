"""What can be wrong with an export file as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def gettext_noop(text: str) -> str:
    """Mark a text for the catalog; whoever shows it translates it."""
    return text


class ExportError(Exception):
    """The file cannot be imported; the message says where, why, and what to do about it.

    `details` fill the places of the reason.
    """

    def __init__(
        self, path: str, reason: str, advice: str, *, line: int | None = None, **details: str
    ) -> None:
        self.path = path
        self.reason = reason
        self.advice = advice
        self.line = line
        self.details = details
        super().__init__(self.say(gettext_noop))

    def say(self, translate: Callable[[str], str]) -> str:
        """The message in another language."""
        where = self.path
        if self.line is not None:
            place = {"path": self.path, "line": self.line}
            where = translate(gettext_noop("%(path)s, line %(line)s")) % place
        return f"{where}: {translate(self.reason) % self.details} {translate(self.advice)}"


class NotWXR(ExportError):
    """The file may be sound, but it is no WordPress export."""


class MalformedWXR(ExportError):
    """The file looks like a WordPress export but is cut off or is not well-formed XML."""
