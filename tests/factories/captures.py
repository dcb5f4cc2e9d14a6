"""A capture, and what the field's own reader makes of one."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from copydesk.kit.http import Hop
from copydesk.sources.backends.archive import write_warc

if TYPE_CHECKING:
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
