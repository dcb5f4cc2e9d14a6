"""Captures as WARC, read back with the field's own reader."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.kit import http
from copydesk.kit.http import Truncation
from copydesk.sources.backends.archive import Earlier, last_answer, refers_back, write_warc
from copydesk.sources.backends.archive.warc import payload_digest
from tests.factories.captures import AT, BODY, FIRST, LAST, SOFTWARE, TEXT, WARC, is_sound, records
from tests.factories.sockets import answering, moved, page

if TYPE_CHECKING:
    import socket
    from pathlib import Path


def test_every_hop_is_kept_with_what_was_asked_and_the_text() -> None:
    found = records(WARC)
    assert [(record.type, record.of("WARC-Target-URI")) for record in found] == [
        ("warcinfo", None),
        ("response", FIRST.url),
        ("request", FIRST.url),
        ("response", LAST.url),
        ("request", LAST.url),
        ("conversion", LAST.url),
    ]
    info, first, asked_first, last, asked_last, text = found
    assert b"software: Copydesk/0.1\r\n" in info.body
    assert {record.of("WARC-Warcinfo-ID") for record in found[1:]} == {info.of("WARC-Record-ID")}
    assert asked_first.of("WARC-Concurrent-To") == first.of("WARC-Record-ID")
    assert asked_last.of("WARC-Concurrent-To") == last.of("WARC-Record-ID")
    assert text.of("WARC-Refers-To") == last.of("WARC-Record-ID")
    assert {first.of("WARC-IP-Address"), last.of("WARC-IP-Address")} == {"93.184.215.14"}
    assert (first.of("WARC-Date"), last.of("WARC-Date")) == (
        "2026-11-24T10:02:11.250000Z",
        "2026-11-24T10:02:11.750000Z",
    )
    assert (last.body, text.body.decode()) == (BODY, TEXT)
    assert asked_last.http.statusline == "/news?a=b%20c HTTP/1.1"


def test_headers_of_the_transport_are_set_aside() -> None:
    last = records(WARC)[3]
    assert last.http.statusline == "200 OK"
    assert last.http.headers == [
        ("Content-Type", "text/html; charset=utf-8"),
        ("X-Archive-Orig-content-encoding", "gzip"),
        ("X-Archive-Orig-Transfer-Encoding", "chunked"),
        ("Set-Cookie", "a=1"),
        ("set-cookie", "b=2"),
        ("Content-Length", str(len(BODY))),
    ]


def test_digests_are_right(tmp_path: Path) -> None:
    assert is_sound(WARC, tmp_path)
    assert records(WARC)[3].of("WARC-Payload-Digest") == payload_digest(BODY)
    spoilt = gzip.compress(gzip.decompress(WARC).replace(b"No evidence", b"An evidence"))
    assert not is_sound(spoilt, tmp_path)


def test_the_same_capture_is_the_same_bytes() -> None:
    abroad = AT.astimezone(timezone(timedelta(hours=5)))
    again = write_warc([FIRST, LAST], at=abroad, software=SOFTWARE, layer_text=TEXT)
    assert again == WARC
    other = write_warc([FIRST, replace(LAST, body=BODY + b"!")], at=AT, software=SOFTWARE)
    ids = {record.of("WARC-Record-ID") for record in records(WARC)}
    assert len(ids) == 6
    assert records(other)[3].of("WARC-Record-ID") not in ids


def test_a_page_that_did_not_change_is_not_kept_twice(tmp_path: Path) -> None:
    earlier = Earlier(payload_digest(BODY), LAST.url, AT - timedelta(days=7))
    warc = write_warc([FIRST, LAST], at=AT, software=SOFTWARE, layer_text=TEXT, earlier=earlier)
    last = records(warc)[3]
    assert (last.type, last.body) == ("revisit", b"")
    assert last.of("WARC-Profile").endswith("/1.1/revisit/identical-payload-digest")
    assert last.of("WARC-Refers-To-Target-URI") == LAST.url
    assert last.of("WARC-Refers-To-Date") == "2026-11-17T10:02:11.250000Z"
    assert last.of("WARC-Payload-Digest") == payload_digest(BODY)
    assert last.http.get_header("Content-Type") == "text/html; charset=utf-8"
    assert is_sound(warc, tmp_path)
    assert refers_back(warc)
    empty = Earlier(payload_digest(b""), FIRST.url, AT)
    assert (
        records(write_warc([FIRST], at=AT, software=SOFTWARE, earlier=empty))[1].type == "response"
    )
    changed = Earlier(payload_digest(b"other"), LAST.url, AT)
    assert (
        records(write_warc([LAST], at=AT, software=SOFTWARE, earlier=changed))[1].type == "response"
    )


def test_what_a_later_capture_may_refer_to_is_what_is_whole() -> None:
    moment = AT + timedelta(seconds=0.5)
    assert last_answer(WARC) == Earlier(payload_digest(BODY), LAST.url, moment)
    assert not refers_back(WARC)
    again = write_warc([LAST], at=AT, software=SOFTWARE, earlier=last_answer(WARC))
    assert last_answer(again) is None
    cut = replace(LAST, body=b"", truncation=Truncation.LENGTH)
    assert last_answer(write_warc([cut], at=AT, software=SOFTWARE)) is None
    assert last_answer(write_warc([], at=AT, software=SOFTWARE)) is None


@pytest.mark.parametrize(
    ("truncation", "word"),
    [
        (Truncation.LENGTH, "length"),
        (Truncation.TIME, "time"),
        (Truncation.DISCONNECT, "disconnect"),
        (Truncation.TYPE, "unspecified"),
    ],
)
def test_what_is_missing_is_said_to_be(truncation: Truncation, word: str, tmp_path: Path) -> None:
    headers = (("Content-Type", "video/mp4"), ("Content-Length", "99"))
    hop = replace(LAST, body=b"", truncation=truncation, response_headers=headers)
    warc = write_warc([hop], at=AT, software=SOFTWARE)
    response = records(warc)[1]
    assert response.of("WARC-Truncated") == word
    assert response.http.get_header("X-Archive-Orig-Content-Length") == "99"
    assert is_sound(warc, tmp_path)


HOSTILE = [
    ("X-Break", "a\r\n\r\nWARC/1.1\r\nWARC-Type: response\r\n\r\n"),
    ("X-Fold", "a\r\n b\n\tc\rd"),
    ("X-Name: y\r\nInjected", "1"),
    ("", "nameless"),
    ("X-Latin", "caf\u00e9 \u00ff\u0085"),
    ("X-Wide", "Газета \u2028 \U0001f5de"),
    ("X-Half", "\ud800"),
    ("X-Nul", "a\x00b"),
    ("X-Long", "x" * 1_000_000),
]


def test_hostile_headers_stay_one_header_each(tmp_path: Path) -> None:
    hop = replace(
        LAST,
        url="http://paper.example/\r\nInjected: 1",
        reason="OK\r\nInjected: 1",
        request_line="GET /\r\nInjected: 1 HTTP/1.1",
        address="::1\r\nInjected: 1",
        response_headers=tuple(HOSTILE),
        request_headers=tuple(HOSTILE),
    )
    software = "x\r\nInjected: 1\r\n\r\n"
    warc = write_warc([hop], at=AT, software=software, layer_text="\ud800\r\n\r\nWARC/1.1")
    found = records(warc)
    assert [record.type for record in found] == ["warcinfo", "response", "request", "conversion"]
    for record in found[1:3]:
        assert len(record.http.headers) == len(HOSTILE)
        assert record.body in {BODY, b""}
        for _name, value in record.http.headers:
            assert "\n" not in value
    for record in found:
        assert record.of("Injected") is None
        assert not record.http or record.http.get_header("Injected") is None
    assert b"\r\nInjected" not in found[0].body
    assert is_sound(warc, tmp_path)


@given(
    st.lists(st.tuples(st.text(max_size=20), st.text(max_size=60)), max_size=6),
    st.binary(max_size=200),
)
def test_no_headers_change_the_number_of_records(
    headers: list[tuple[str, str]], body: bytes
) -> None:
    hop = replace(LAST, response_headers=tuple(headers), request_headers=tuple(headers), body=body)
    found = records(write_warc([hop], at=AT, software=SOFTWARE))
    assert [record.type for record in found] == ["warcinfo", "response", "request"]
    assert found[1].of("WARC-Payload-Digest") == payload_digest(body)


def test_what_was_visited_is_what_is_archived(tmp_path: Path) -> None:
    """From the socket to the file: bytes that are no UTF-8, in gzip, after a redirect."""
    packed = page(
        gzip.compress(BODY),
        "Content-Encoding: gzip",
        "X-Latin: caf\u00e9",
        status="200 \u00c9t\u00e9",
    )

    def answer(path: str, connection: socket.socket) -> None:
        connection.sendall(moved("/page") if path == "/" else packed)

    with answering(answer) as peer:
        visit = http.visit(peer.url(), may_connect=lambda address: address.is_loopback)
        warc = write_warc(visit.hops, at=AT, software=SOFTWARE)
        asked = gzip.decompress(warc)
        assert all(head in asked for head in peer.heads)
    assert is_sound(warc, tmp_path)
    last = records(warc)[3]
    assert (last.body, last.of("WARC-IP-Address")) == (BODY, "127.0.0.1")
    assert b"HTTP/1.1 200 \xc9t\xe9\r\n" in asked
    assert b"X-Latin: caf\xe9\r\n" in asked
