"""What one run of an import knows: where from, how, and what it has come to so far."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from django.core.exceptions import ValidationError
from django.db import DatabaseError

from copydesk.importers.wordpress.logic.convert import notes_on
from copydesk.importers.wordpress.logic.report import Line, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from copydesk.editorial.models import FrontPage
    from copydesk.importers.wordpress.logic.links import OldSite
    from copydesk.importers.wordpress.logic.records import Author, Item, Term

T = TypeVar("T")

#: Everything one bad item can raise, from its values to its files. One item never stops the rest.
ITEM_ERRORS: Final = (
    ArithmeticError,
    AttributeError,
    DatabaseError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValidationError,
    ValueError,
)


class NoFrontPage(Exception):
    """The site has not been set up yet: there is nothing to import into."""


class Progress(Protocol):
    """Told how far a run is, in items of each step."""

    def begin(self, step: str, total: int) -> None:
        """A step of so many items begins."""

    def advance(self, count: int = 1) -> None:
        """So many more items are done."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to import."""

    media_dir: Path | None = None
    fetch_media: bool = False
    is_dry_run: bool = False
    kind: str = "blog"

    @property
    def brings_media(self) -> bool:
        return self.fetch_media or self.media_dir is not None


@dataclass(slots=True)
class Session:
    """One run."""

    site: OldSite
    options: Options
    at: datetime
    front: FrontPage
    language: str = ""
    report: Report = field(default_factory=Report)
    authors: dict[str, Author] = field(default_factory=dict)
    guests: dict[str, Author] = field(default_factory=dict)
    terms: dict[tuple[str, str], Term] = field(default_factory=dict)
    reusable_blocks: dict[int, str] = field(default_factory=dict)
    #: Files that were not to be had in this run: each is asked for once, however many posts show it.
    lost_files: set[str] = field(default_factory=set)
    #: Images by the post they were uploaded to: (order, id).
    attached: defaultdict[int, list[tuple[int, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    @property
    def source(self) -> str:
        return self.site.name

    def attached_images(self, wp_id: int | None) -> tuple[int, ...]:
        """The images uploaded to a post, in their order."""
        return tuple(number for _order, number in sorted(self.attached.get(wp_id or 0, ())))

    def note(self, item: Item, kind: str, detail: str) -> None:
        self.report.note(line_about(item, kind, detail))

    def note_repairs(self, item: Item, *texts: str) -> None:
        """Report where texts were repaired that are no part of a body."""
        for note in notes_on(*texts):
            self.note(item, note.kind.value, note.detail)

    def fail(self, item: Item, error: BaseException) -> None:
        self.report.fail(line_about(item, "failed", describe(error)))


def line_about(item: Item, kind: str, detail: str) -> Line:
    return Line(kind=kind, detail=detail, wp_id=item.wp_id, title=item.title[:200], line=item.line)


def describe(error: BaseException) -> str:
    """An error in one line."""
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return f"{type(error).__name__}: {error}"


def batches(
    things: Iterable[T], size: int, *, weigh: Callable[[T], int] | None = None, heaviest: int = 0
) -> Iterator[list[T]]:
    """The things in lists of at most ``size``, and fewer where they weigh more than ``heaviest`` together."""
    batch: list[T] = []
    weight = 0
    for thing in things:
        added = weigh(thing) if weigh else 0
        if batch and (len(batch) == size or weight + added > heaviest):
            yield batch
            batch, weight = [], 0
        batch.append(thing)
        weight += added
    if batch:
        yield batch
