"""What happens to sources where the archive has lost a copy, or a publisher takes its permission back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from copydesk.sources.actions.adding import add_source, ask_again
from copydesk.sources.actions.capturing import look_at_next
from copydesk.sources.logic.answers import Answer as Came
from copydesk.sources.queries.texts import archive, layers_of
from tests.factories.publisher import STORY, Answer, Publisher, make_page
from tests.factories.sources import make_offline_source

if TYPE_CHECKING:
    from pathlib import Path

    from copydesk.sources.models import Source
    from tests.integration.sources.conftest import Clock

pytestmark = pytest.mark.django_db

NO_ARCHIVE = '<meta name="robots" content="noarchive">'


def add(publisher: Publisher, clock: Clock, path: str = "/bridge", **page: str) -> Source:
    source, _is_new = add_source(url=publisher.show(path, **page), by=None, at=clock.at)
    return source


def damage(archive_dir: Path, sha256: str) -> Path:
    path = archive_dir / sha256[:2] / sha256
    path.write_bytes(b"what a failing disk left")
    return path


def test_a_damaged_copy_is_named_and_hinders_no_other_source(
    publisher: Publisher, clock: Clock, archive_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = add(publisher, clock)
    clock.look()
    path = damage(archive_dir, source.snapshots.get().layers_sha256)
    publisher.show("/bridge", STORY + "\n\nThe mayor will speak next week about the budget.")
    ask_again(source=source, at=clock.forward(hours=2))
    look = clock.look()
    assert look.answer is None
    assert str(path) in look.detail
    assert str(path) in caplog.text
    source.refresh_from_db()
    assert source.next_check_at == clock.at + timedelta(days=1)
    assert source.snapshots.count() == 1
    other = add(publisher, clock, "/other")
    assert (clock.look().source_id, other.snapshots.count()) == (other.pk, 1)


def test_a_damaged_copy_is_mended_by_the_next_look_that_finds_the_same(
    publisher: Publisher, clock: Clock, archive_dir: Path
) -> None:
    source = add(publisher, clock)
    clock.look()
    snapshot = source.snapshots.get()
    damage(archive_dir, snapshot.layers_sha256)
    ask_again(source=source, at=clock.forward(hours=2))
    assert clock.look().answer == Came.READ
    assert layers_of(snapshot)


def test_an_uploaded_file_that_was_lost_is_said_to_be(clock: Clock, archive_dir: Path) -> None:
    source = make_offline_source(
        supplied_sha256="0" * 64, supplied_type="text/plain", next_check_at=clock.at
    )
    assert clock.look().answer == Came.FAILED
    source.refresh_from_db()
    assert (source.trouble, source.supplied_sha256) == ("lost", "")
    assert look_at_next(at=clock.forward(days=1)) is None


def test_an_uploaded_file_waits_where_nothing_can_be_written(
    clock: Clock, archive_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = archive().put(STORY.encode())
    source = make_offline_source(
        supplied_sha256=sha256, supplied_type="text/plain", next_check_at=clock.at
    )

    def full(*_args: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        assert "No space left" in clock.look().detail
    source.refresh_from_db()
    assert source.supplied_sha256 == sha256
    assert clock.look(minutes=11).answer == Came.READ


@pytest.mark.parametrize(
    "page",
    [
        Answer(make_page(head=NO_ARCHIVE)),
        Answer(make_page(), headers={"X-Robots-Tag": "noarchive"}),
        Answer(make_page(STORY + "\n\nThe mayor was there as well."), headers={"X-Robots-Tag": "noarchive"}),
    ],
    ids=["in the page", "in the answer", "with another text"],
)  # fmt: skip
def test_a_publisher_who_comes_to_forbid_copies_is_obeyed_for_earlier_ones_too(
    publisher: Publisher, clock: Clock, page: Answer
) -> None:
    source = add(publisher, clock)
    clock.look()
    assert not source.snapshots.get().is_private
    publisher.pages["/bridge"] = page
    ask_again(source=source, at=clock.forward(hours=2))
    clock.look()
    assert all(snapshot.is_private for snapshot in source.snapshots.all())
