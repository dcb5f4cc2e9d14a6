"""Tags: what a page shows something of, such as `article:12`. When that changes, the page is not served again.

Whoever reads for a page says what was read (`depends_on`); the view around it gathers what was said (`gathering`).
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# They travel in a header, parted by blanks, and to content delivery networks, which take no more than this.
FORM = re.compile(r"[a-z][a-z-]*(?::[A-Za-z0-9-]{1,40})?")

# Every page shows the layout; an expiry of this tag is one of every page.
LAYOUT = "layout"


class BadTag(ValueError):
    """A tag is a word, or a word and a number or name: `front`, `topic:3`."""


@dataclass
class Gathered:
    """What a view has said of its page so far."""

    tags: set[str] = field(default_factory=lambda: {LAYOUT})
    # Whether some readers get more than strangers do, and whether this page was made for one who is signed in.
    is_gated: bool = False
    is_personal: bool = False


_gathered: ContextVar[Gathered | None] = ContextVar("gathered", default=None)


def tag(kind: str, number: object) -> str:
    """Return the tag of one thing of a kind: `tag("article", 12)` is `article:12`."""
    return f"{kind}:{number}"


def depends_on(*tags: str) -> None:
    """Say that the page being made shows something of these; outside of a view that gathers it says nothing."""
    gathered = _gathered.get()
    if gathered is not None:
        gathered.tags.update(tags)


def depends_on_each(kind: str, numbers: Iterable[object]) -> None:
    """Say that the page being made shows something of several things of a kind."""
    depends_on(*(tag(kind, number) for number in numbers))


@contextmanager
def gathering() -> Iterator[Gathered]:
    """Gather what is said with `depends_on` while the block runs."""
    gathered = Gathered()
    token = _gathered.set(gathered)
    try:
        yield gathered
    finally:
        _gathered.reset(token)


def checked(tags: Iterable[str]) -> list[str]:
    """Return tags in order, each once. Raises BadTag for one that could not travel in a header."""
    found = sorted(set(tags))
    for one in found:
        if not FORM.fullmatch(one):
            raise BadTag(one)
    return found


def mark_gated(*, is_personal: bool) -> None:
    """Say that the page being made is another for those who are signed in, and whether it is one of theirs."""
    gathered = _gathered.get()
    if gathered is not None:
        gathered.is_gated = True
        gathered.is_personal |= is_personal
