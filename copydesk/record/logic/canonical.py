"""The one way in which what is recorded becomes bytes: RFC 8785 (JSON Canonicalization Scheme), for what it needs.

Objects have ASCII names, and values are text, whole numbers up to 2^53, true, false, null, lists and objects. For these
the scheme says: UTF-8, names sorted, nothing between the tokens, no escapes but those JSON must have.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256
from json.encoder import encode_basestring as quoted
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST_NUMBER = 2**53
BOOLEANS = {True: "true", False: "false"}


def canonical(value: object) -> bytes:
    """Return the canonical bytes of a value. Raises TypeError or ValueError for what has none here."""
    _check(value)
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    ).encode()


def _check(value: object) -> None:
    if isinstance(value, dict):
        for name, part in value.items():
            if not (isinstance(name, str) and name.isascii()):
                raise TypeError(f"the name {name!r} is not ASCII text")
            _check(part)
    elif isinstance(value, list | tuple):
        for part in value:
            _check(part)
    elif isinstance(value, int):
        if not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
            raise ValueError(f"{value} is too large a number")
    elif value is not None and not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} has no canonical form")


def digest(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal."""
    return sha256(content).hexdigest()


def moment(at: datetime) -> str:
    """Return a point in time as the record writes it: UTC, to the microsecond, such as 2026-11-24T09:30:00.000000Z."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def header_of(entry: Any) -> dict[str, object]:
    """Return what an entry's hash is taken of, from anything with the names of an entry's fields."""
    return {
        "article": entry.article_id,
        "at": moment(entry.at),
        "by": entry.by_id,
        "index": entry.index,
        "is_minor": entry.is_minor,
        "kind": entry.kind,
        "note": entry.note,
        "path": entry.path,
        "payload": entry.payload_sha256,
        "previous": entry.previous_hash,
    }


def header_bytes(header: Mapping[str, Any]) -> bytes:
    """Return the canonical bytes of a header whose parts have their types: `canonical` of it, but ten times as fast."""
    article, by = header["article"], header["by"]
    return (
        f'{{"article":{"null" if article is None else article},"at":{quoted(header["at"])},'
        f'"by":{"null" if by is None else by},"index":{header["index"]},'
        f'"is_minor":{BOOLEANS.get(header["is_minor"], "null")},"kind":{quoted(header["kind"])},'
        f'"note":{quoted(header["note"])},"path":{quoted(header["path"])},'
        f'"payload":{quoted(header["payload"])},"previous":{quoted(header["previous"])}}}'
    ).encode()
