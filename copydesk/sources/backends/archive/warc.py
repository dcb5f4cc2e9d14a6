"""A visit as a WARC file: ISO 28500, version 1.1."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from warcio.recordloader import ArcWarcRecord

    from copydesk.kit.http import Hop

# They no longer describe the body, which is kept decoded; the field keeps them under this name.
ENCODINGS = {"content-encoding", "transfer-encoding", "content-length"}
ORIGINAL = "X-Archive-Orig-"
# Whatever could end a line of headers early, and so pretend to be another record.
UNFIT = re.compile(r"[\r\n\0]+")
LONGEST_HEADER, MOST_HEADERS = 16_000, 200


def write_warc(
    hops: Sequence[Hop], *, at: datetime, software: str, layer_text: str | None = None
) -> bytes:
    """Return a compressed WARC of the hops of a visit, each a response with its request, and the text that was read.

    `at` is when the visit began. The same visit gives the same bytes: ids of records are made from what they hold.
    """
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    info = writer.create_warcinfo_record(
        "", {"software": software, "format": "WARC File Format 1.1", "robots": "classic"}
    )
    info.rec_headers.replace_header("WARC-Date", _date(at))
    info.rec_headers.replace_header("WARC-Record-ID", _record_id("warcinfo", software, _date(at)))
    writer.write_record(info)
    for hop in hops:
        for record in _exchange(writer, hop, at):
            writer.write_record(record)
    if layer_text:
        writer.write_record(_conversion(writer, hops[-1], layer_text, at))
    return out.getvalue()


def _exchange(writer: WARCWriter, hop: Hop, at: datetime) -> Iterable[ArcWarcRecord]:
    moment = _date(at + timedelta(seconds=hop.started_s))
    response_id = _record_id("response", hop.url, moment)
    yield writer.create_warc_record(
        hop.url,
        "response",
        payload=io.BytesIO(hop.body),
        http_headers=StatusAndHeaders(
            _line(f"{hop.status} {hop.reason}"), _response_headers(hop), protocol="HTTP/1.1"
        ),
        warc_headers_dict={
            "WARC-Record-ID": response_id,
            "WARC-Date": moment,
            "WARC-IP-Address": hop.address,
            **({"WARC-Truncated": "length"} if hop.is_truncated else {}),
        },
    )
    yield writer.create_warc_record(
        hop.url,
        "request",
        payload=io.BytesIO(b""),
        http_headers=StatusAndHeaders(
            _line(hop.request_line), _clean(hop.request_headers), is_http_request=True
        ),
        warc_headers_dict={
            "WARC-Record-ID": _record_id("request", hop.url, moment),
            "WARC-Date": moment,
            "WARC-IP-Address": hop.address,
            "WARC-Concurrent-To": response_id,
        },
    )


def _conversion(writer: WARCWriter, hop: Hop, text: str, at: datetime) -> ArcWarcRecord:
    moment = _date(at + timedelta(seconds=hop.started_s))
    return writer.create_warc_record(
        hop.url,
        "conversion",
        payload=io.BytesIO(text.encode(errors="replace")),
        warc_content_type="text/plain; charset=utf-8",
        warc_headers_dict={
            "WARC-Record-ID": _record_id("conversion", hop.url, moment),
            "WARC-Date": moment,
            "WARC-Refers-To": _record_id("response", hop.url, moment),
        },
    )


def _response_headers(hop: Hop) -> list[tuple[str, str]]:
    kept = [
        (f"{ORIGINAL}{name}" if name.lower() in ENCODINGS else name, value)
        for name, value in _clean(hop.response_headers)
    ]
    return [*kept, ("Content-Length", str(len(hop.body)))]


def _clean(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(_line(name), _line(value)) for name, value in list(headers)[:MOST_HEADERS]]


def _line(text: str) -> str:
    # Headers are ASCII; what is not is written as the bytes that came, percent-encoded.
    plain = UNFIT.sub(" ", text)[:LONGEST_HEADER]
    return "".join(sign if sign.isascii() else f"%{ord(sign):02X}" for sign in plain)


def _date(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _record_id(*what: str) -> str:
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, ' '.join(what))}>"
