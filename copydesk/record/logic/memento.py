"""Memento (RFC 7089) and its link format (RFC 6690): how archives' clients find the versions of a page."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import format_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

LINK_FORMAT = "application/link-format"


@dataclass(frozen=True)
class Memento:
    """A version at its own address, and when it came out."""

    url: str
    at: datetime


def http_date(at: datetime) -> str:
    """Return a time in UTC as HTTP writes it."""
    return format_datetime(at, usegmt=True)


def memento_links(*, original: str, timemap: str, named: Iterable[tuple[str, Memento]]) -> str:
    """Return the value of the Link header of a version; `named` are relations such as "prev" with whom they lead to.

    Several relations to the same version make one link, as the RFC's examples have it.
    """
    relations: dict[Memento, list[str]] = {}
    for relation, memento in named:
        relations.setdefault(memento, []).append(relation)
    links = [f'<{original}>; rel="original"', f'<{timemap}>; rel="timemap"; type="{LINK_FORMAT}"']
    links += [_memento(memento, names) for memento, names in relations.items()]
    return ", ".join(links)


def timemap_of(*, original: str, timemap: str, mementos: list[Memento]) -> str:
    """Return a TimeMap of versions, oldest first, at least one."""
    last = len(mementos) - 1
    from_, until = http_date(mementos[0].at), http_date(mementos[last].at)
    own = f'<{timemap}>; rel="self"; type="{LINK_FORMAT}"; from="{from_}"; until="{until}"'
    lines = [f'<{original}>; rel="original"', own]
    for place, memento in enumerate(mementos):
        names = [name for name, where in (("first", 0), ("last", last)) if place == where]
        lines.append(_memento(memento, names))
    return ",\n".join(lines) + "\n"


def _memento(memento: Memento, names: list[str]) -> str:
    relation = " ".join([*names, "memento"])
    return f'<{memento.url}>; rel="{relation}"; datetime="{http_date(memento.at)}"'
