"""What nothing refers to leaves the archive, and what somebody has just put there does not."""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from copydesk.ops.serve.background import PRUNE_ARCHIVE_EVERY, Archivist
from copydesk.sources.actions.pruning import KEPT, prune_archive
from copydesk.sources.backends.archive import Archive
from copydesk.sources.backends.archive.blobs import LOCK
from copydesk.sources.models import Source
from copydesk.sources.queries.texts import archive
from tests.factories.sources import make_snapshot, make_source

if TYPE_CHECKING:
    from pathlib import Path

DAY = 86_400


def grow_old(folder: Path, *names: str) -> None:
    for name in names:
        os.utime(folder / name[:2] / name, (1, 1))


def put_old(data: bytes) -> str:
    name = archive().put(data)
    grow_old(archive().root, name)
    return name


@pytest.mark.django_db
def test_all_that_a_row_names_stays(archive_dir: Path) -> None:
    names = [put_old(data) for data in (b"layers", b"warc", b"upload", b"waiting")]
    source = make_source(supplied_sha256=names[3])
    layers, warc, payload, _waiting = names
    make_snapshot(source, layers_sha256=layers, warc_sha256=warc, payload_sha256=payload)
    stray, young = put_old(b"stray"), archive().put(b"young")
    assert prune_archive() == 1
    assert [archive().has(name) for name in (*names, stray, young)] == [True] * 4 + [False, True]


@pytest.mark.django_db
def test_a_database_without_copies_is_taken_for_the_wrong_one(archive_dir: Path) -> None:
    stray = put_old(b"stray")
    make_source(supplied_sha256=stray)
    Source.objects.update(supplied_sha256="")
    assert prune_archive() == 0
    assert archive().has(stray)


@pytest.mark.django_db
def test_files_that_cannot_be_deleted_stop_nobody(
    archive_dir: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    make_snapshot(make_source())
    put_old(b"stray")

    def refuse(_path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.unlink", refuse)
    assert prune_archive() == 0
    assert "not tidied" in caplog.text


def test_what_is_put_again_counts_as_new(tmp_path: Path) -> None:
    kept = Archive(tmp_path)
    name = kept.put(b"text")
    grow_old(tmp_path, name)
    kept.put(b"text")
    assert kept.prune(referred=(), older_than_s=DAY) == 0
    assert kept.get(name) == b"text"


def test_what_is_put_again_while_it_is_about_to_be_deleted_is_there_afterwards(
    tmp_path: Path,
) -> None:
    kept = Archive(tmp_path)
    name = kept.put(b"text")
    grow_old(tmp_path, name)
    pruned: list[int] = []
    with (tmp_path / LOCK).open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        pruner = threading.Thread(
            target=lambda: pruned.append(kept.prune(referred=(), older_than_s=DAY))
        )
        pruner.start()
        # It has found the blob old and waits for the lock; somebody who holds it finds the blob there and relies on it.
        time.sleep(0.1)
        os.utime(tmp_path / name[:2] / name)
    pruner.join()
    assert pruned == [0]
    assert kept.get(name) == b"text"


def test_putting_and_pruning_at_once_loses_nothing_that_was_just_put(tmp_path: Path) -> None:
    kept = Archive(tmp_path)
    stop = threading.Event()

    def prune() -> None:
        while not stop.is_set():
            kept.prune(referred=(), older_than_s=DAY)

    pruner = threading.Thread(target=prune)
    pruner.start()
    try:
        for _ in range(150):
            name = kept.put(b"text")
            assert kept.get(name) == b"text"
            # Where the pruner is faster, the blob is gone: that is allowed, for it was old.
            with contextlib.suppress(FileNotFoundError):
                grow_old(tmp_path, name)
            assert kept.get(kept.put(b"text")) == b"text"
            with contextlib.suppress(FileNotFoundError):
                grow_old(tmp_path, name)
    finally:
        stop.set()
        pruner.join()


@pytest.mark.django_db
def test_the_worker_tidies_once_a_day_and_not_at_its_start(
    archive_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Source.objects.all().delete()
    make_snapshot(make_source(algorithm_version=9999))
    stray = put_old(b"stray")
    archivist = Archivist()
    archivist.work()
    assert archive().has(stray)
    later = datetime.now(UTC) + PRUNE_ARCHIVE_EVERY
    monkeypatch.setattr("copydesk.kit.clock.now", lambda: later)
    archivist.work()
    assert not archive().has(stray)
    assert KEPT > PRUNE_ARCHIVE_EVERY
