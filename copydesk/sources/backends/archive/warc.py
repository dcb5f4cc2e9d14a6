"""Captures as WARC 1.1 files (ISO 28500:2017), as other archives' tools read them.

A file holds a `warcinfo` record, a `response` and a `request` for every hop, and the visible text as a `conversion`.
Bodies are kept without their transport's wrappings; the headers that spoke of these are kept under the prefix
`X-Archive-Orig-`. The same capture gives the same bytes, so that it is one blob in the archive.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from copydesk.kit.http import Hop, Truncation

if TYPE_CHECKING:
    from collections.abc import Sequence

_VERSION = "WARC/1.1"
_PROFILE = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
# Records that hold an answer of a host, whole or by referring to an earlier one.
_ANSWERS = {"response", "revisit"}
_CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:copydesk:warc-record")
# The words of WARC-Truncated (section 5.13).
_TRUNCATED = {
    Truncation.LENGTH: "length",
    Truncation.TIME: "time",
    Truncation.DISCONNECT: "disconnect",
    Truncation.TYPE: "unspecified",
}
_WRAPPING = {"content-encoding", "transfer-encoding"}
_NOT_TOKEN = re.compile(r"[^!#$%&'*+.^_`|~0-9A-Za-z-]")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True)
class Earlier:
    """A capture that may have brought the same page: the digest of its body, its address, and its time."""

    payload_digest: str
    url: str
    at: datetime


def payload_digest(body: bytes) -> str:
    """Return the digest of a body as WARC and Wayback write it: SHA-1 in base 32."""
    digest = hashlib.sha1(body, usedforsecurity=False).digest()
    return "sha1:" + base64.b32encode(digest).decode("ascii")


def write_warc(
    hops: Sequence[Hop],
    *,
    at: datetime,
    software: str,
    layer_text: str | None = None,
    earlier: Earlier | None = None,
) -> bytes:
    """Return a capture as a WARC file, each record compressed by itself.

    `at` is when the visit began. `layer_text` is the visible text of the last hop, None where there is none. Where the
    last body is that of `earlier`, a `revisit` record refers to it instead of repeating it.
    """
    file = _File(at, software)
    response_id = ""
    for hop in hops:
        is_last = hop is hops[-1]
        response_id = file.add_hop(hop, earlier if is_last else None)
    if layer_text is not None and hops:
        file.add_text(hops[-1].url, layer_text, response_id)
    return file.content()


def last_answer(warc: bytes) -> Earlier | None:
    """Return what a later capture of the same page may refer to, None where a WARC does not hold it itself."""
    found = None
    for record in ArchiveIterator(io.BytesIO(warc)):
        if record.rec_type in _ANSWERS:
            found = record.rec_headers if record.rec_type == "response" else None
    if found is None or found.get_header("WARC-Truncated"):
        return None
    return Earlier(
        payload_digest=found.get_header("WARC-Payload-Digest"),
        url=found.get_header("WARC-Target-URI"),
        at=datetime.fromisoformat(found.get_header("WARC-Date")),
    )


def refers_back(warc: bytes) -> bool:
    """Whether a WARC leaves out a body that an earlier one holds."""
    return any(record.rec_type == "revisit" for record in ArchiveIterator(io.BytesIO(warc)))


class _File:
    def __init__(self, at: datetime, software: str) -> None:
        self.at = at.astimezone(UTC)
        self.out = io.BytesIO()
        self.writer = WARCWriter(self.out, gzip=True, warc_version=_VERSION)
        self.info_id = ""
        info = f"software: {_line(software)}\r\nformat: WARC File Format 1.1\r\nconformsTo: {_CONFORMS_TO}\r\n"
        self.info_id = self._add("warcinfo", "", info.encode(errors="replace"), {})

    def content(self) -> bytes:
        return self.out.getvalue()

    def add_hop(self, hop: Hop, earlier: Earlier | None) -> str:
        """Add what was answered and what was asked; return the id of the former."""
        named = {"WARC-IP-Address": _line(hop.address)} if hop.address else {}
        if hop.truncation is not None:
            named["WARC-Truncated"] = _TRUNCATED[hop.truncation]
        digest = payload_digest(hop.body)
        is_same = bool(hop.body) and earlier is not None and earlier.payload_digest == digest
        if is_same and earlier is not None:
            named |= {
                "WARC-Profile": _PROFILE,
                "WARC-Refers-To-Target-URI": _uri(earlier.url),
                "WARC-Refers-To-Date": _date(earlier.at),
            }
        named["WARC-Payload-Digest"] = digest
        moment = self.at + timedelta(seconds=hop.started_s)
        kind = "revisit" if is_same else "response"
        body = b"" if is_same else hop.body
        response_id = self._add(kind, hop.url, body, named, head=_response_head(hop), at=moment)
        concurrent = {"WARC-Concurrent-To": response_id}
        self._add("request", hop.url, b"", concurrent, head=_request_head(hop), at=moment)
        return response_id

    def add_text(self, url: str, text: str, response_id: str) -> None:
        """Add the visible text."""
        named = {"WARC-Refers-To": response_id, "Content-Type": "text/plain; charset=utf-8"}
        self._add("conversion", url, text.encode("utf-8", errors="replace"), named)

    def _add(
        self,
        kind: str,
        url: str,
        body: bytes,
        named: dict[str, str],
        *,
        head: _Head | None = None,
        at: datetime | None = None,
    ) -> str:
        date = _date(at or self.at)
        content = hashlib.sha256((head.raw if head else b"") + body).hexdigest()
        name = f"{kind} {_uri(url)} {date} {content}"
        record_id = f"<urn:uuid:{uuid.uuid5(_NAMESPACE, name)}>"
        headers = {"WARC-Type": kind, "WARC-Record-ID": record_id, "WARC-Date": date, **named}
        if self.info_id:
            headers["WARC-Warcinfo-ID"] = self.info_id
        record = self.writer.create_warc_record(
            _uri(url),
            kind,
            payload=io.BytesIO(body),
            length=len(body),
            warc_headers_dict=headers,
            http_headers=head,
        )
        self.writer.write_record(record)
        return record_id


class _Head(StatusAndHeaders):
    """The head of a message in its own bytes; warcio would rewrite what is not ASCII."""

    def __init__(self, start: str, headers: list[tuple[str, str]]) -> None:
        lines = [_line(start), *(f"{_token(name)}: {_line(value)}" for name, value in headers)]
        self.raw = b"".join(_as_sent(line) + b"\r\n" for line in lines) + b"\r\n"
        super().__init__(lines[0], [])

    def to_ascii_bytes(self, header_filter: object = None) -> bytes:  # noqa: ARG002 - nothing is filtered
        return self.raw


def _response_head(hop: Hop) -> _Head:
    names = {name.lower() for name, _ in hop.response_headers}
    is_changed = bool(names & _WRAPPING) or hop.is_truncated
    renamed = _WRAPPING | {"content-length"} if is_changed else set()
    headers = [
        (f"X-Archive-Orig-{name}" if name.lower() in renamed else name, value)
        for name, value in hop.response_headers
    ]
    if is_changed and hop.body:
        headers.append(("Content-Length", str(len(hop.body))))
    return _Head(f"{hop.http_version} {hop.status} {hop.reason}", headers)


def _request_head(hop: Hop) -> _Head:
    return _Head(hop.request_line, list(hop.request_headers))


def _token(name: str) -> str:
    """Return the name of a header with nothing in it that could end it."""
    return _NOT_TOKEN.sub("_", name) or "_"


def _line(text: str) -> str:
    """Return a text as one line; a line break within could begin a header, or a record, of another's making."""
    return _CONTROL.sub(" ", text).strip(" ")


def _as_sent(line: str) -> bytes:
    try:
        return line.encode("latin-1")
    except UnicodeEncodeError:
        return line.encode("utf-8", errors="replace")


def _uri(url: str) -> str:
    return quote(url, safe="!#$%&'()*+,/:;=?@[]~", errors="replace")


def _date(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
