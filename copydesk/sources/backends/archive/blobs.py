"""Bytes on disk, named by their SHA-256: what is the same is kept once, and what was damaged is found out.

In the folder `ab` lies a blob under the whole of its hash, abcd…, packed unless it came packed; beside it, ending
in `.part`, what is being written or was when its writer was killed. The file `lock` is held by those who put (together)
and by those who prune (alone).
"""

from __future__ import annotations

import contextlib
import errno
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
FOLDER = re.compile(r"[0-9a-f]{2}")
UNFINISHED = ".part"
LOCK = "lock"
# The magic number of gzip: what comes packed is not packed again.
GZIP = b"\x1f\x8b"
# What helps against an error of the system; each loses nothing and is tried again by itself.
FREE_SPACE = "Free space there, or mount a larger disk; what was not kept is fetched again."
OWN_IT = "Let the account that runs Copydesk write there; what was not kept is fetched again."
REMEDIES = {
    errno.ENOSPC: FREE_SPACE,
    errno.EDQUOT: FREE_SPACE,
    errno.EFBIG: FREE_SPACE,
    errno.EACCES: OWN_IT,
    errno.EPERM: OWN_IT,
    errno.EROFS: "Mount it for writing again; what was not kept is fetched again.",
    errno.ENOTDIR: "Move away the file that stands where the folder should be.",
    errno.EEXIST: "Move away the file that stands where the folder should be.",
}
SEE_TO_IT = "See to the disk; what was not kept is fetched again."


class Missing(Exception):
    """The archive holds no blob of this name."""


class Damaged(Exception):
    """A blob is not what its name says: its file was changed, or the disk is failing. The message names the file."""


class ArchiveFull(Exception):
    """A blob could not be written; the message says where, why, and what helps. Nothing is left of it."""


class Archive:
    """A folder of blobs. Several processes may use it at once, and be killed at any point.

    A blob is written to a name of its own, flushed to the disk and then renamed, so that under its hash there is either
    all of it or nothing.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, data: bytes) -> str:
        """Keep `data` and return its SHA-256 in hexadecimal, once it is safe on the disk.

        Putting it again makes it young again, so that `prune` spares it until something refers to it, and mends it
        where it was damaged. Raises ArchiveFull.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        try:
            with self._locked(fcntl.LOCK_SH):
                if not self._renewed(sha256):
                    self._write(self._path(sha256), _packed(data))
        except OSError as error:
            raise self._unwritable(error) from error
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return a blob, having compared it with its name. Raises Missing, Damaged."""
        path = self._path(sha256)
        try:
            kept = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            raise Missing(f"{sha256}: not in {self.root}") from None
        except OSError as error:
            raise Damaged(f"{path}: cannot be read: {error.strerror}") from error
        for data in _unpacked(kept):
            if hashlib.sha256(data).hexdigest() == sha256:
                return data
        raise Damaged(f"{path}: holds other bytes than were put there")

    def has(self, sha256: str) -> bool:
        """Whether a blob of this name is kept."""
        return bool(NAME.fullmatch(sha256)) and self._path(sha256).exists()

    def prune(self, *, referred: Collection[str], older_than_s: float) -> int:
        """Delete blobs that nothing refers to, and what was never finished; return how many files went.

        `referred` are the hashes to keep. What was put in the last `older_than_s` seconds is spared, since a blob is
        put before the row that names it is committed: give more than the longest transaction takes. What was put again
        meanwhile is young and stays, whenever `referred` was read. How old a file is, the file system's clock says, so
        no time is passed in. Raises OSError where nothing can be deleted.
        """
        horizon = time.time() - older_than_s
        return sum(self._drop(path, horizon) for path in self._loose(referred))

    def measure(self) -> tuple[int, int]:
        """Return how many files there are, and their bytes."""
        sizes = []
        for path in self._loose(()):
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
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> ArchiveFull:
        remedy = REMEDIES.get(error.errno or 0, SEE_TO_IT)
        return ArchiveFull(f"{self.root}: cannot be written: {error.strerror or error}. {remedy}")

    def _drop(self, path: Path, horizon: float) -> bool:
        """Delete a file unless it is young. Alone for one at a time, so that nobody who puts waits for long."""
        with self._locked(fcntl.LOCK_EX):
            is_old = _is_older(path, horizon)
            if is_old:
                path.unlink()
        return is_old

    def _loose(self, referred: Collection[str]) -> Iterator[Path]:
        """Return the archive's own files that nothing refers to; another's folder within is left alone."""
        folders = sorted(self.root.iterdir()) if self.root.is_dir() else []
        for folder in folders:
            if FOLDER.fullmatch(folder.name):
                for path in sorted(folder.iterdir()):
                    is_own = NAME.fullmatch(path.name) or path.suffix == UNFINISHED
                    if is_own and path.name not in referred:
                        yield path

    def _path(self, sha256: str) -> Path:
        if not NAME.fullmatch(sha256):
            raise Missing(f"{sha256[:80]!r} names no blob")
        return self.root / sha256[:2] / sha256

    def _renewed(self, sha256: str) -> bool:
        """Whether the bytes are there and sound; if so, they are from now on as young as if just put."""
        try:
            self.get(sha256)
            os.utime(self._path(sha256))
        except (Missing, Damaged, PermissionError):
            return False
        return True

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
        _sync_folder(path.parent)
        _sync_folder(self.root)

    @contextlib.contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        """Hold the lock; it falls with the process, however that ends."""
        self.root.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.root / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, how)
            yield
        finally:
            os.close(handle)


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


def _is_older(path: Path, horizon: float) -> bool:
    try:
        return path.stat().st_mtime < horizon
    except FileNotFoundError:
        return False


def _sync_folder(path: Path) -> None:
    """Bring the names in a folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
