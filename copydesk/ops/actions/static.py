"""Preparing the static files, under names that carry their hash and with compressed copies."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import connections

from copydesk.ops.logic.trouble import CannotStart

if TYPE_CHECKING:
    from collections.abc import Iterator

STAMP = ".prepared-from"


def prepare_static() -> bool:
    """Write the static files to `STATIC_ROOT` unless this version has done so; return whether it was needed."""
    stamp = Path(settings.STATIC_ROOT) / STAMP
    wanted = _fingerprint()
    if is_prepared(wanted):
        return False
    call_command("collectstatic", interactive=False, verbosity=0, skip_checks=True)
    stamp.write_text(wanted, encoding="ascii")
    return True


@contextmanager
def prepared_alongside() -> Iterator[None]:
    """Prepare the static files while the caller does something else, in a process of their own: each takes one core."""
    if is_prepared():
        yield
        return
    connections.close_all()
    preparing = get_context("fork").Process(target=prepare_static)
    preparing.start()
    try:
        yield
    finally:
        preparing.join()
    if preparing.exitcode:
        raise CannotStart(
            f"The static files could not be written to {settings.STATIC_ROOT}; the lines above say why."
        )
    _reload_names()


def _reload_names() -> None:
    """Learn the names the files were given by the other process; this one has loaded those of before."""
    storage: Any = storages["staticfiles"]
    if hasattr(storage, "load_manifest"):
        storage.hashed_files, storage.manifest_hash = storage.load_manifest()


def is_prepared(wanted: str = "") -> bool:
    """Whether the files in `STATIC_ROOT` are made from those this version brings."""
    try:
        return (Path(settings.STATIC_ROOT) / STAMP).read_text(encoding="ascii") == (
            wanted or _fingerprint()
        )
    except OSError:
        return False


def _fingerprint() -> str:
    """Return a digest that changes with any source file: its name, size or time, since reading all takes too long."""
    digest = hashlib.sha256(version("copydesk").encode())
    for app in apps.get_app_configs():
        folder = Path(app.path) / "static"
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            state = path.stat()
            digest.update(f"{path}:{state.st_size}:{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
