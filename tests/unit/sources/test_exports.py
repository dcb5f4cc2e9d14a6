from __future__ import annotations

import json
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.sources.logic.exports import Reference, csl_json, name_parts, ris
from copydesk.sources.logic.lines import one_line

PAPER = Reference(
    id="42",
    kind="paper",
    title="On the Analytical\nEngine",
    byline=("Ada Lovelace", "Royal Society"),
    publisher="Scientific Memoirs",
    published_on=date(1843, 9, 1),
    accessed_on=date(2026, 11, 24),
    url="https://example.org/engine",
    archived_url="https://desk.example/sources/42/2026-11-24",
    doi="https://doi.org/10.1000/182",
    isbn="978-3-16-148410-0",
    language="en",
    locator="p. 12",
)
# The properties of an item, and of a name, that the schema of CSL 1.0.2 allows and we use.
ITEM = {"id", "type", "title", "author", "container-title", "publisher", "issued", "accessed", "URL",
        "archive_location", "DOI", "ISBN", "language", "locator"}  # fmt: skip


def test_a_reference_is_an_item_of_csl() -> None:
    assert csl_json([PAPER]) == [
        {
            "id": "42",
            "type": "article-journal",
            "title": "On the Analytical Engine",
            "author": [{"family": "Lovelace", "given": "Ada"}, {"literal": "Royal Society"}],
            "container-title": "Scientific Memoirs",
            "issued": {"date-parts": [[1843, 9, 1]]},
            "accessed": {"date-parts": [[2026, 11, 24]]},
            "URL": "https://example.org/engine",
            "archive_location": "https://desk.example/sources/42/2026-11-24",
            "DOI": "10.1000/182",
            "ISBN": "978-3-16-148410-0",
            "language": "en",
            "locator": "p. 12",
        }
    ]


def test_a_reference_is_a_record_of_ris() -> None:
    assert ris([PAPER]) == (
        "TY  - JOUR\r\nID  - 42\r\nTI  - On the Analytical Engine\r\nAU  - Lovelace, Ada\r\nAU  - Royal Society\r\n"
        "T2  - Scientific Memoirs\r\nPY  - 1843\r\nDA  - 1843/09/01\r\nY2  - 2026/11/24\r\n"
        "UR  - https://example.org/engine\r\nDO  - 10.1000/182\r\nSN  - 978-3-16-148410-0\r\nLA  - en\r\n"
        "N1  - p. 12\r\nN1  - Archived: https://desk.example/sources/42/2026-11-24\r\nER  - \r\n"
    )


@pytest.mark.parametrize(
    ("kind", "csl", "tag"),
    [
        ("article", "article-newspaper", "NEWS"),
        ("own_article", "article-newspaper", "NEWS"),
        ("report", "report", "RPRT"),
        ("book", "book", "BOOK"),
        ("post", "post-weblog", "BLOG"),
        ("video", "motion_picture", "VIDEO"),
        ("interview", "interview", "GEN"),
        ("document", "document", "GEN"),
        ("something else", "webpage", "ELEC"),
    ],
)
def test_each_kind_has_its_type(kind: str, csl: str, tag: str) -> None:
    reference = Reference("1", kind, "T")
    assert csl_json([reference]) == [{"id": "1", "type": csl, "title": "T"}]
    assert ris([reference]) == f"TY  - {tag}\r\nID  - 1\r\nTI  - T\r\nER  - \r\n"


@pytest.mark.parametrize(
    ("name", "family", "given"),
    [
        ("Ada Lovelace", "Lovelace", "Ada"),
        ("Lovelace, Ada", "Lovelace", "Ada"),
        ("Curie,  Marie S.", "Curie", "Marie S."),
        ("John F. Kennedy", "Kennedy", "John F."),
        ("J.R.R. Tolkien", "Tolkien", "J.R.R."),
        ("Jean-Luc O’Neill", "O’Neill", "Jean-Luc"),
        ("Иван Петров", "Петров", "Иван"),
    ],
)
def test_a_certain_name_is_taken_apart(name: str, family: str, given: str) -> None:
    assert name_parts(name) == {"family": family, "given": given}


@pytest.mark.parametrize(
    "name",
    ["Ludwig van Beethoven", "Gabriel García Márquez", "BBC News", "Associated Press", "Guardian staff", "Reuters",
     "Acme, Inc.", "村上春樹", "村上 春樹", "Ada Lovelace, Charles Babbage, and others", "Madonna", "Press, The",
     "Ada 7", "", ", "],
)  # fmt: skip
def test_what_is_not_certain_stays_whole(name: str) -> None:
    assert name_parts(name) == {"literal": one_line(name)}


def test_nothing_in_a_value_begins_a_line_of_its_own() -> None:
    hostile = "a\r\nER  - \r\n\u2028TY  - BOOK\x85\x0b\x1cb*\x00\u202e\ud800"
    reference = Reference(hostile, hostile, hostile, (hostile,), hostile, url=hostile, doi=hostile)
    text = ris([reference, reference])
    assert text.encode()
    assert len(re.findall(r"^TY  - ", text, re.MULTILINE)) == 2
    assert len(text.splitlines()) == text.count("\r\n") == 2 * 8
    assert "*" not in next(line for line in text.splitlines() if line.startswith("AU"))


TEXTS = st.text(alphabet=st.characters(), max_size=60)


@given(
    st.builds(
        Reference,
        TEXTS,
        TEXTS,
        TEXTS,
        st.lists(TEXTS, max_size=3),
        TEXTS,
        st.dates(),
        st.dates(),
        TEXTS,
    )
)
def test_any_reference_can_be_written(reference: Reference) -> None:
    (item,) = csl_json([reference])
    assert set(item) <= ITEM
    assert json.dumps(item, ensure_ascii=False).encode()
    lines = ris([reference]).split("\r\n")
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines[:-1])
    assert lines[-1] == ""


@given(TEXTS, st.integers(1, 30))
def test_a_line_is_one_line_of_the_length_asked_for(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert len(line.splitlines()) <= 1
    assert one_line(line, limit) == line


def test_huge_values_are_cut() -> None:
    huge = "word " * 1_000_000
    (item,) = csl_json([Reference("1", "book", huge, [huge] * 1000)])
    assert len(json.dumps(item)) < 60_000
