"""One LMDB file that all processes of a node share: opened, found broken, made anew.

Nothing here is flushed to the disk. Processes may be killed at any moment; of a machine that stops, nothing is
believed: its file is thrown away at the next start, since its pages of memory may have been written in any order.
"""

from __future__ import annotations

import fcntl
import logging
import mmap
import struct
import threading
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
# How long to wait for threads that look into a file that is to be closed. It stays open where they take longer.
PATIENCE_SECONDS = 5.0
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class StoreUnusable(Exception):
    """The file cannot be read or written now, such as on a full disk. The site goes on without it."""


class Foreign(Exception):
    """The file is none of ours."""


class Outdated(Exception):
    """The file is of another version of the program, or of other settings."""


# What only a new file helps against. A full map is among it: the room that was freed is in pieces too small for what
# is new, and pages are made again sooner than a file is tidied.
BROKEN = (
    lmdb.BadChecksumError,
    lmdb.CorruptedError,
    lmdb.PageNotFoundError,
    lmdb.PanicError,
    lmdb.InvalidError,
    lmdb.VersionMismatchError,
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
    """The file of a node. Safe to use from many threads and processes; open it after forking, and once in a process.

    Every method raises StoreUnusable when it cannot be used.
    """

    def __init__(self, folder: Path, *, size: int, identity: str = "") -> None:
        """Keep the file in `folder`, with room for `size` bytes of pages.

        `identity` names what the pages are made by; a file of another is not used.
        """
        self.folder, self.size = folder, size
        self.format = FORMAT + identity.encode()
        self.path = folder / "pages.mdb"
        # The file and its databases, once both are found to be sound.
        self._opened: tuple[lmdb.Environment, Mapping[str, Any]] | None = None
        self._inode = 0
        # How many threads are at the file; it must not be closed under them.
        self._users = 0
        self._idle = threading.Condition()
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
                if self._opened is None:  # Another thread may have been quicker.
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
        except Outdated:
            logger.info(
                "%s is of another version or other settings and is made anew", self.path.name
            )
            self._replace()
        except BROKEN as error:
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
        try:
            self._opened = env, self._sound(env, is_new=is_new)
        except BaseException:
            env.close()
            raise
        self._inode = self.path.stat().st_ino

    def _sound(self, env: lmdb.Environment, *, is_new: bool) -> Mapping[str, Any]:
        """Return the databases of a file. Raises Foreign, or an error of LMDB's, where it is not to be believed."""
        # A file that was cut off would end the process with SIGBUS, too.
        needed = (env.info()["last_pgno"] + 1) * env.stat()["psize"]
        if self.path.stat().st_size < needed and not is_new:
            raise Foreign("cut off")
        env.reader_check()
        databases = {name: env.open_db(name.encode()) for name in DATABASES}
        with env.begin(write=is_new, db=databases["meta"]) as txn:
            if is_new:
                txn.put(b"format", self.format)
            elif txn.get(b"format") != self.format:
                raise Outdated
        return databases

    def _open_signal(self) -> None:
        """Map the eight bytes by which processes tell each other that something expired."""
        path = self.folder / "pages.signal"
        with path.open("a+b") as file:
            if path.stat().st_size < NUMBER.size:
                file.write(bytes(NUMBER.size))
                file.flush()
            self.signal = mmap.mmap(file.fileno(), NUMBER.size)

    def close(self) -> None:
        """Let go of the file, once all threads that look into it have done so."""
        with self._idle:
            opened, self._opened = self._opened, None
            if opened and self._idle.wait_for(lambda: self._users == 0, PATIENCE_SECONDS):
                opened[0].close()

    def follow(self) -> None:
        """Open the file if it is not open, or if another process has replaced it."""
        try:
            moved = self._opened is not None and self.path.stat().st_ino != self._inode
        except OSError:
            moved = True
        if moved:
            self.close()
        if self._opened is None:
            self.open()

    @contextmanager
    def looking(self) -> Iterator[Transaction]:
        with self._using() as (env, databases), env.begin() as txn:
            yield Transaction(txn, databases)

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        with self._using() as (env, databases), env.begin(write=True) as txn:
            yield Transaction(txn, databases)

    @contextmanager
    def _using(self) -> Iterator[tuple[lmdb.Environment, Mapping[str, Any]]]:
        with self._idle:
            opened = self._opened
            if opened is None:
                raise StoreUnusable("it is not open")
            inode = self._inode
            self._users += 1
        broken: Exception | None = None
        try:
            yield opened
        except BROKEN as error:
            broken = error
        except (lmdb.Error, OSError) as error:
            raise StoreUnusable(str(error)) from error
        finally:
            with self._idle:
                self._users -= 1
                self._idle.notify_all()
        if broken is not None:
            self._start_over(broken, inode)
            raise StoreUnusable(str(broken)) from broken

    def _start_over(self, error: Exception, broken: int) -> None:
        """Throw a broken file away, once: whoever comes second finds the new one."""
        if self._inode == broken:
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
