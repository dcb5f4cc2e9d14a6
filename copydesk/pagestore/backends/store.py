"""The pages of one node, in one LMDB file that all its processes share.

A page is not thrown away when something on it changes: the last two expiries of each tag are kept, and a page counts
for as long as none of its tags has expired since it was begun. So an expiry costs the same however many pages show
the thing, and a page whose rendering was overtaken by a change is never served, whenever it is put.

Nothing here is flushed to the disk. Processes may be killed at any moment; of a machine that stops, nothing is
believed: its file is thrown away at the next start, since its pages of memory may have been written in any order.
"""

from __future__ import annotations

import fcntl
import logging
import mmap
import os
import struct
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import lmdb

from copydesk.pagestore.logic.pages import ForeignRecord, Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

logger = logging.getLogger("copydesk.pages")

FORMAT = b"copydesk pages 1"
DATABASES = ("meta", "pages", "rules", "tags", "order", "flights")
NUMBER, PAIR, FLIGHT = struct.Struct(">Q"), struct.Struct(">QQ"), struct.Struct(">Id")
# LMDB writes whole pages of 4 KiB and keeps old ones for readers that still look at them.
BLOCK, ROOM, LEAST_ROOM = 4096, 2, 64 * 2**20
READERS = 1024
# What only a new file helps against. A full map is among it: the room that was freed is in pieces too small for what
# is new, and pages are made again sooner than a file is tidied.
BROKEN = (
    lmdb.CorruptedError,
    lmdb.PageNotFoundError,
    lmdb.PanicError,
    lmdb.InvalidError,
    lmdb.MapFullError,
    ForeignRecord,
)
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class StoreUnusable(Exception):
    """The file cannot be read or written now, such as on a full disk. The site goes on without it."""


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


@dataclass(frozen=True)
class Transaction:
    """A look at the file, or a change of it, by the names of its databases. Values are bytes."""

    txn: lmdb.Transaction
    databases: Mapping[str, Any]

    def get(self, name: str, key: bytes) -> bytes | None:
        """Return a value."""
        return cast("bytes | None", self.txn.get(key, db=self.databases[name]))

    def put(self, name: str, key: bytes, value: bytes) -> None:
        """Write a value."""
        self.txn.put(key, value, db=self.databases[name])

    def pop(self, name: str, key: bytes) -> bytes | None:
        """Delete a value, and return it."""
        return cast("bytes | None", self.txn.pop(key, db=self.databases[name]))

    def first(self, name: str) -> bytes | None:
        """Return the value of the first key."""
        with self.txn.cursor(db=self.databases[name]) as cursor:
            return bytes(cursor.value()) if cursor.first() else None

    def items(self, name: str) -> dict[bytes, bytes]:
        """Return everything in a database."""
        with self.txn.cursor(db=self.databases[name]) as cursor:
            return {bytes(key): bytes(value) for key, value in cursor}

    def size(self, name: str) -> int:
        """Return how much is in a database."""
        return int(self.txn.stat(self.databases[name])["entries"])

    def empty(self, name: str) -> None:
        """Delete everything in a database."""
        self.txn.drop(self.databases[name], delete=False)

    def number(self, name: bytes) -> int:
        """Return one of the numbers kept beside the pages."""
        return _number(self.get("meta", name))

    def set_number(self, name: bytes, number: int) -> None:
        """Keep a number beside the pages."""
        self.put("meta", name, NUMBER.pack(max(0, number)))

    def add(self, name: bytes, more: int) -> None:
        """Add to one of the numbers."""
        self.set_number(name, self.number(name) + more)


