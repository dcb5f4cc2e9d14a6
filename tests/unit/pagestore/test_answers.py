from __future__ import annotations

import gzip

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.pagestore.logic.answers import accepted, is_known, make_answer
from copydesk.pagestore.logic.making import make_page, may_store
from copydesk.pagestore.logic.pages import ForeignRecord, Page
from copydesk.pagestore.logic.slot import Slot

HTML = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", "9"), ("X-Kept", "1")]


@pytest.mark.parametrize(
    ("header", "codings"),
    [
        ("gzip, deflate, br, zstd", ("br", "gzip", "")),
        ("gzip", ("gzip", "")),
        ("br;q=0.5, gzip;q=0.8", ("gzip", "br", "")),
        ("br;q=0, *", ("gzip", "")),
        ("*;q=0", ("",)),
        ("identity;q=0", ("",)),
        ("", ("",)),
        ("GZIP", ("gzip", "")),
        ("gzip;q=nonsense, br ; q=1", ("br", "")),
        (",,;;q==,gzip\t;", ("gzip", "")),
        ("br" * 10_000, ("",)),
    ],
)
def test_codings_are_taken_as_the_reader_weighs_them(header: str, codings: tuple[str, ...]) -> None:
    assert accepted(header) == codings


@given(st.text(max_size=200))
def test_no_header_breaks_it(header: str) -> None:
    assert accepted(header)[-1] == ""


@pytest.mark.parametrize(
    ("none_match", "modified_since", "known"),
    [
        ('W/"a"', "", True),
        ('"a"', "", True),
        ('"b", W/"a"', "", True),
        ("*", "", True),
        ('"b"', "", False),
        ('"b"', "Tue, 24 Nov 2026 00:00:00 GMT", False),
        ("", "Tue, 24 Nov 2026 00:00:00 GMT", True),
        ("", "Sun, 22 Nov 2026 00:00:00 GMT", False),
        ("", "yesterday", False),
        ("", "Tue, 24 Nov 99999999 00:00:00 GMT", False),
        ("", "", False),
    ],
)
def test_304_is_for_those_who_have_the_page(
    none_match: str, modified_since: str, *, known: bool
) -> None:
    at = 1_795_392_000  # 23 November 2026
    assert is_known('W/"a"', at, none_match=none_match, modified_since=modified_since) is known


def test_a_page_is_the_same_after_it_was_written_and_read() -> None:
    slot = Slot(is_filled=True, tags=("article:1", "layout"), is_gated=True)
    page = make_page(HTML, b"<p>words</p>" * 100, slot, began=7)
    again = Page.unpack(page.pack())
    assert again == page
    assert gzip.decompress(again.bodies["gzip"]) == brotli.decompress(again.bodies["br"])
    assert again.bodies[""] == b"<p>words</p>" * 100


@given(st.binary(max_size=300))
def test_bytes_that_are_no_page_are_refused(record: bytes) -> None:
    with pytest.raises(ForeignRecord):
        Page.unpack(record)


def test_a_page_cut_short_is_refused() -> None:
    record = make_page(HTML, b"<p>words</p>" * 100, Slot(), began=0).pack()
    for end in (3, 40, len(record) - 1):
        with pytest.raises(ForeignRecord):
            Page.unpack(record[:end])
    with pytest.raises(ForeignRecord):
        Page.unpack(record + b"x")


def test_what_is_no_text_or_hardly_any_is_not_compressed() -> None:
    assert set(make_page([("Content-Type", "image/png")], bytes(1_000), Slot(), 0).bodies) == {""}
    assert set(make_page(HTML, b"short", Slot(), 0).bodies) == {""}


def test_an_answer_says_which_coding_it_is_in_and_that_there_are_others() -> None:
    page = make_page(HTML, b"<p>words</p>" * 100, Slot(), 0)
    headers = dict(make_answer(page, ("gzip", "")).headers)
    assert headers["Content-Encoding"] == "gzip"
    assert headers["Content-Length"] == str(len(page.bodies["gzip"]))
    assert headers["Vary"] == "Accept-Encoding"
    assert headers["X-Kept"] == "1"
    assert "Content-Encoding" not in dict(make_answer(page, ("",)).headers)


@pytest.mark.parametrize(
    ("headers", "slot", "has_session", "stored"),
    [
        ([], Slot(), False, True),
        ([("Vary", "Accept-Encoding")], Slot(), True, True),
        ([("Set-Cookie", "a=1")], Slot(), False, False),
        ([("Vary", "Cookie")], Slot(), False, False),
        ([("Vary", "Accept-Language")], Slot(), False, False),
        ([("Vary", "Cookie")], Slot(is_gated=True), False, True),
        ([], Slot(is_gated=True), True, False),
        ([("Content-Encoding", "gzip")], Slot(), False, False),
    ],
)
def test_nothing_that_may_be_one_readers_own_is_stored(
    headers: list[tuple[str, str]], slot: Slot, *, has_session: bool, stored: bool
) -> None:
    assert may_store(headers, slot, has_session=has_session) is stored
