"""The archive on disk: nothing lost, nothing doubled, nothing half-written."""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from copydesk.sources.backends.archive import Archive, ArchiveFull, Damaged, Missing, blobs

if TYPE_CHECKING:
    from pathlib import Path

PAGE = b"<p>The bridge will hold.</p>" * 100
NOISE = hashlib.shake_256(b"noise").digest(5_000)
HOUR = 3600.0
PUTTING = """
import hashlib, sys
from pathlib import Path
from copydesk.sources.backends.archive import Archive
archive = Archive(Path(sys.argv[1]))
for number in range(100_000):
    print(archive.put(hashlib.shake_256(str(number).encode()).digest(20_000)), flush=True)
"""
LIMITED = """
import hashlib, resource, sys
from pathlib import Path
from copydesk.sources.backends.archive import Archive, ArchiveFull
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
archive = Archive(Path(sys.argv[1]))
try:
    archive.put(hashlib.shake_256(b"large").digest(500_000))
except ArchiveFull as error:
    print(error)
print(archive.put(b"small"))
"""


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def files(archive: Archive) -> list[Path]:
    return sorted(path for path in archive.root.glob("*/*") if path.is_file())


def names(archive: Archive) -> set[str]:
    return {path.name for path in files(archive)}


def age(archive: Archive, *hashes: str) -> None:
    """Make blobs, or all there are, older than any test."""
    for path in files(archive):
        if not hashes or path.name in hashes:
            os.utime(path, (1, 1))


@pytest.mark.parametrize(
    "data",
    [PAGE, NOISE, b"", b"x", gzip.compress(PAGE), b"\x1f\x8b"],
    ids=["page", "noise", "empty", "short", "packed", "magic"],
)
def test_what_is_put_can_be_got_and_the_same_is_kept_once(archive: Archive, data: bytes) -> None:
    name = archive.put(data)
    assert name == hashlib.sha256(data).hexdigest() == archive.put(data)
    assert archive.get(name) == data
    assert archive.has(name)
    assert names(archive) == {name}


def test_text_takes_less_than_its_bytes_and_what_comes_packed_no_more(archive: Archive) -> None:
    archive.put(PAGE)
    assert files(archive)[0].stat().st_size < len(PAGE) / 10
    packed = gzip.compress(NOISE)
    assert (archive.root / archive.put(packed)[:2]).is_dir()
    assert len(packed) in {path.stat().st_size for path in files(archive)}


@pytest.mark.parametrize(
    "name", ["0" * 64, "", "../../etc/passwd", "A" * 64, "0" * 63 + "\n", "0" * 64 + "/x"]
)
def test_what_is_not_there_is_said_so(archive: Archive, name: str) -> None:
    archive.put(PAGE)
    assert not archive.has(name)
    with pytest.raises(Missing):
        archive.get(name)


@pytest.mark.parametrize("data", [PAGE, NOISE, gzip.compress(NOISE)], ids=["page", "noise", "warc"])
@pytest.mark.parametrize("harm", ["cut", "flipped", "emptied", "replaced"])
def test_damage_is_named_and_mended_by_the_next_who_puts_the_same(
    archive: Archive, data: bytes, harm: str
) -> None:
    name = archive.put(data)
    [path] = files(archive)
    kept = path.read_bytes()
    middle = len(kept) // 2
    harmed = {
        "cut": kept[:-9],
        "flipped": kept[:middle] + bytes([kept[middle] ^ 1]) + kept[middle + 1 :],
        "emptied": b"",
        "replaced": gzip.compress(b"a lie"),
    }
    path.write_bytes(harmed[harm])
    with pytest.raises(Damaged, match=str(path)):
        archive.get(name)
    assert archive.put(data) == name
    assert archive.get(name) == data
    assert names(archive) == {name}


def test_a_disk_that_cannot_be_read_is_named(archive: Archive) -> None:
    name = archive.put(PAGE)
    [path] = files(archive)
    path.unlink()
    path.mkdir()
    with pytest.raises(Damaged, match=f"{path}: cannot be read"):
        archive.get(name)


