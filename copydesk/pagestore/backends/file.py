"""One LMDB file that all processes of a node share: opened, found broken, made anew.

Nothing here is flushed to the disk. Processes may be killed at any moment; of a machine that stops, nothing is
believed: its file is thrown away at the next start, since its pages of memory may have been written in any order.
"""

from __future__ import annotations

import fcntl
import logging
import mmap
import struct
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import lmdb

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

logger = logging.getLogger("copydesk.pages")

FORMAT = b"copydesk pages 1"
DATABASES = ("meta", "pages", "rules", "tags", "order", "flights")
NUMBER = struct.Struct(">Q")
# LMDB writes whole pages of 4 KiB and keeps old ones for readers that still look at them.
BLOCK, ROOM, LEAST_ROOM = 4096, 2, 64 * 2**20
READERS = 1024
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class StoreUnusable(Exception):
    """The file cannot be read or written now, such as on a full disk. The site goes on without it."""


class Foreign(Exception):
    """The file is none of ours, or not of this version."""


# What only a new file helps against. A full map is among it: the room that was freed is in pieces too small for what
# is new, and pages are made again sooner than a file is tidied.
BROKEN = (
    lmdb.CorruptedError,
    lmdb.PageNotFoundError,
    lmdb.PanicError,
    lmdb.InvalidError,
    lmdb.MapFullError,
    Foreign,
)


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
        return as_number(self.get("meta", name))

    def set_number(self, name: bytes, number: int) -> None:
        """Keep a number beside the pages."""
        self.put("meta", name, NUMBER.pack(max(0, number)))

    def add(self, name: bytes, more: int) -> None:
        """Add to one of the numbers."""
        self.set_number(name, self.number(name) + more)


class File:
    """The file of a node. Safe to use from many threads and processes; open it after forking.

    Every method raises StoreUnusable when it cannot be used.
    """

    def __init__(self, folder: Path, *, size: int) -> None:
        """Keep the file in `folder`, with room for `size` bytes of pages."""
        self.folder, self.size = folder, size
        self.path = folder / "pages.mdb"
        self._env: lmdb.Environment | None = None
        self._dbs: dict[str, Any] = {}
        self._inode = 0
        self.signal = mmap.mmap(-1, NUMBER.size)

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
        except (lmdb.Error, Foreign) as error:
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
            raise Foreign("cut off")
        env.reader_check()
        self._dbs = {name: env.open_db(name.encode()) for name in DATABASES}
        with env.begin(write=is_new, db=self._dbs["meta"]) as txn:
            if is_new:
                txn.put(b"format", FORMAT)
            elif txn.get(b"format") != FORMAT:
                raise Foreign("of another version")
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
    def looking(self) -> Iterator[Transaction]:
        with self._using() as env, env.begin() as txn:
            yield Transaction(txn, self._dbs)

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
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

    def tell(self) -> None:
        """Let the other processes of this node know at once that something has changed."""
        self.signal[:] = NUMBER.pack(time.monotonic_ns())


def as_number(packed: bytes | None) -> int:
    return int(NUMBER.unpack(packed)[0]) if packed else 0


def _boot_id() -> str:
    try:
        return BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""
