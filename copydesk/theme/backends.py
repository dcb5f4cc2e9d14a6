"""One style sheet for readers, many small ones for us."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CSS = Path(__file__).parent / "static" / "theme" / "css"
BUNDLE = "theme/css/site.css"
# The layers file names the order of the cascade, so it must come first. The others may come in any
# order: what wins is decided by their layer.
FIRST = ("layers.css", "tokens.css", "base.css", "layout.css", "utilities.css")


def list_parts() -> list[Path]:
    """Every style sheet that goes into the bundle, in the order they are joined."""
    return [CSS / name for name in FIRST] + sorted((CSS / "components").glob("*.css"))


def join_parts(parts: Sequence[Path]) -> str:
    """One text from many; indentation and empty lines are for us, not for the wire."""
    lines = (line.strip() for part in parts for line in part.read_text("utf-8").splitlines())
    return "\n".join(line for line in lines if line) + "\n"


class BundleFinder(BaseFinder):
    """Finds `theme/css/site.css`, which is joined from its parts when somebody asks for it.

    A finder rather than a build step: `collectstatic`, the development server and the tests' live
    server all see the same current file, and nothing that is generated lies in the source tree.
    It stands in the parts' folder by name, so relative addresses in the parts stay true.
    """

    @cached_property
    def _folder(self) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="copydesk-css-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        return folder

    def _write(self) -> Path:
        bundle, parts = self._folder / BUNDLE, list_parts()
        newest = max(part.stat().st_mtime for part in parts)
        if not bundle.exists() or bundle.stat().st_mtime < newest:
            bundle.parent.mkdir(parents=True, exist_ok=True)
            bundle.write_text(join_parts(parts), "utf-8")
        return bundle

    def find(self, path: str, find_all: bool = False, **_: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """Return the bundle's place on disk when it is asked for by name."""
        if path != BUNDLE:
            return []
        found = str(self._write())
        return [found] if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:  # noqa: ARG002
        """Offer the one file this finder makes."""
        self._write()
        yield BUNDLE, FileSystemStorage(location=self._folder)