def test_where_nothing_can_be_written_the_place_and_the_way_out_are_named(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    root.write_text("a file where the folder should be")
    with pytest.raises(ArchiveFull, match=f"{root}: cannot be written: .*Move away the file"):
        Archive(root).put(b"words")


@pytest.mark.parametrize("step", ["fsync", "replace", "mkdir", "open"])
def test_a_full_disk_is_one_clear_error_and_leaves_nothing(
    archive: Archive, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = archive.put(NOISE)

    def full(*_args: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, step, full)
        with pytest.raises(ArchiveFull, match=f"{archive.root}: .*No space left.*Free space there"):
            archive.put(PAGE)
    assert names(archive) == {kept}
    assert archive.get(archive.put(PAGE)) == PAGE


def run(program: str, archive: Archive) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, str(archive.root)], stdout=subprocess.PIPE, text=True
    )


def test_a_disk_that_fills_up_in_the_middle_leaves_nothing_half_written(archive: Archive) -> None:
    """The limit for the size of a file fails in the middle of writing, as a full disk does."""
    with run(LIMITED, archive) as process:
        said = process.communicate()[0].splitlines()
    assert "Free space there" in said[0]
    assert names(archive) == {said[1]}
    assert archive.get(said[1]) == b"small"


def test_a_writer_that_is_killed_leaves_whole_blobs_alone(archive: Archive) -> None:
    with run(PUTTING, archive) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(20)]
        process.send_signal(signal.SIGKILL)
        said += process.communicate()[0].splitlines()
    told = {line.strip() for line in said if len(line.strip()) == 64}
    assert len(told) >= 20
    whole = {name for name in names(archive) if len(name) == 64}
    assert told <= whole
    for name in whole:
        archive.get(name)
    # The lock fell with the process, and what it left over goes with time.
    age(archive)
    archive.prune(referred=told, older_than_s=HOUR)
    assert names(archive) == told


def test_many_may_put_the_same_at_once(archive: Archive) -> None:
    pages = [PAGE + bytes([number % 5]) for number in range(60)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(Archive(archive.root).put, pages))
    assert [archive.get(name) for name in found] == pages
    assert len(files(archive)) == 5


def test_pruning_takes_what_nothing_names_and_is_old(archive: Archive) -> None:
    kept, dropped, young = (archive.put(data) for data in (PAGE, NOISE, b"young"))
    (archive.root / kept[:2] / "x.part").write_bytes(b"half")
    age(archive, kept, dropped, "x.part")
    assert archive.prune(referred={kept}, older_than_s=HOUR) == 2
    assert names(archive) == {kept, young}
    age(archive)
    assert archive.prune(referred={kept}, older_than_s=HOUR) == 1
    assert names(archive) == {kept}


def test_pruning_leaves_alone_what_is_not_the_archives(archive: Archive) -> None:
    archive.put(PAGE)
    for place in ("lost+found/0000", "ab/notes.txt", "readme"):
        path = archive.root / place
        path.parent.mkdir(exist_ok=True)
        path.write_text("an operator's")
        os.utime(path, (1, 1))
    assert archive.prune(referred=(), older_than_s=HOUR) == 0
    assert (archive.root / "lost+found/0000").exists()
    assert (archive.root / "ab/notes.txt").exists()


def test_what_is_put_again_is_young_again(archive: Archive) -> None:
    name = archive.put(PAGE)
    age(archive)
    archive.put(PAGE)
    assert archive.prune(referred=(), older_than_s=HOUR) == 0
    assert archive.get(name) == PAGE


def test_pruning_takes_nothing_that_is_just_put_again(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Old, unreferred, and put again at the moment pruning has looked at its age."""
    name = archive.put(PAGE)
    age(archive)
    putting = threading.Thread(target=archive.put, args=[PAGE])
    is_older = blobs._is_older

    def and_then_it_is_put(path: Path, horizon: float) -> bool:
        answer = is_older(path, horizon)
        if answer:
            putting.start()
            putting.join(0.3)
        return answer

    monkeypatch.setattr(blobs, "_is_older", and_then_it_is_put)
    archive.prune(referred=(), older_than_s=HOUR)
    putting.join()
    assert archive.get(name) == PAGE


def test_an_empty_archive_is_an_archive(archive: Archive) -> None:
    assert archive.prune(referred=(), older_than_s=0) == 0
    assert not archive.has("0" * 64)


def test_how_much_is_kept_and_whether_more_can_be(archive: Archive, tmp_path: Path) -> None:
    assert archive.measure() == (0, 0)
    archive.put(NOISE)
    archive.put(PAGE)
    assert archive.measure() == (2, sum(path.stat().st_size for path in files(archive)))
    archive.check_writable()
    assert len(files(archive)) == 2
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ArchiveFull, match="Move away the file"):
        Archive(tmp_path / "file").check_writable()
