"""Making a site's folder. Imports no Django: settings are read only once the folder is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copydesk.ops.logic.site import make_toml
from copydesk.ops.logic.trouble import CannotStart

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def make_folder(folder: Path, *, config_name: str, values: Mapping[str, str]) -> bool:
    """Make `folder` a site with these settings and a place for its data. Return False if it is one already."""
    config = folder / config_name
    if config.exists():
        return False
    _refuse(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # The database in it holds addresses and sessions: nobody else on the machine may read it.
        (folder / "data").mkdir(mode=0o700)
        _write_private(config, make_toml(values))
    except OSError as error:
        raise CannotStart(f"{error.filename}: cannot be made: {error.strerror}.") from error
    return True


def _refuse(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise CannotStart(f"{folder} is a file. Name a new folder, or an empty one.")
    try:
        is_used = folder.is_dir() and any(folder.iterdir())
    except OSError as error:
        raise CannotStart(f"{folder}: cannot be read: {error.strerror}.") from error
    if is_used:
        raise CannotStart(
            f"{folder} is not empty, and no Copydesk site. Name a new folder, or an empty one."
        )


def _write_private(path: Path, text: str) -> None:
    """Write a file that its owner alone may read."""
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(text, encoding="utf-8")
