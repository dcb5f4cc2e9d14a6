"""The report of an import: what came in, what did not, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

#: A report is for reading: beyond this many lines of a kind only the count grows.
MAX_LINES: Final = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """One remark about one item."""

    kind: str
    detail: str
    wp_id: int | None = None
    title: str = ""
    line: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "detail": self.detail,
            "id": self.wp_id,
            "title": self.title,
            "line": self.line,
        }


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment in a report."""

    counts: dict[str, Counter[str]]
    note_counts: Counter[str]
    note_count: int


@dataclass(slots=True)
class Report:
    """Counts per kind and outcome, and lines about single items."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)
    note_counts: Counter[str] = field(default_factory=Counter)
    notes: list[Line] = field(default_factory=list)
    skips: list[Line] = field(default_factory=list)
    failures: list[Line] = field(default_factory=list)
    comments: Counter[str] = field(default_factory=Counter)

    def count(self, kind: str, outcome: str, number: int = 1) -> None:
        """Count items of a kind (articles, pages, people, …) that came to the same end."""
        self.counts.setdefault(kind, Counter())[outcome] += number

    def note(self, line: Line) -> None:
        self.note_counts[line.kind] += 1
        if self.note_counts[line.kind] <= MAX_LINES:
            self.notes.append(line)

    def skip(self, line: Line) -> None:
        self.skipped[line.detail] += 1
        if self.skipped[line.detail] <= MAX_LINES:
            self.skips.append(line)

    def fail(self, line: Line) -> None:
        self.failures.append(line)

    def mark(self) -> Mark:
        """The report as it is now, to come back to when what it tells has been undone."""
        counts = {kind: Counter(outcomes) for kind, outcomes in self.counts.items()}
        return Mark(counts, Counter(self.note_counts), len(self.notes))

    def back_to(self, mark: Mark) -> None:
        """Forget what was told since the mark, failures apart."""
        self.counts = {kind: Counter(outcomes) for kind, outcomes in mark.counts.items()}
        self.note_counts = Counter(mark.note_counts)
        del self.notes[mark.note_count :]

    def as_json(self) -> dict[str, Any]:
        """The report as the command prints it."""
        return {
            "counts": {kind: dict(outcomes) for kind, outcomes in sorted(self.counts.items())},
            "skipped": dict(self.skipped.most_common()),
            "comments": dict(self.comments),
            "notes": dict(self.note_counts.most_common()),
            "failures": [line.as_json() for line in self.failures],
            "skipped_items": [line.as_json() for line in self.skips],
            "noted_items": [line.as_json() for line in self.notes],
        }
