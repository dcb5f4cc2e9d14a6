"""Captures as WACZ packages (version 1.1.1 of the specification): what replay programs open.

A package is a ZIP file of a WARC file, its index, a list of pages, and a manifest with the digest of each. Nothing in
it is compressed once more, so that a part can be read by itself.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator

if TYPE_CHECKING:
    from collections.abc import Iterator

_WARC = "archive/data.warc.gz"
# Not compressed: replay programs read a compressed index by way of a second one.
_INDEX = "indexes/index.cdxj"
_PAGES = "pages/pages.jsonl"
_WWW = re.compile(r"^www\d*\.")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def build_wacz(
    warc: bytes, *, url: str, title: str, at: datetime, software: str, text: str = ""
) -> bytes:
    """Return a package of one capture; the same input gives the same bytes.

    `warc` is the file that `write_warc` made, behind the one it refers back to where it does. `url`, `title`, `at` and
    `text` are of the page that a reader of the package sees first: its address in the end, and the time of the capture.
    """
    stamp = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    files = {
        _WARC: warc,
        _INDEX: _index(warc),
        _PAGES: _pages(url, title, stamp, text),
    }
    manifest = _json_file(
        {
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "title": title,
            "created": stamp,
            "software": software,
            "mainPageUrl": url,
            "mainPageDate": stamp,
            "resources": [_resource(path, data) for path, data in files.items()],
        }
    )
    files["datapackage.json"] = manifest
    files["datapackage-digest.json"] = _json_file(
        {"path": "datapackage.json", "hash": _digest(manifest)}
    )
    return _zipped(files, at)


def _resource(path: str, data: bytes) -> dict[str, Any]:
    name = path.rpartition("/")[2]
    return {"name": name, "path": path, "hash": _digest(data), "bytes": len(data)}


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _json_file(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=True, indent=2) + "\n").encode("ascii")


def _json_line(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=True, separators=(",", ":"))


def _pages(url: str, title: str, stamp: str, text: str) -> bytes:
    page = {
        "id": hashlib.sha256(f"{url} {stamp}".encode(errors="replace")).hexdigest()[:16],
        "url": url,
        "ts": stamp,
        "title": title,
    }
    if text:
        page["text"] = text
    head = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}
    return "".join(_json_line(line) + "\n" for line in (head, page)).encode("ascii")


def _index(warc: bytes) -> bytes:
    """Return the index by address, in CDXJ, in the order of its bytes."""
    return b"".join(sorted(line.encode() for line in _index_lines(warc)))


def _index_lines(warc: bytes) -> Iterator[str]:
    records = ArchiveIterator(io.BytesIO(warc))
    for record in records:
        offset = records.get_record_offset()
        if record.rec_type not in {"response", "revisit"} or record.http_headers is None:
            continue
        url = record.rec_headers.get_header("WARC-Target-URI")
        stamp = "".join(c for c in record.rec_headers.get_header("WARC-Date") if c.isdigit())
        mime = (record.http_headers.get_header("Content-Type") or "").partition(";")[0].strip()
        status = record.http_headers.get_statuscode()
        digest = record.rec_headers.get_header("WARC-Payload-Digest")
        is_revisit = record.rec_type == "revisit"
        # The length is known once the record has been read.
        records.read_to_end(record)
        block = {
            "url": url,
            "digest": digest,
            "mime": "warc/revisit" if is_revisit else mime or "unk",
            "filename": _WARC.rpartition("/")[2],
            "offset": str(offset),
            "length": str(records.get_record_length()),
            "status": status if status.isdigit() else "0",
        }
        yield f"{_searchable(url)} {stamp[:14]} {_json_line(block)}\n"


def _searchable(url: str) -> str:
    """Return the key that replay programs look an address up by: SURT, its host turned round, its query in order.

    Not the key by which two addresses are one source: that leaves out more, and what it leaves out is not found here.
    """
    try:
        parts = urlsplit(url.lower())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return url.lower()
    turned = f"[{host}]" if ":" in host else ",".join(reversed(_WWW.sub("", host).split(".")))
    place = "" if port in {None, _DEFAULT_PORTS.get(parts.scheme)} else f":{port}"
    query = f"?{'&'.join(sorted(parts.query.split('&')))}" if parts.query else ""
    return f"{turned}{place}){parts.path or '/'}{query}"


def _zipped(files: dict[str, bytes], at: datetime) -> bytes:
    out = io.BytesIO()
    # ZIP has no years before 1980.
    moment = max(at.astimezone(UTC), datetime(1980, 1, 1, tzinfo=UTC))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path, moment.timetuple()[:6])
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            package.writestr(entry, data)
    return out.getvalue()
