from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings


@pytest.fixture
def archive_dir(tmp_path: Path, settings: Settings) -> Path:
    """A folder of its own for what is archived."""
    settings.COPYDESK_SNAPSHOTS_DIR = tmp_path / "snapshots"
    return tmp_path / "snapshots"
