"""Captures as WARC and WACZ, read back with the field's own reader."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from copydesk.kit import http
from copydesk.kit.http import Hop, Truncation
from copydesk.sources.backends.archive import (
    Earlier,
    build_wacz,
    last_answer,
    refers_back,
    write_warc,
)
from copydesk.sources.backends.archive.warc import payload_digest
from tests.factories.sockets import answering, moved, page

if TYPE_CHECKING:
    import socket
    from pathlib import Path

AT = datetime(2026, 11, 24, 10, 2, 11, 250_000, tzinfo=UTC)
BODY = "<p>“No evidence”, said the minister. Größe".encode()
TEXT = "“No evidence”, said the minister. Größe"
SOFTWARE = "Copydesk/0.1"

ASKED = (("Host", "paper.example"), ("User-Agent", "Copydesk/0.1"))
FIRST = Hop(
    "http://paper.example/", 301, "Moved Permanently", "HTTP/1.1", "GET / HTTP/1.1", ASKED,
    (("Location", "/news?a=b c"), ("Content-Length", "0")), "93.184.215.14",
)  # fmt: skip
LAST = Hop(
    "http://paper.example/news?a=b%20c", 200, "OK", "HTTP/1.1", "GET /news?a=b%20c HTTP/1.1", ASKED,
    (
        ("Content-Type", "text/html; charset=utf-8"), ("content-encoding", "gzip"),
        ("Transfer-Encoding", "chunked"), ("Set-Cookie", "a=1"), ("set-cookie", "b=2"),
    ),
    "93.184.215.14", body=BODY, started_s=0.5, duration_s=0.25,
)  # fmt: skip
WARC = write_warc([FIRST, LAST], at=AT, software=SOFTWARE, layer_text=TEXT)


def records(warc: bytes) -> list[Any]:
    found = []
    for record in ArchiveIterator(io.BytesIO(warc)):
        body = record.content_stream().read()
        found.append(
            SimpleNamespace(
                type=record.rec_type,
                of=record.rec_headers.get_header,
                http=record.http_headers,
                body=body,
            )
        )
    return found


def is_sound(warc: bytes, folder: Path) -> bool:
    """Whether `warcio check` finds every digest right."""
    path = folder / "data.warc.gz"
    path.write_bytes(warc)
    checker = Checker(SimpleNamespace(inputs=[str(path)], verbose=False))
    return bool(checker.process_all() == 0)


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


def test_a_package_of_both_leads_to_the_body_that_is_kept_once(tmp_path: Path) -> None:
    later = AT + timedelta(days=7)
    again = write_warc([LAST], at=later, software=SOFTWARE, earlier=last_answer(WARC))
    assert is_sound(WARC + again, tmp_path)
    wacz = build_wacz(WARC + again, url=LAST.url, title="", at=later, software=SOFTWARE)
    (_first, earlier, revisit) = index_of(wacz)
    assert (revisit[2]["mime"], revisit[2]["digest"]) == ("warc/revisit", earlier[2]["digest"])
    [kept] = records(piece_of(WARC + again, earlier[2]))
    [found] = records(piece_of(WARC + again, revisit[2]))
    assert found.of("WARC-Refers-To-Date") == kept.of("WARC-Date")
    assert kept.body == BODY


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


def package(at: datetime = AT) -> bytes:
    return build_wacz(
        WARC, url=LAST.url, title="“No evidence”\n", at=at, software=SOFTWARE, text=TEXT
    )


def test_a_package_holds_five_files_and_their_digests() -> None:
    with zipfile.ZipFile(io.BytesIO(package())) as opened:
        assert opened.testzip() is None
        files = {entry.filename: opened.read(entry) for entry in opened.infolist()}
        assert {entry.compress_type for entry in opened.infolist()} == {zipfile.ZIP_STORED}
    assert list(files) == [
        "archive/data.warc.gz",
        "indexes/index.cdxj",
        "pages/pages.jsonl",
        "datapackage.json",
        "datapackage-digest.json",
    ]
    assert files["archive/data.warc.gz"] == WARC
    manifest = json.loads(files["datapackage.json"])
    assert (manifest["profile"], manifest["wacz_version"]) == ("data-package", "1.1.1")
    assert (manifest["mainPageUrl"], manifest["mainPageDate"]) == (LAST.url, "2026-11-24T10:02:11Z")
    assert manifest["resources"] == [
        {
            "name": path.rpartition("/")[2],
            "path": path,
            "hash": f"sha256:{hashlib.sha256(files[path]).hexdigest()}",
            "bytes": len(files[path]),
        }
        for path in list(files)[:3]
    ]
    assert json.loads(files["datapackage-digest.json"]) == {
        "path": "datapackage.json",
        "hash": f"sha256:{hashlib.sha256(files['datapackage.json']).hexdigest()}",
    }
    head, shown = (json.loads(line) for line in files["pages/pages.jsonl"].splitlines())
    assert head["format"] == "json-pages-1.0"
    assert (shown["url"], shown["ts"]) == (LAST.url, "2026-11-24T10:02:11Z")
    assert (shown["title"], shown["text"]) == ("“No evidence”\n", TEXT)


def index_of(wacz: bytes) -> list[tuple[str, str, dict[str, Any]]]:
    with zipfile.ZipFile(io.BytesIO(wacz)) as opened:
        lines = opened.read("indexes/index.cdxj").decode().splitlines()
    assert lines == sorted(lines)
    parts = [line.split(" ", 2) for line in lines]
    return [(key, stamp, json.loads(block)) for key, stamp, block in parts]


def piece_of(warc: bytes, block: dict[str, str]) -> bytes:
    return warc[int(block["offset"]) :][: int(block["length"])]


def test_the_index_points_to_the_records() -> None:
    lines = index_of(package())
    assert [(key, stamp, block["status"], block["mime"]) for key, stamp, block in lines] == [
        ("example,paper)/", "20261124100211", "301", "unk"),
        ("example,paper)/news?a=b%20c", "20261124100211", "200", "text/html"),
    ]
    for _key, _stamp, block in lines:
        piece = piece_of(WARC, block)
        (record,) = records(piece)
        assert record.type == "response"
        assert record.of("WARC-Target-URI") == block["url"]
        assert record.of("WARC-Payload-Digest") == block["digest"]
        assert block["filename"] == "data.warc.gz"
    assert records(piece_of(WARC, lines[1][2]))[0].body == BODY


def test_the_index_is_in_order_whatever_the_hops_are() -> None:
    warc = write_warc([LAST, FIRST], at=AT, software=SOFTWARE)
    lines = index_of(build_wacz(warc, url=LAST.url, title="", at=AT, software=SOFTWARE))
    assert [block["url"] for _, _, block in lines] == [FIRST.url, LAST.url]


def test_the_same_package_is_the_same_bytes() -> None:
    with zipfile.ZipFile(io.BytesIO(package())) as opened:
        # ZIP counts every other second.
        assert {entry.date_time for entry in opened.infolist()} == {(2026, 11, 24, 10, 2, 10)}
    assert package() == package(at=AT.astimezone(timezone(timedelta(hours=-9))))


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.Paper.example:443/News/?b=2&a=1", "example,paper)/news/?a=1&b=2"),
        (
            "http://www2.paper.example/index.html?utm_source=x",
            "example,paper)/index.html?utm_source=x",
        ),
        ("http://paper.example:8080/", "example,paper:8080)/"),
    ],
)
def test_the_index_has_the_keys_that_replay_programs_ask_for(url: str, key: str) -> None:
    warc = write_warc([replace(LAST, url=url)], at=AT, software=SOFTWARE)
    [(found, _stamp, _block)] = index_of(
        build_wacz(warc, url=url, title="", at=AT, software=SOFTWARE)
    )
    assert found == key


@pytest.mark.parametrize(
    "url",
    [
        "http://paper.example:8080/",
        "https://[2001:db8::1]/x",
        "http://paper.example/\n{} x",
        "http://[::1",
    ],
)
def test_odd_addresses_stay_on_one_line_of_the_index(url: str) -> None:
    warc = write_warc([replace(LAST, url=url)], at=AT, software=SOFTWARE)
    (line,) = index_of(build_wacz(warc, url=url, title="\ud800", at=AT, software=SOFTWARE))
    assert line[2]["status"] == "200"
    assert " " not in line[0]


def test_a_failed_capture_is_a_capture_too(tmp_path: Path) -> None:
    """The hops that an error carries are evidence; there may be none at all."""
    warc = write_warc([], at=AT, software=SOFTWARE)
    assert [record.type for record in records(warc)] == ["warcinfo"]
    assert (
        index_of(build_wacz(warc, url="http://paper.example/", title="", at=AT, software=SOFTWARE))
        == []
    )
    assert is_sound(warc, tmp_path)
