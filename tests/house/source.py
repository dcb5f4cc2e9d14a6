"""The repository's own files, as the rules about it read them."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "copydesk"
FOLDERS = (".ci", "bench", "copydesk", "docs", "tests", "tools")


@dataclass(frozen=True)
class Module:
    path: str
    text: str
    tree: ast.Module

    @property
    def is_migration(self) -> bool:
        return "/migrations/" in self.path

    def at(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 0)}"

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def modules(folder: str = "copydesk") -> tuple[Module, ...]:
    """Return every Python module below a folder of the repository."""
    paths = sorted((ROOT / folder).rglob("*.py"))
    return tuple(
        Module(relative(path), text, ast.parse(text))
        for path in paths
        for text in [path.read_text(encoding="utf-8")]
    )


@cache
def templates() -> tuple[tuple[str, str], ...]:
    """Return the path and the text of every HTML template."""
    return tuple(
        (relative(path), path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.glob("*/templates/**/*.html"))
    )


def written_files() -> Iterator[Path]:
    """Return every file of the repository that somebody wrote, as far as it is text."""
    roots = [path for path in ROOT.iterdir() if path.is_file()]
    inside = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    for path in roots + inside:
        if "__pycache__" not in path.parts and path.name not in {".git", "uv.lock"}:
            yield path


def called_name(call: ast.Call) -> str:
    """Return the last part of what is called: `save` of `article.save()`."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def line_number(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