class Store:
    """The pages of a node. Safe to use from many threads and processes; open it after forking.

    Every method raises StoreUnusable when the file cannot be used.
    """

    def __init__(self, folder: Path, *, size: int) -> None:
        """Keep up to `size` bytes of pages in `folder`."""
        self.folder, self.size = folder, size
        self.path = folder / "pages.mdb"
        self._env: lmdb.Environment | None = None
        self._dbs: dict[str, Any] = {}
        self._inode = 0
        self.signal = mmap.mmap(-1, NUMBER.size)

    # Opening

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Let one process at a time decide whether the file is any good."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "pages.lock").open("a+b") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def open(self) -> None:
        """Open the file; one that is foreign, broken, or of a machine that stopped is replaced."""
        try:
            with self._locked():
                self._open()
        except (lmdb.Error, OSError) as error:
            self.close()
            raise StoreUnusable(str(error)) from error

    def _open(self) -> None:
        self._open_signal()
        if not (self.path.exists() and self._is_of_this_boot()):
            self._replace()
            return
        try:
            self._attach()
        except (lmdb.Error, ForeignRecord) as error:
            self.close()
            logger.warning("%s cannot be used (%s) and is made anew", self.path.name, error)
            self._replace()

    def _is_of_this_boot(self) -> bool:
        return (self.folder / "pages.boot").exists() and (
            (self.folder / "pages.boot").read_text(encoding="ascii", errors="replace") == _boot_id()
        )

    def _replace(self) -> None:
        for name in ("pages.mdb", "pages.mdb-lock"):
            (self.folder / name).unlink(missing_ok=True)
        (self.folder / "pages.boot").write_text(_boot_id(), encoding="ascii")
        self._attach(is_new=True)

    def _attach(self, *, is_new: bool = False) -> None:
        env = lmdb.open(
            str(self.path),
            subdir=False,
            map_size=max(self.size * ROOM, LEAST_ROOM),
            max_dbs=len(DATABASES),
            max_readers=READERS,
            sync=False,
            metasync=False,
            # Writing through the map would end the process with SIGBUS on a full disk, where a write can say so.
            writemap=False,
        )
        self._env = env
        # A file that was cut off would end the process with SIGBUS, too.
        if (
            self.path.stat().st_size < (env.info()["last_pgno"] + 1) * env.stat()["psize"]
            and not is_new
        ):
            raise ForeignRecord("cut off")
        env.reader_check()
        self._dbs = {name: env.open_db(name.encode()) for name in DATABASES}
        with env.begin(write=is_new, db=self._dbs["meta"]) as txn:
            if is_new:
                txn.put(b"format", FORMAT)
            elif txn.get(b"format") != FORMAT:
                raise ForeignRecord("of another version")
        self._inode = self.path.stat().st_ino

    def _open_signal(self) -> None:
        """Map the eight bytes by which processes tell each other that something expired."""
        path = self.folder / "pages.signal"
        with path.open("a+b") as file:
            if path.stat().st_size < NUMBER.size:
                file.write(bytes(NUMBER.size))
                file.flush()
            self.signal = mmap.mmap(file.fileno(), NUMBER.size)

    def close(self) -> None:
        """Let go of the file; it is closed when the last thread that looks into it has done so."""
        self._env, self._dbs = None, {}

    def follow(self) -> None:
        """Open the file if it is not open, or if another process has replaced it."""
        try:
            moved = self._env is not None and self.path.stat().st_ino != self._inode
        except OSError:
            moved = True
        if moved:
            self.close()
        if self._env is None:
            self.open()

    @contextmanager
    def _looking(self) -> Iterator[Transaction]:
        with self._using() as env, env.begin() as txn:
            yield Transaction(txn, self._dbs)

    @contextmanager
    def _writing(self) -> Iterator[Transaction]:
        with self._using() as env, env.begin(write=True) as txn:
            yield Transaction(txn, self._dbs)

    @contextmanager
    def _using(self) -> Iterator[lmdb.Environment]:
        if self._env is None:
            raise StoreUnusable("it is not open")
        try:
            yield self._env
        except BROKEN as error:
            self._start_over(error)
            raise StoreUnusable(str(error)) from error
        except (lmdb.Error, OSError) as error:
            raise StoreUnusable(str(error)) from error

    def _start_over(self, error: Exception) -> None:
        """Throw a broken file away, once: whoever comes second finds the new one."""
        broken = self._inode
        self.close()
        with self._locked():
            if self.path.exists() and self.path.stat().st_ino == broken:
                logger.warning("%s is broken (%s) and is made anew", self.path.name, error)
                self.path.unlink()

    # Expiry

    @property
    def position(self) -> int | None:
        """The last expiry the store knows of; None while it is new."""
        with self._looking() as txn:
            packed = txn.get("meta", b"position")
        return None if packed is None else _number(packed)

    def start_at(self, position: int) -> None:
        """Forget every page, and know all expiries up to `position`."""
        with self._writing() as txn:
            for name in ("pages", "rules", "tags", "order", "flights"):
                txn.empty(name)
            txn.set_number(b"bytes", 0)
            txn.set_number(b"position", position)
        self._tell()

    def apply(self, expiries: Iterable[Applied]) -> None:
        """Note expiries, in the order of their numbers; those known already change nothing."""
        with self._writing() as txn:
            position = txn.number(b"position")
            for expiry in expiries:
                if expiry.number <= position:
                    continue
                position = expiry.number
                for tag in expiry.tags:
                    last, _before = _ends(txn, tag)
                    txn.put("tags", tag.encode(), PAIR.pack(expiry.number, last))
            txn.set_number(b"position", position)
        self._tell()

    def _tell(self) -> None:
        """Let the other processes of this node know at once."""
        self.signal[:] = NUMBER.pack(time.monotonic_ns())

    # Pages

    def rule(self, place: bytes) -> tuple[str, ...] | None:
        """Return the query parameters that matter at a place, or None where no page was ever stored."""
        with self._looking() as txn:
            packed = txn.get("rules", place)
        return None if packed is None else tuple(filter(None, packed.decode().split(" ")))

    def get(self, key: bytes) -> Found | None:
        """Return a page."""
        with self._looking() as txn:
            record = txn.get("pages", key)
            if record is None:
                return None
            page = Page.unpack(record[NUMBER.size + 1 :])
            ended = _ended(txn, page)
        return Found(page, is_current=ended is None, ended=ended or 0)

    def put(self, place: bytes, key: bytes, page: Page, parameters: Iterable[str]) -> None:
        """Store a page. The oldest go where there is no room, those with a query first."""
        record = page.pack()
        if _room(record) > self.size // 4:
            return
        with self._writing() as txn:
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
        with self._writing() as txn:
            packed = txn.get("flights", key)
            if packed is not None:
                pid, since = FLIGHT.unpack(packed)
                if since <= now < since + patience and _is_alive(pid):
                    return False
            txn.put("flights", key, FLIGHT.pack(os.getpid(), now))
        return True

    def is_claimed(self, key: bytes) -> bool:
        """Return whether somebody is making this page."""
        with self._looking() as txn:
            return txn.get("flights", key) is not None

    def release(self, key: bytes) -> None:
        """Say that the caller does not make this page any more."""
        with self._writing() as txn:
            txn.pop("flights", key)

    # Counts

    def count(self, counted: dict[str, int]) -> None:
        """Add to the counts of this node."""
        with self._writing() as txn:
            for name, more in counted.items():
                txn.add(name.encode(), more)

    def counts(self) -> dict[str, int]:
        """Return every count of this node: bytes, stored, evicted, and what was added with `count`."""
        with self._looking() as txn:
            kept, pages = txn.items("meta"), txn.size("pages")
        numbers = {
            name.decode(): _number(value) for name, value in kept.items() if name != b"format"
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


def _number(packed: bytes | None) -> int:
    return int(NUMBER.unpack(packed)[0]) if packed else 0


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


def _boot_id() -> str:
    try:
        return BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""
