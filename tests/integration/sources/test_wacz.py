"""Captures as WACZ: what replay programs open."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from copydesk.sources.backends.archive import build_wacz, last_answer, write_warc
from tests.factories.captures import AT, BODY, FIRST, LAST, SOFTWARE, TEXT, WARC, is_sound, records

if TYPE_CHECKING:
    from pathlib import Path


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
