"""The pages of one node.

A page is not thrown away when something on it changes: the last two expiries of each tag are kept, and a page counts
for as long as none of its tags has expired since it was begun. So an expiry costs the same however many pages show
the thing, and a page whose rendering was overtaken by a change is never served, whenever it is put.
"""

from __future__ import annotations

import os
import struct
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copydesk.pagestore.backends.file import NUMBER, File, StoreUnusable, Transaction, as_number
from copydesk.pagestore.logic.pages import ForeignRecord, Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Applied", "Found", "Store", "StoreUnusable"]

PAIR, FLIGHT = struct.Struct(">QQ"), struct.Struct(">Id")
# LMDB writes a page's bytes in whole blocks.
BLOCK = 4096


@dataclass(frozen=True)
class Found:
    """A page in the store, and whether it may be served."""

    page: Page
    # Nothing on it has changed since it was begun.
    is_current: bool
    # Where it is not: the first change of something on it, or 0 where that is not known any more.
    ended: int = 0


@dataclass(frozen=True)
class Applied:
    """Tags that expired, and the number of the expiry."""

    number: int
    tags: Sequence[str]


class Store(File):
    """The pages of a node. Every method raises StoreUnusable when the file cannot be used."""

    # Expiry

    @property
    def position(self) -> int | None:
        """The last expiry the store knows of; None while it is new."""
        with self.looking() as txn:
            packed = txn.get("meta", b"position")
        return None if packed is None else as_number(packed)

    def start_at(self, position: int) -> None:
        """Forget every page, and know all expiries up to `position`."""
        with self.writing() as txn:
            for name in ("pages", "rules", "tags", "order", "flights"):
                txn.empty(name)
            txn.set_number(b"bytes", 0)
            txn.set_number(b"position", position)
        self.tell()

    def apply(self, expiries: Iterable[Applied]) -> None:
        """Note expiries, in the order of their numbers; those known already change nothing."""
        with self.writing() as txn:
            position = txn.number(b"position")
            for expiry in expiries:
                if expiry.number <= position:
                    continue
                position = expiry.number
                for tag in expiry.tags:
                    last, _before = _ends(txn, tag)
                    txn.put("tags", tag.encode(), PAIR.pack(expiry.number, last))
            txn.set_number(b"position", position)
        self.tell()

    # Pages

    def rule(self, place: bytes) -> tuple[str, ...] | None:
        """Return the query parameters that matter at a place, or None where no page was ever stored."""
        with self.looking() as txn:
            packed = txn.get("rules", place)
        return None if packed is None else tuple(filter(None, packed.decode().split(" ")))

    def get(self, key: bytes) -> Found | None:
        """Return a page."""
        with self.looking() as txn:
            record = txn.get("pages", key)
            if record is None:
                return None
            try:
                page = Page.unpack(record[NUMBER.size + 1 :])
            except ForeignRecord:
                return None  # Whoever makes the page writes over it.
            ended = _ended(txn, page)
        return Found(page, is_current=ended is None, ended=ended or 0)

    def put(self, place: bytes, key: bytes, page: Page, parameters: Iterable[str]) -> None:
        """Store a page, unless something on it has changed since it was begun.

        The oldest go where there is no room, those with a query first.
        """
        record = page.pack()
        if _room(record) > self.size // 4:
            return
        with self.writing() as txn:
            # Begun later than all that is known: before the database was restored to an older state.
            if _ended(txn, page) is not None or page.began > txn.number(b"position"):
                return
            _remove(txn, key)
            self._evict(txn, _room(record))
            txn.add(b"serial", 1)
            order = bytes([key == place]) + NUMBER.pack(txn.number(b"serial"))
            txn.put("order", order, key)
            txn.put("pages", key, order + record)
            txn.put("rules", place, " ".join(sorted(parameters)).encode())
            txn.pop("flights", key)
            txn.add(b"bytes", _room(record))
            txn.add(b"stored", 1)

    def _evict(self, txn: Transaction, coming: int) -> None:
        while txn.number(b"bytes") + coming > self.size and (oldest := txn.first("order")):
            _remove(txn, oldest)
            txn.add(b"evicted", 1)

    # Flights: who is making which page

    def claim(self, key: bytes, *, patience: float) -> bool:
        """Return whether the caller is to make this page; nobody else is for `patience` seconds, or until `release`."""
        now = time.monotonic()
        with self.writing() as txn:
            packed = txn.get("flights", key)
            if packed is not None:
                pid, since = FLIGHT.unpack(packed)
                if since <= now < since + patience and _is_alive(pid):
                    return False
            txn.put("flights", key, FLIGHT.pack(os.getpid(), now))
        return True

    def is_claimed(self, key: bytes) -> bool:
        """Return whether somebody is making this page."""
        with self.looking() as txn:
            return txn.get("flights", key) is not None

    def release(self, key: bytes) -> None:
        """Say that the caller does not make this page any more."""
        with self.writing() as txn:
            txn.pop("flights", key)

    # Counts

    def count(self, counted: dict[str, int]) -> None:
        """Add to the counts of this node."""
        with self.writing() as txn:
            for name, more in counted.items():
                txn.add(name.encode(), more)

    def counts(self) -> dict[str, int]:
        """Return every count of this node: bytes, stored, evicted, and what was added with `count`."""
        with self.looking() as txn:
            kept, pages = txn.items("meta"), txn.size("pages")
        numbers = {
            name.decode(): as_number(value) for name, value in kept.items() if name != b"format"
        }
        return numbers | {"pages": pages}


def _ends(txn: Transaction, tag: str) -> tuple[int, int]:
    """Return the last two expiries of a tag."""
    packed = txn.get("tags", tag.encode())
    last, before = PAIR.unpack(packed) if packed else (0, 0)
    return last, before


def _ended(txn: Transaction, page: Page) -> int | None:
    """Return the first expiry that ended a page, 0 where that is not known any more, None where it still counts."""
    first: int | None = None
    for tag in page.tags:
        last, before = _ends(txn, tag)
        if last > page.began:
            end = 0 if before > page.began else last
            first = end if first is None else min(first, end)
    return first


def _remove(txn: Transaction, key: bytes) -> None:
    record = txn.pop("pages", key)
    if record is not None:
        txn.pop("order", record[: NUMBER.size + 1])
        txn.add(b"bytes", -_room(record))


def _room(record: bytes) -> int:
    return -(-len(record) // BLOCK) * BLOCK


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
