"""Reads the list line by line, whatever its size; names each line that cannot be read.

Its columns: https://www.crossref.org/documentation/retrieve-metadata/retraction-watch/. The list has been published in
UTF-8 and in Windows-1252; each line is read as whichever it is.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NEEDED: Final = ("OriginalPaperDOI", "RetractionNature")
#: The columns that are read where they are there.
WANTED: Final = (*NEEDED, "Record ID", "Title", "RetractionDate", "RetractionDOI", "Reason")
#: No line of the list is longer; a file of one line is no list.
LONGEST_LINE: Final = 1_000_000
_DOI: Final = re.compile(
    r"(?:(?:https?://)?(?:dx\.)?doi\.org/|doi:)?\s*(10\.\d{3,9}/\S+)", re.IGNORECASE
)
_AMERICAN: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


class Nature(StrEnum):
    """What the list says became of a paper."""

    CORRECTION = "correction"
    CONCERN = "expression of concern"
    RETRACTION = "retraction"
    REINSTATEMENT = "reinstatement"


class NotAList(Exception):
    """The file is no list of retractions: it has not the columns that are needed, which `missing` names."""

    def __init__(self, missing: Iterable[str]) -> None:
        self.missing = tuple(missing)
        super().__init__(", ".join(self.missing))


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list. `on` is None where its date cannot be read."""

    line: int
    doi: str
    nature: Nature
    on: date | None = None
    notice_doi: str = ""
    reason: str = ""
    title: str = ""
    record_id: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that cannot be read, and why, in a word of the report."""

    line: int
    detail: str
    title: str = ""
    record_id: str = ""


def read_list(file: IO[bytes]) -> Iterator[Entry | Fault]:
    """Yield what each line says, or why it cannot be read; lines about papers without a DOI are left out.

    Raises NotAList, before anything is yielded, where a column is missing.
    """
    rows = csv.reader(_lines(file))
    header = [name.strip() for name in _next(rows) or []]
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise NotAList(missing)
    places: dict[str, int] = {name: header.index(name) for name in WANTED if name in header}
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield Fault(rows.line_num, "not a line of CSV")
            continue
        if row and (said := _read(row, places, rows.line_num)) is not None:
            yield said


def _next(rows: Iterator[list[str]]) -> list[str] | None:
    try:
        return next(rows, None)
    except csv.Error:
        return None


def _lines(file: IO[bytes]) -> Iterator[str]:
    is_first = True
    while line := file.readline(LONGEST_LINE):
        yield _decoded(line.removeprefix(b"\xef\xbb\xbf") if is_first else line)
        is_first = False


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def _read(row: list[str], places: dict[str, int], line: int) -> Entry | Fault | None:
    if len(row) <= max(places[name] for name in NEEDED):
        return Fault(line, "too few columns")
    said = {name: row[place].strip() for name, place in places.items() if place < len(row)}
    title, record_id = said.get("Title", "")[:200], said.get("Record ID", "")[:40]
    doi = bare_doi(said["OriginalPaperDOI"])
    if not doi:
        return None
    try:
        nature = Nature(" ".join(said["RetractionNature"].casefold().split()))
    except ValueError:
        return Fault(line, "unknown nature of notice", title, record_id)
    return Entry(
        line=line,
        doi=doi,
        nature=nature,
        on=read_date(said.get("RetractionDate", "")),
        notice_doi=bare_doi(said.get("RetractionDOI", "")),
        reason=_reasons(said.get("Reason", "")),
        title=title,
        record_id=record_id,
    )


def bare_doi(text: str) -> str:
    """Return a DOI without what stands before it and in lower case, by which two are the same; "" for none."""
    match = _DOI.match(text.strip()[:500])
    return match[1].lower() if match else ""


def read_date(text: str) -> date | None:
    """Return the day of "11/24/2026 0:00", as the list writes it, or of "2026-11-24"; None for any other."""
    american, iso = _AMERICAN.match(text), _ISO.match(text)
    if american:
        month, day, year = map(int, american.groups())
    elif iso:
        year, month, day = map(int, iso.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _reasons(text: str) -> str:
    parts = [part.strip().lstrip("+").strip() for part in text[:2_000].split(";")]
    return "; ".join(part for part in parts if part)
