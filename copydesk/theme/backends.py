"""One style sheet for readers, many small ones for us."""

from __future__ import annotations

import atexit
import re
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
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def list_parts() -> list[Path]:
    """Every style sheet that goes into the bundle, in the order they are joined."""
    return [CSS / name for name in FIRST] + sorted((CSS / "components").glob("*.css"))


def join_parts(parts: Sequence[Path]) -> str:
    """One text from many; comments, indentation and empty lines are for us, not for the wire."""
    text = _COMMENT.sub("", "\n".join(part.read_text("utf-8") for part in parts))
    lines = (line.strip() for line in text.splitlines())
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
        bundle, text = self._folder / BUNDLE, join_parts(list_parts())
        # Only when something changed, so that its time stays that of the last change.
        if not bundle.exists() or bundle.read_text("utf-8") != text:
            bundle.parent.mkdir(parents=True, exist_ok=True)
            bundle.write_text(text, "utf-8")
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
