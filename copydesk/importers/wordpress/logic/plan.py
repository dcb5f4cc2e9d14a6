"""Decide what becomes of an item: from its own values, the clock, and nothing else."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

if TYPE_CHECKING:
    from datetime import datetime

    from copydesk.importers.wordpress.logic.records import Item

ATTACHMENT: Final = "attachment"
#: Read for what they say about posts, not imported by themselves.
SUPPORTING: Final = frozenset({"guest-author", "wp_block"})
_KINDS: Final = {"post": "article", "page": "page", ATTACHMENT: "media"}
_SKIPPED: Final = {
    "trash": "in the trash",
    "auto-draft": "an empty draft WordPress made by itself",
    "inherit": "a revision",
}
_MACHINERY: Final = "belongs to WordPress or a plugin"
_SHORT_TITLE: Final = 60


class State(StrEnum):
    """The state an item gets here."""

    LIVE = "live"
    DRAFT = "draft"
    SCHEDULED = "scheduled"


@dataclass(frozen=True, slots=True)
class Plan:
    """What an item becomes. ``skipped`` says why it becomes nothing; ``remarks`` go on the report."""

    kind: str = ""
    state: State = State.DRAFT
    skipped: str = ""
    remarks: tuple[str, ...] = ()


def plan_item(item: Item, *, at: datetime) -> Plan:
    """What becomes of this item when it is imported at this moment."""
    kind = _KINDS.get(item.post_type)
    if kind is None:
        return Plan(skipped=f"type {item.post_type or 'unknown'}: {_MACHINERY}")
    if item.wp_id is None:
        return Plan(skipped="has no post id")
    if kind == "media":
        return Plan(kind=kind, state=State.LIVE)
    if why := _SKIPPED.get(item.status):
        return Plan(skipped=why)
    state, remarks = _state_of(item, at)
    return Plan(kind=kind, state=state, remarks=remarks)


def _state_of(item: Item, at: datetime) -> tuple[State, tuple[str, ...]]:
    if item.password:
        return State.DRAFT, ("was protected by a password: now a draft",)
    if item.status == "future" and item.published:
        return _scheduled(item.published, at)
    known = {"publish": State.LIVE, "draft": State.DRAFT, "pending": State.DRAFT}
    if item.status in known:
        return known[item.status], ()
    return State.DRAFT, (f"had the state {item.status or 'unknown'}: now a draft",)


def _scheduled(due: datetime, at: datetime) -> tuple[State, tuple[str, ...]]:
    if due > at:
        return State.SCHEDULED, ()
    return State.LIVE, ("was scheduled for a moment that has passed: now published",)


def content_hash(item: Item) -> str:
    """A fingerprint of all that is imported of an item: the same item has the same one next time."""
    told = asdict(item)
    for passing in ("line", "comments"):
        del told[passing]
    text = json.dumps(told, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def fingerprint(item: Item) -> str:
    """By what an item is known again besides its number: its id as a feed entry, its slug, its date."""
    date = item.published.isoformat() if item.published else ""
    return "\n".join((item.guid.partition("://")[2] or item.guid, item.slug, date))


def is_same_item(known: str, given: str) -> bool:
    """Whether two fingerprints are of one item: any of their parts agrees, or one says nothing."""
    pairs = list(zip(known.split("\n"), given.split("\n"), strict=False))
    told = [(one, other) for one, other in pairs if one and other]
    return not told or any(one == other for one, other in told)


def other_id(item: Item) -> str:
    """The name of an item whose number belongs to another one."""
    return f"{item.wp_id}:{hashlib.sha256(fingerprint(item).encode()).hexdigest()[:12]}"


def wanted_slug(item: Item) -> str:
    """The words the item's address was made of, readable again where WordPress had escaped them."""
    return unquote(item.slug)


def fallback_title(text: str) -> str:
    """A headline for what had none: the first words of its text."""
    words = re.split(r"(?<=[.!?…])\s", text.strip(), maxsplit=1)[0]
    if len(words) <= _SHORT_TITLE:
        return words
    return words[: _SHORT_TITLE + 1].rpartition(" ")[0].rstrip(" ,;:–-") + "…"
