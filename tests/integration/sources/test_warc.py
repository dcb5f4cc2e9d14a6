"""Captures as WARC and WACZ, read back with the field's own reader."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from copydesk.kit.http import Hop
from copydesk.sources.backends.archive import build_wacz, write_warc

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 11, 19, 10, 2, 11, tzinfo=UTC)


def make_hop(**changed: Any) -> Hop:
    hop = {
        "url": "https://example.org/page",
        "status": 200,
        "reason": "OK",
        "http_version": "HTTP/1.1",
        "request_line": "GET /page HTTP/1.1",
        "request_headers": (("Host", "example.org"),),
        "response_headers": (("Content-Type", "text/html"), ("Content-Encoding", "gzip")),
        "body": b"<p>The bridge will hold.</p>",
        "address": "192.0.2.7",
    }
    return Hop(**{**hop, **changed})


def test_a_warc_holds_each_hop_and_the_text_and_other_programs_accept_it(tmp_path: Path) -> None:
    first = make_hop(
        url="http://example.org/", status=301, response_headers=(("Location", "/page"),), body=b""
    )
    warc = write_warc([first, make_hop()], at=AT, software="Copydesk", layer_text="The bridge.")
    records = list(ArchiveIterator(io.BytesIO(warc)))
    assert [record.rec_type for record in records] == [
        "warcinfo", "response", "request", "response", "request", "conversion",
    ]  # fmt: skip
    path = tmp_path / "data.warc.gz"
    path.write_bytes(warc)
    checker = Checker(_CheckOptions([str(path)]))
    checker.process_all()
    assert checker.exit_value == 0
    for record in ArchiveIterator(io.BytesIO(warc)):
        if record.rec_type == "response" and record.http_headers.get_statuscode() == "200":
            assert record.content_stream().read() == make_hop().body
            assert record.http_headers.get_header("Content-Encoding") is None
            assert record.http_headers.get_header("X-Archive-Orig-Content-Encoding") == "gzip"
            assert record.rec_headers.get_header("WARC-IP-Address") == "192.0.2.7"


class _CheckOptions:
    verbose = False

    def __init__(self, inputs: list[str]) -> None:
        self.inputs = inputs


def test_the_same_visit_gives_the_same_bytes() -> None:
    one, two = (write_warc([make_hop()], at=AT, software="Copydesk") for _ in range(2))
    assert one == two


def test_headers_cannot_pretend_to_be_records() -> None:
    evil = (
        ("X-One\r\n\r\nWARC/1.1", "a\r\nContent-Length: 0\r\n\r\nWARC/1.1\r\nWARC-Type: response"),
        ("X-Long", "y" * 1_000_000),
        ("X-\xff", "\xe9\0"),
        *((f"X-{number}", "z") for number in range(1000)),
    )
    warc = write_warc([make_hop(response_headers=evil)], at=AT, software="Copydesk")
    kinds = [record.rec_type for record in ArchiveIterator(io.BytesIO(warc))]
    assert kinds == ["warcinfo", "response", "request"]
    assert len(warc) < 50_000


def test_a_wacz_leads_to_its_records_and_its_hashes_are_right() -> None:
    warc = write_warc([make_hop()], at=AT, software="Copydesk")
    packed = build_wacz(
        warc, url=make_hop().url, title="A page", at=AT, software="Copydesk", text="The bridge."
    )
    with zipfile.ZipFile(io.BytesIO(packed)) as wacz:
        files = {name: wacz.read(name) for name in wacz.namelist()}
        assert {info.compress_type for info in wacz.infolist()} == {zipfile.ZIP_STORED}
    package = json.loads(files["datapackage.json"])
    for resource in package["resources"]:
        digest = hashlib.sha256(files[resource["path"]]).hexdigest()
        assert resource["hash"] == f"sha256:{digest}"
        assert resource["bytes"] == len(files[resource["path"]])
    digest = hashlib.sha256(files["datapackage.json"]).hexdigest()
    assert json.loads(files["datapackage-digest.json"])["hash"] == f"sha256:{digest}"
    [line] = gzip.decompress(files["indexes/index.cdx.gz"]).decode().splitlines()
    entry = json.loads(line.split(" ", 2)[2])
    place = io.BytesIO(warc[int(entry["offset"]) :][: int(entry["length"])])
    [record] = ArchiveIterator(place)
    assert record.rec_headers.get_header("WARC-Target-URI") == make_hop().url
    pages = [json.loads(line) for line in files["pages/pages.jsonl"].splitlines()]
    assert (pages[1]["url"], pages[1]["ts"]) == (make_hop().url, "2026-11-19T10:02:11Z")
