"""Repair of text that was decoded with the wrong encoding, where there is no doubt.

``Itâ€™s`` is what UTF-8 looks like after being read as Windows-1252. It is repaired only when three
witnesses agree: the suspicious characters encode back to bytes that are valid UTF-8, ftfy's own
judgement of the surroundings arrives at the same text, and the pattern is either one that no
language writes (three or four characters that form one) or occurs more than once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import ftfy
import ftfy.bad_codecs  # registers "sloppy-windows-1252"

_CODEC: Final = "sloppy-windows-1252"


def _as_read(first: int, last: int) -> str:
    return "".join(re.escape(bytes([byte]).decode(_CODEC)) for byte in range(first, last + 1))


_TAIL: Final = f"[{_as_read(0x80, 0xBF)}]"
_LONG: Final = f"[{_as_read(0xE0, 0xEF)}]{_TAIL}{{2}}|[{_as_read(0xF0, 0xF4)}]{_TAIL}{{3}}"
_RUN: Final = re.compile(f"(?:{_LONG}|[{_as_read(0xC2, 0xDF)}]{_TAIL})+")
_HAS_LONG: Final = re.compile(_LONG)
#: How much around a suspicious run ftfy is shown, and how many characters in runs make a pattern.
_AROUND: Final = 40
_ENOUGH: Final = 4


@dataclass(frozen=True, slots=True)
class Repair:
    """One repair: what stood there and what stands there now, with a little around it."""

    before: str
    after: str


def repair_text(text: str) -> tuple[str, tuple[Repair, ...]]:
    """The text with certain damage repaired, and each repair made."""
    runs = [] if text.isascii() else list(_RUN.finditer(text))
    if not runs or not _is_pattern(runs):
        return text, ()
    out: list[str] = []
    repairs: list[Repair] = []
    at = 0
    for run in runs:
        fixed = _repair_run(text, run)
        if fixed is None:
            continue
        out += (text[at : run.start()], fixed)
        at = run.end()
        repairs.append(_describe(text, run, fixed))
    return "".join((*out, text[at:])), tuple(repairs)


def _is_pattern(runs: list[re.Match[str]]) -> bool:
    return sum(len(run[0]) for run in runs) >= _ENOUGH or any(
        _HAS_LONG.search(run[0]) for run in runs
    )


def _repair_run(text: str, run: re.Match[str]) -> str | None:
    try:
        fixed = run[0].encode(_CODEC).decode("utf-8")
    except UnicodeError:
        return None
    if not fixed.isprintable() and fixed.strip("\u00a0\u200b\u200c\u200d\ufeff\u2028\u00ad"):
        return None
    before, after = _surroundings(text, run)
    return fixed if ftfy.fix_encoding(before + run[0] + after) == before + fixed + after else None


def _surroundings(text: str, run: re.Match[str]) -> tuple[str, str]:
    """Clean text on both sides: other runs are left out, so that each is judged by itself."""
    before = _RUN.sub("", text[max(run.start() - _AROUND, 0) : run.start()])
    return before, _RUN.sub("", text[run.end() : run.end() + _AROUND])


def _describe(text: str, run: re.Match[str], fixed: str) -> Repair:
    before = text[max(run.start() - 12, 0) : run.start()].rpartition("\n")[2]
    after = text[run.end() : run.end() + 12].partition("\n")[0]
    return Repair(before + run[0] + after, before + fixed + after)
