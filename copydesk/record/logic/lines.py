"""The record as lines of JSON, as sites serve and export it: each line in canonical form, so that no bit is free.

A line is an entry: {"content", "entry", "hash", "why"}. `entry` is the header, `content` what was recorded, or null,
and then `why` says why, else it is "". An export ends with a line {"head"}, the signed head over what stands before it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from copydesk.record.logic.canonical import LARGEST_NUMBER, canonical, header_bytes
from copydesk.record.logic.heads import BadHead, SignedHead, read_head

HEADER_TYPES: dict[str, tuple[type, ...]] = {
    "article": (int, type(None)),
    "at": (str,),
    "by": (int, type(None)),
    "index": (int,),
    "is_minor": (bool,),
    "kind": (str,),
    "note": (str,),
    "path": (str,),
    "payload": (str,),
    "previous": (str,),
}
HASH = re.compile(r"[0-9a-f]{64}")
BEGIN, MIDDLE, NOTHING = b'{"content":', b',"entry":', b"null"
HEAD_BEGIN = b'{"head":'


class Why(StrEnum):
    """Why a line has no content."""

    REDACTED = "redacted"
    GATED = "gated"
    WITHDRAWN = "withdrawn"


class BadLine(ValueError):
    """What should be a line of a record is none; the message says why."""


@dataclass(frozen=True)
class Line:
    """An entry as a line says it. `written` is its canonical header, `content` the bytes of what was recorded."""

    header: dict[str, Any]
    written: bytes
    hash: str
    content: bytes | None
    why: str


def entry_line(written: bytes, stated_hash: str, content: bytes | None, why: str) -> bytes:
    """Return the line of an entry, with its end; `written` and `content` are canonical JSON."""
    return b"".join(
        (BEGIN, NOTHING if content is None else content, MIDDLE, _rest(written, stated_hash, why))
    )


def _rest(written: bytes, stated_hash: str, why: str) -> bytes:
    return b'%b,"hash":"%b","why":"%b"}\n' % (written, stated_hash.encode(), why.encode())


def head_line(head: SignedHead) -> bytes:
    """Return the last line of an export, with its end."""
    return canonical({"head": head.as_json()}) + b"\n"


def read_line(line: bytes) -> Line:
    """Return the entry that a line, with its end, says. Raises BadLine.

    The content is not looked into: it is what its header says if it has the hash that stands there.
    """
    # No text within the line can hold this: there, a quotation mark has a backslash before it.
    middle = line.rfind(MIDDLE)
    if not line.startswith(BEGIN) or middle < len(BEGIN):
        raise BadLine("it has not the form of an entry’s line")
    content, rest = line[len(BEGIN) : middle], line[middle + len(MIDDLE) :]
    value = _read(b'{"entry":' + rest)
    if set(value) != {"entry", "hash", "why"}:
        raise BadLine("it has not exactly the parts of an entry’s line")
    header, stated, why = value["entry"], value["hash"], value["why"]
    _check(header, stated)
    if why not in (tuple(Why) if content == NOTHING else ("",)):
        raise BadLine("it does not say properly why there is no content")
    try:
        written = header_bytes(header)
    except UnicodeEncodeError:
        raise BadLine("it holds half a character") from None
    if _rest(written, stated, why) != rest:
        raise BadLine("it is not in canonical form")
    return Line(header, written, stated, None if content == NOTHING else content, why)


def _check(header: Any, stated: Any) -> None:
    if not isinstance(header, dict) or header.keys() != HEADER_TYPES.keys():
        raise BadLine("its header has not exactly the parts of one")
    for name, kinds in HEADER_TYPES.items():
        if type(header[name]) not in kinds:
            raise BadLine(f"“{name}” in its header is of the wrong type")
    if not isinstance(stated, str) or not HASH.fullmatch(stated):
        raise BadLine("its hash is none")


def read_head_line(line: bytes) -> SignedHead:
    """Return the head in the last line of an export. Raises BadLine."""
    value = _read(line)
    try:
        head = read_head(value.get("head"))
    except BadHead as error:
        raise BadLine(str(error)) from None
    if head_line(head) != line:
        raise BadLine("it is not in canonical form")
    return head


def _read(line: bytes) -> dict[str, Any]:
    try:
        value = read_json(line)
    except ValueError as error:
        raise BadLine(f"it cannot be read: {error}") from None
    if not isinstance(value, dict):
        raise BadLine("it is no JSON object")
    return value


def read_json(content: bytes) -> Any:
    """Return what JSON says. Raises ValueError, for what is nested without end or has huge numbers too."""
    try:
        return json.loads(content.decode("utf-8"), parse_int=_whole)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _whole(digits: str) -> int:
    if len(digits) > 17 or not -LARGEST_NUMBER <= int(digits) <= LARGEST_NUMBER:
        raise ValueError("a number is too large")
    return int(digits)
