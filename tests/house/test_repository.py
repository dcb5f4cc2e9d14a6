"""What a stranger finds in a fresh checkout."""

from __future__ import annotations

import re
import stat
from typing import TYPE_CHECKING

import pytest

from tests.house.source import ROOT, written_files

if TYPE_CHECKING:
    from pathlib import Path

# Folders of one developer's machine. The brackets keep this pattern from finding itself.
MACHINE = re.compile(r"(?<![\w.:/-])/(?:[w]ork|[t]mp/[a-z]{1,3}|[h]ome/[a-z]+|[U]sers/[a-z]+)/")
MARKS = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""  # A picture or a font.


@pytest.mark.parametrize(
    ("what", "pattern"), [("the path of a machine", MACHINE), ("an unfinished merge", MARKS)]
)
def test_no_file_holds(what: str, pattern: re.Pattern[str]) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {m[0]}"
        for path in written_files()
        for m in pattern.finditer(_text(path))
    ]
    assert not found, what


def test_programs_can_be_run() -> None:
    programs = [path for path in (ROOT / "tools").iterdir() if path.is_file() and not path.suffix]
    assert programs
    assert not [
        path.name
        for path in [*programs, ROOT / ".ci/run"]
        if not path.stat().st_mode & stat.S_IXUSR
    ]


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "LICENSE", "Makefile", ".ci/run"])
def test_what_everybody_looks_for_is_there(name: str) -> None:
    assert (ROOT / name).stat().st_size


def test_ci_runs_what_the_readme_says() -> None:
    assert "make test\n" in (ROOT / ".ci/run").read_text()
