"""Bytes on disk, named by their SHA-256: what is the same is kept once, and what was damaged is found out."""

from __future__ import annotations

import contextlib
import fcntl
import gzip
import hashlib
import os
import re
import time
import uuid
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

NAME = re.compile(r"[0-9a-f]{64}")
UNFINISHED = ".part"
# In the archive's folder: held by whoever finds that a blob is there and relies on it, or deletes one, for a moment.
LOCK = ".lock"
# The magic number of gzip: what comes packed is not packed again.
GZIP = b"\x1f\x8b"


class Missing(Exception):
    """The archive holds no blob of this name."""


class Damaged(Exception):
    """A blob is not what its name says: its file was changed, or the disk is failing."""


class ArchiveFull(Exception):
    """A blob could not be written; the message says where and why. Nothing is left of it."""


class Archive:
    """A folder of blobs. Several processes may use it at once, and be killed at any point.

    A blob is written to a name of its own, flushed to the disk and then renamed, so that under its hash there is either
    all of it or nothing.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, data: bytes) -> str:
        """Keep `data` and return its SHA-256 in hexadecimal. Raises ArchiveFull.

        What was there counts as put now: `prune` leaves it until the row that names it must be there.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        path = self._path(sha256)
        try:
            if not self._renewed(path):
                self._write(path, _packed(data))
        except OSError as error:
            reason = error.strerror or error
            raise ArchiveFull(f"{path.parent}: cannot be written: {reason}") from error
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return a blob, having compared it with its name. Raises Missing, Damaged."""
        try:
            kept = self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise Missing(f"{sha256}: not in {self.root}") from None
        except OSError as error:
            raise Damaged(f"{sha256}: cannot be read: {error.strerror}") from error
        for data in _unpacked(kept):
            if hashlib.sha256(data).hexdigest() == sha256:
                return data
        raise Damaged(f"{sha256}: its file in {self.root} is not what it was")

    def has(self, sha256: str) -> bool:
        """Whether a blob of this name is kept."""
        return bool(NAME.fullmatch(sha256)) and self._path(sha256).exists()

    def prune(self, *, referred: Collection[str], older_than_s: float) -> int:
        """Delete blobs that nothing refers to, and what was never finished; return how many.

        Only what was last put more than so many seconds ago, since a blob is written before the row that names it.
        `referred` must not be older than this call by as much. Others may put and get meanwhile.
        """
        before = time.time() - older_than_s
        return sum(
            self._deleted(path, before) for path in self._files() if path.name not in referred
        )

    def measure(self) -> tuple[int, int]:
        """Return how many files there are, and their bytes."""
        sizes = []
        for path in self._files():
            with contextlib.suppress(FileNotFoundError):
                sizes.append(path.stat().st_size)
        return len(sizes), sum(sizes)

    def check_writable(self) -> None:
        """Raises ArchiveFull where nothing can be written."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            probe = self.root / f"{uuid.uuid4().hex}{UNFINISHED}"
            probe.write_bytes(b"x")
            probe.unlink()
        except OSError as error:
            raise ArchiveFull(f"{self.root}: cannot be written: {error.strerror}") from error

    def _renewed(self, path: Path) -> bool:
        """Whether a blob is there, which from now on counts as new."""
        if not path.exists():
            return False
        with self._locked(), contextlib.suppress(FileNotFoundError):
            os.utime(path)
            return True
        return False

    def _deleted(self, path: Path, before: float) -> bool:
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime >= before:
                return False
            with self._locked():
                # It may have been put again while this process waited.
                if path.stat().st_mtime < before:
                    path.unlink()
                    return True
        return False

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.root / LOCK).open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _files(self) -> Iterator[Path]:
        if self.root.is_dir():
            for folder in sorted(self.root.iterdir()):
                if folder.is_dir():
                    yield from folder.iterdir()

    def _path(self, sha256: str) -> Path:
        if not NAME.fullmatch(sha256):
            raise Missing(f"{sha256[:80]!r} names no blob")
        return self.root / sha256[:2] / sha256

    def _write(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{uuid.uuid4().hex}{UNFINISHED}")
        try:
            with unfinished.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise


def _packed(data: bytes) -> bytes:
    # The time is left out, so that the same bytes give the same file.
    return data if data.startswith(GZIP) else gzip.compress(data, compresslevel=6, mtime=0)


def _unpacked(kept: bytes) -> Iterator[bytes]:
    """Return what a file may hold: a blob that was packed, or one that came packed."""
    yield kept
    try:
        yield gzip.decompress(kept)
    except (OSError, EOFError, zlib.error):
        return
