"""The archive on disk: whole blobs or none, and files that other programs can read."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from copydesk.kit.http import Hop
from copydesk.sources.backends.archive import (
    Archive,
    ArchiveFull,
    Damaged,
    Missing,
    build_wacz,
    write_warc,
)

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 11, 19, 10, 2, 11, tzinfo=UTC)
WRITER = """
import sys, os, itertools
from pathlib import Path
from copydesk.sources.backends.archive import Archive
archive = Archive(Path(sys.argv[1]))
for number in itertools.count():
    archive.put(os.urandom(200_000))
    print(number, flush=True)
"""


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
        "is_truncated": False,
        "started_after": 0.0,
    }
    return Hop(**{**hop, **changed})


def test_what_is_put_can_be_got_and_the_same_is_kept_once(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for data in (b"", b"words" * 1000, os.urandom(5000), gzip.compress(b"packed already")):
        name = archive.put(data)
        assert name == hashlib.sha256(data).hexdigest()
        assert archive.put(data) == name
        assert archive.get(name) == data
    assert sum(1 for path in tmp_path.glob("*/*") if path.is_file()) == 4


@pytest.mark.parametrize("name", ["0" * 64, "", "../../etc/passwd", "A" * 64, "0" * 63 + "\n"])
def test_what_is_not_there_is_said_so(tmp_path: Path, name: str) -> None:
    archive = Archive(tmp_path)
    assert not archive.has(name)
    with pytest.raises(Missing):
        archive.get(name)


def test_a_file_that_was_changed_is_found_out(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    name = archive.put(b"as it was")
    [path] = (path for path in tmp_path.rglob("*") if path.is_file())
    for content in (
        b"something else",
        b"",
        gzip.compress(b"as it was not"),
        gzip.compress(b"x")[:9],
    ):
        path.write_bytes(content)
        with pytest.raises(Damaged):
            archive.get(name)


def test_where_nothing_can_be_written_nothing_is_left(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    root.write_text("a file where the folder should be")
    with pytest.raises(ArchiveFull, match="cannot be written"):
        Archive(root).put(b"words")


def test_many_may_put_the_same_at_once(tmp_path: Path) -> None:
    data = os.urandom(100_000)
    with ThreadPoolExecutor(16) as pool:
        names = set(pool.map(lambda _number: Archive(tmp_path).put(data), range(64)))
    assert len(names) == 1
    assert Archive(tmp_path).get(names.pop()) == data
    assert sum(1 for path in tmp_path.glob("*/*") if path.is_file()) == 1


def test_a_writer_that_is_killed_leaves_whole_blobs_alone(tmp_path: Path) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "0\n"
    time.sleep(0.05)
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    archive = Archive(tmp_path)
    whole = [path.name for path in tmp_path.rglob("*") if path.is_file() and len(path.name) == 64]
    assert whole
    for name in whole:
        archive.get(name)


def test_pruning_takes_what_nothing_names_and_is_old(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    kept, dropped, young = (archive.put(data) for data in (b"kept", b"dropped", b"young"))
    for name in (kept, dropped):
        os.utime(tmp_path / name[:2] / name, (1, 1))
    unfinished = tmp_path / kept[:2] / "x.part"
    unfinished.write_bytes(b"half")
    os.utime(unfinished, (1, 1))
    assert archive.prune(referred={kept}, older_than_s=3600) == 2
    assert [archive.has(name) for name in (kept, dropped, young)] == [True, False, True]
    assert not unfinished.exists()


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
