"""A WARC and what a reader of archives needs beside it, in one file: WACZ 1.1.1, https://specs.webrecorder.net/wacz/1.1.1/."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from warcio.archiveiterator import ArchiveIterator

from copydesk.sources.logic.addresses import url_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WARC_NAME = "archive/data.warc.gz"
# Zip knows no time zones and no earlier years; one moment for all makes the same archive the same file.
NO_TIME = (1980, 1, 1, 0, 0, 0)


def build_wacz(
    warc: bytes, *, url: str, title: str, at: datetime, software: str, text: str = ""
) -> bytes:
    """Return a WACZ around a compressed WARC; `url`, `title` and `text` are those of the page it was made for."""
    files = {
        WARC_NAME: warc,
        "indexes/index.cdx.gz": gzip.compress(_cdxj(warc), mtime=0),
        "pages/pages.jsonl": _pages(url, title, at, text),
    }
    package = _json(_package(files, title=title, url=url, at=at, software=software))
    files["datapackage.json"] = package
    digest = {"path": "datapackage.json", "hash": _hash(package)}
    files["datapackage-digest.json"] = _json(digest)
    out = io.BytesIO()
    # Stored, not compressed: readers ask for ranges of it.
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, NO_TIME), content)
    return out.getvalue()


def _cdxj(warc: bytes) -> bytes:
    """Return one line for each response, sorted: key, time, and where in the file it is."""
    lines = sorted(f"{key} {time} {json.dumps(entry)}\n" for key, time, entry in _entries(warc))
    return "".join(lines).encode()


def _entries(warc: bytes) -> Iterator[tuple[str, str, dict[str, str]]]:
    records = ArchiveIterator(io.BytesIO(warc))
    for record in records:
        headers = record.rec_headers
        kind, url = record.rec_type, headers.get_header("WARC-Target-URI") or ""
        date = headers.get_header("WARC-Date") or ""
        status, mime, digest = "", "", headers.get_header("WARC-Payload-Digest") or ""
        if kind == "response":
            status = record.http_headers.get_statuscode()
            mime = (record.http_headers.get_header("Content-Type") or "").partition(";")[0]
        record.content_stream().read()
        offset = records.get_record_offset()
        length = records.get_record_length()
        if kind == "response":
            moment = "".join(digit for digit in date[:19] if digit.isdigit())
            yield (
                url_key(url),
                moment,
                {
                    "url": url,
                    "mime": mime,
                    "status": status,
                    "digest": digest,
                    "offset": str(offset),
                    "length": str(length),
                    "filename": WARC_NAME.rpartition("/")[2],
                },
            )


def _pages(url: str, title: str, at: datetime, text: str) -> bytes:
    head = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}
    page = {
        "id": str(uuid5(NAMESPACE_URL, f"{url} {_date(at)}")),
        "url": url,
        "title": title,
        "ts": _date(at),
        **({"text": text} if text else {}),
    }
    return b"".join(
        json.dumps(line, ensure_ascii=False).encode(errors="replace") + b"\n"
        for line in (head, page)
    )


def _package(
    files: Mapping[str, bytes], *, title: str, url: str, at: datetime, software: str
) -> dict[str, Any]:
    return {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": title,
        "mainPageUrl": url,
        "mainPageDate": _date(at),
        "created": _date(at),
        "software": software,
        "resources": [
            {
                "name": path.rpartition("/")[2],
                "path": path,
                "hash": _hash(content),
                "bytes": len(content),
            }
            for path, content in files.items()
        ],
    }


def _hash(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, indent=2, ensure_ascii=False).encode(errors="replace")


def _date(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
