"""Rewrite a text and remember where everything came from."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from collections.abc import Callable


def _numbers() -> array[int]:
    return array("I")


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """The changed pieces of a text: where each begins and ends in the new one and in the old one."""

    new_starts: array[int] = field(default_factory=_numbers)
    new_ends: array[int] = field(default_factory=_numbers)
    old_starts: array[int] = field(default_factory=_numbers)
    old_ends: array[int] = field(default_factory=_numbers)

    def start(self, position: int) -> int:
        """Return where the character at `position` began in the old text."""
        at = bisect_right(self.new_starts, position) - 1
        if at < 0:
            return position
        if position < self.new_ends[at]:
            return self.old_starts[at]
        return self.old_ends[at] + position - self.new_ends[at]

    def end(self, position: int) -> int:
        """Return where the character before `position` ended in the old text; 0 stays 0."""
        if position <= 0:
            return 0
        at = bisect_right(self.new_starts, position - 1) - 1
        if at < 0:
            return position
        if position - 1 < self.new_ends[at]:
            return self.old_ends[at]
        return self.old_ends[at] + position - self.new_ends[at]


@dataclass(frozen=True, slots=True)
class Mapped:
    """A rewritten text with the way back, step by step, to the raw one."""

    text: str
    steps: tuple[OffsetMap, ...] = ()

    def raw_start(self, position: int) -> int:
        """Return the raw offset at which the character at `position` begins."""
        for step in reversed(self.steps):
            position = step.start(position)
        return position

    def raw_end(self, position: int) -> int:
        """Return the raw offset at which the character before `position` ends."""
        for step in reversed(self.steps):
            position = step.end(position)
        return position

    def rewritten(
        self, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]
    ) -> Mapped:
        """Return the text with every match replaced; itself when nothing changed."""
        step, parts, done, length = OffsetMap(), list[str](), 0, 0
        for match in pattern.finditer(self.text):
            start, end = match.span()
            new = replace(match)
            if new == match[0]:
                continue
            parts += (self.text[done:start], new)
            length += start - done
            step.new_starts.append(length)
            length += len(new)
            step.new_ends.append(length)
            step.old_starts.append(start)
            step.old_ends.append(end)
            done = end
        if not parts:
            return self
        parts.append(self.text[done:])
        return Mapped("".join(parts), (*self.steps, step))

    def with_text(self, text: str) -> Mapped:
        """Return the same offsets with another text of the same length."""
        return Mapped(text, self.steps)
