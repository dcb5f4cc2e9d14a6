"""Sources in the formats of reference managers: CSL-JSON (CSL 1.0.2) and RIS."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from copydesk.sources.logic.lines import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

MAX_NAMES: Final = 100

# By kind of source: the type in CSL, the type in RIS, and whether the publisher is what the work stands in.
_TYPES = {
    "article": ("article-newspaper", "NEWS", True),
    "own_article": ("article-newspaper", "NEWS", True),
    "paper": ("article-journal", "JOUR", True),
    "post": ("post-weblog", "BLOG", True),
    "report": ("report", "RPRT", False),
    "book": ("book", "BOOK", False),
    "video": ("motion_picture", "VIDEO", False),
    "interview": ("interview", "GEN", False),
    "document": ("document", "GEN", False),
}
_OTHER = ("webpage", "ELEC", True)

_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
# A word of a name: a capital, then small letters; hyphens and apostrophes may join several. Or an initial.
_NAME_WORD = re.compile(r"(?:[^\W\d_][’'])?[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?){1,3}")
# Words that stand in names of institutions and of those who write for them without a name.
_NO_PERSON = frozenset({
    "academy", "agence", "agency", "alliance", "associated", "association", "authority", "board", "bureau",
    "center", "centre", "club", "collective", "college", "commission", "committee", "company", "contributor",
    "contributors", "cooperative", "correspondent", "council", "court", "department", "desk", "editorial",
    "editors", "federation", "foundation", "fund", "government", "group", "inc", "institut", "institute", "journal",
    "library", "limited", "ltd", "magazine", "media", "ministry", "museum", "network", "news", "newspaper",
    "newsroom", "office", "organisation", "organization", "parliament", "party", "post", "press", "presse",
    "project", "radio", "reporter", "reporters", "reuters", "review", "school", "service", "services", "society",
    "staff", "station", "studio", "team", "television", "the", "times", "trust", "union", "university", "verein",
    "wire", "writer", "writers",
})  # fmt: skip


@dataclass(frozen=True)
class Reference:
    """A source as bibliographies name it. `kind` is one of ours; `locator` is a place in it, such as "p. 12"."""

    id: str
    kind: str
    title: str
    byline: Sequence[str] = ()
    publisher: str = ""
    published_on: date | None = None
    accessed_on: date | None = None
    url: str = ""
    archived_url: str = ""
    doi: str = ""
    isbn: str = ""
    language: str = ""
    locator: str = ""


def csl_json(items: Iterable[Reference]) -> list[dict[str, object]]:
    """Return the references as items of CSL-JSON, what is not known left out."""
    return [_csl_item(item) for item in items]


def ris(items: Iterable[Reference]) -> str:
    """Return the references as one RIS file; lines end in CRLF, and no value can begin a line of its own."""
    return "".join(
        f"{tag}  - {value}\r\n"
        for item in items
        for tag, value in _ris_fields(item)
        if value or tag == "ER"
    )


def name_parts(name: str) -> dict[str, str]:
    """Return a name as CSL has it: family and given name where they are certain, else the whole as it stands.

    Certain are "Family, Given" and two words, or two with initials between, that look like a person's. Names in
    scripts without capitals, of three words, with particles, and of institutions stay whole.
    """
    line = one_line(name, 300)
    family, comma, given = (part.strip() for part in line.partition(","))
    if comma:
        is_person = _is_name(family) and _is_name(given.split(" ")[0]) and "," not in given
        return {"family": family, "given": given} if is_person else {"literal": line}
    first, *middle, last = words if len(words := line.split(" ")) > 1 else ("", "")
    is_person = (
        (_is_name(first) or bool(_INITIALS.fullmatch(first)))
        and _is_name(last)
        and all(_INITIALS.fullmatch(word) for word in middle)
    )
    return {"family": last, "given": " ".join([first, *middle])} if is_person else {"literal": line}


def _is_name(word: str) -> bool:
    is_capitalized = word[:1].isupper() and not (word.isupper() and len(word) > 1)
    return is_capitalized and bool(_NAME_WORD.fullmatch(word)) and word.casefold() not in _NO_PERSON


def _names(item: Reference) -> Iterator[dict[str, str]]:
    for name in item.byline[:MAX_NAMES]:
        if one_line(name, 300):
            yield name_parts(name)


def _csl_item(item: Reference) -> dict[str, object]:
    type_, _, is_part = _TYPES.get(item.kind, _OTHER)
    known: dict[str, object] = {
        "id": one_line(item.id),
        "type": type_,
        "title": one_line(item.title),
        "author": list(_names(item)),
        "container-title" if is_part else "publisher": one_line(item.publisher),
        "issued": _csl_date(item.published_on),
        "accessed": _csl_date(item.accessed_on),
        "URL": one_line(item.url),
        "archive_location": one_line(item.archived_url),
        "DOI": _bare_doi(item.doi),
        "ISBN": one_line(item.isbn),
        "language": one_line(item.language),
        "locator": one_line(item.locator),
    }
    return {name: value for name, value in known.items() if value or name == "id"}


def _csl_date(day: date | None) -> dict[str, list[list[int]]] | None:
    return {"date-parts": [[day.year, day.month, day.day]]} if day else None


def _bare_doi(doi: str) -> str:
    line = one_line(doi)
    prefix = _DOI.match(line)
    return line[prefix.end() :] if prefix else line


def _ris_fields(item: Reference) -> Iterator[tuple[str, str]]:
    _, type_, is_part = _TYPES.get(item.kind, _OTHER)
    yield "TY", type_
    yield "ID", one_line(item.id)
    yield "TI", one_line(item.title)
    for name in _names(item):
        yield "AU", _ris_name(name)
    yield "T2" if is_part else "PB", one_line(item.publisher)
    yield "PY", f"{item.published_on.year:04}" if item.published_on else ""
    yield "DA", _ris_date(item.published_on)
    yield "Y2", _ris_date(item.accessed_on)
    yield "UR", one_line(item.url)
    yield "DO", _bare_doi(item.doi)
    yield "SN", one_line(item.isbn)
    yield "LA", one_line(item.language)
    # Managers understand pages differently, and know no tag for an archived copy: both are notes.
    yield "N1", one_line(item.locator)
    yield "N1", f"Archived: {one_line(item.archived_url)}" if one_line(item.archived_url) else ""
    yield "ER", ""


def _ris_name(name: dict[str, str]) -> str:
    # The format gives the asterisk and, in names, the comma a meaning.
    if "literal" in name:
        return name["literal"].replace("*", "")
    return f"{name['family']}, {name['given']}".replace("*", "")


def _ris_date(day: date | None) -> str:
    return f"{day.year:04}/{day.month:02}/{day.day:02}" if day else ""
