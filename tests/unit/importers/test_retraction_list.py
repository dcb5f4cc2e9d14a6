"""Retraction Watch's list is read line by line, and says of each paper what became of it."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.importers.retractions.logic.judging import evidence, is_lists, judge
from copydesk.importers.retractions.logic.reader import (
    LONGEST_LINE,
    Entry,
    Fault,
    Nature,
    NotAList,
    bare_doi,
    read_date,
    read_list,
)

HEADER = (
    "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,"
    "RetractionDOI,RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,"
    "Reason,Paywalled,Notes,\n"
)


def row(doi: str, nature: str, *, on: str = "11/24/2026 0:00", title: str = "A paper") -> str:
    return (
        f'17,"{title}",(PHY) Bridges;,"Weir, Institute",J,P,UK,A. Author,,Research Article;,{on},10.5555/Notice,0,'
        f"1/2/2020 0:00,{doi},0,{nature},+Error in Data;+Error in Image;,No,,\n"
    )


def read(text: str | bytes) -> list[Entry | Fault]:
    return list(read_list(BytesIO(text if isinstance(text, bytes) else text.encode())))


def test_a_line_says_what_became_of_a_paper_when_and_why() -> None:
    [entry] = read(HEADER + row("10.5555/Bridge.1", "Retraction"))
    assert entry == Entry(
        line=2,
        doi="10.5555/bridge.1",
        nature=Nature.RETRACTION,
        on=date(2026, 11, 24),
        notice_doi="10.5555/notice",
        reason="Error in Data; Error in Image",
        title="A paper",
        record_id="17",
    )
    assert evidence(entry) == (
        "Retraction Watch: retraction, 2026-11-24, https://doi.org/10.5555/notice, Error in Data; Error in Image, "
        "record 17"
    )
    assert is_lists(evidence(entry))


def test_papers_without_a_doi_are_left_out() -> None:
    assert read(HEADER + row("", "Retraction") + row("unavailable", "Correction") + "\n\n") == []


def test_lines_that_cannot_be_read_are_named_and_the_rest_is_read() -> None:
    text = HEADER + "1,short\n" + row("10.5555/a", "Apology") + row("10.5555/b", "Correction")
    short, unknown, entry = read(text)
    assert (short, unknown) == (
        Fault(2, "too few columns"),
        Fault(3, "unknown nature of notice", "A paper", "17"),
    )
    assert isinstance(entry, Entry)


def test_a_quote_that_never_ends_is_named() -> None:
    text = HEADER + row("10.5555/a", "Correction") + '1,"' + "x,\n" * 80_000
    first, *others = read(text)
    assert isinstance(first, Entry)
    assert Fault in {type(other) for other in others}


def test_a_file_of_one_endless_line_is_no_list() -> None:
    with pytest.raises(NotAList):
        read(b"x" * (LONGEST_LINE * 3))


@pytest.mark.parametrize("text", [b"", b"\n", b"a,b,c\n1,2,3\n", b"\x00\xff\xfe", b"<html>"])
def test_what_has_not_the_columns_is_no_list(text: bytes) -> None:
    with pytest.raises(NotAList) as caught:
        read(text)
    assert caught.value.missing == ("OriginalPaperDOI", "RetractionNature")


def test_both_encodings_and_a_byte_order_mark_are_read() -> None:
    line = row("10.5555/a", "Retraction", title="Brücken")
    old = HEADER.encode() + line.encode("cp1252")
    new = b"\xef\xbb\xbf" + (HEADER + line).encode()
    for text in (old, new):
        [entry] = read(text)
        assert entry.title == "Brücken"


@given(st.binary(max_size=2_000))
def test_no_bytes_break_the_reader(tail: bytes) -> None:
    read(HEADER.encode() + tail)


@pytest.mark.parametrize(
    ("written", "doi"),
    [
        ("10.5555/AbC", "10.5555/abc"),
        (" https://doi.org/10.5555/abc ", "10.5555/abc"),
        ("http://dx.doi.org/10.5555/abc", "10.5555/abc"),
        ("doi: 10.5555/abc", "10.5555/abc"),
        ("unavailable", ""),
        ("10.5/x", ""),
        ("", ""),
    ],
)
def test_a_doi_is_the_same_however_it_is_written(written: str, doi: str) -> None:
    assert bare_doi(written) == doi


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("1/2/2024 0:00", date(2024, 1, 2)),
        ("2024-01-02", date(2024, 1, 2)),
        ("13/13/2024 0:00", None),
        ("", None),
        ("soon", None),
    ],
)
def test_a_date_is_month_day_year(written: str, day: date | None) -> None:
    assert read_date(written) == day


@pytest.mark.parametrize(
    ("lines", "standing"),
    [
        ([("Correction", "1/1/2020")], "corrected"),
        ([("Retraction", "1/1/2021"), ("Correction", "1/1/2022")], "retracted"),
        ([("Expression of concern", "1/1/2021"), ("Correction", "1/1/2020")], "concern"),
        ([("Reinstatement", "1/1/2022"), ("Retraction", "1/1/2021")], "ok"),
        ([("Reinstatement", "1/1/2021"), ("Retraction", "1/1/2022")], "retracted"),
        ([("Retraction", "?"), ("Reinstatement", "1/1/2022")], "retracted"),
    ],
)
def test_the_gravest_counts_until_the_paper_is_reinstated(
    lines: list[tuple[str, str]], standing: str
) -> None:
    text = HEADER + "".join(row("10.5555/a", nature, on=on) for nature, on in lines)
    entries = [entry for entry in read(text) if isinstance(entry, Entry)]
    assert judge(entries)[0] == standing
