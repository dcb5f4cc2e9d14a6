from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from copydesk.sources.actions.capturing import Look, look_at_next
from tests.factories.publisher import Publisher, publishing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django import Settings


@pytest.fixture
def archive_dir(tmp_path: Path, settings: Settings) -> Path:
    """A folder of its own for what is archived."""
    settings.COPYDESK_SNAPSHOTS_DIR = tmp_path / "snapshots"
    return tmp_path / "snapshots"


@pytest.fixture
def publisher(archive_dir: Path, settings: Settings) -> Iterator[Publisher]:
    """A publisher on loopback that sources may be fetched from."""
    settings.COPYDESK_SOURCE_NETWORKS = ("127.0.0.0/8",)
    with publishing() as found:
        yield found


class Clock:
    """A clock that tests move by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 19, 10, 2, tzinfo=UTC)

    def forward(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at

    def look(self, **by: float) -> Look:
        """Move on, by ten seconds if not said otherwise, and look at the source that is due."""
        look = look_at_next(at=self.forward(**(by or {"seconds": 10})))
        assert look is not None
        return look


@pytest.fixture
def clock() -> Clock:
    return Clock()
