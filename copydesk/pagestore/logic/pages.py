"""A stored page: the bytes readers get, what they depend on, and how both are written into one record."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Headers = list[tuple[str, str]]

FORMAT = 1
HEAD = struct.Struct(">BI")


class ForeignRecord(ValueError):
    """The bytes are no record of this version."""


@dataclass(frozen=True)
class Page:
    """A page as it is stored. `bodies` maps a content coding ("" for none) to the body in it.

    `began` is the last expiry that was known before the page was made; a later one of any of its `tags` ends it.
    `modified_at` is in seconds since 1970. A page that is gated differs for those who are signed in.
    """

    headers: Headers
    bodies: Mapping[str, bytes]
    tags: tuple[str, ...]
    began: int
    etag: str
    modified_at: int
    is_gated: bool = False

    def pack(self) -> bytes:
        """Write the page as one record."""
        head = {
            "headers": self.headers,
            "sizes": {coding: len(body) for coding, body in self.bodies.items()},
            "tags": self.tags,
            "began": self.began,
            "etag": self.etag,
            "modified_at": self.modified_at,
            "is_gated": self.is_gated,
        }
        packed = json.dumps(head, separators=(",", ":")).encode()
        return b"".join((HEAD.pack(FORMAT, len(packed)), packed, *self.bodies.values()))

    @classmethod
    def unpack(cls, record: bytes) -> Page:
        """Read a record. Raises ForeignRecord for anything else."""
        try:
            form, length = HEAD.unpack_from(record)
            if form != FORMAT:
                raise ForeignRecord
            head = json.loads(record[HEAD.size : HEAD.size + length])
            bodies, start = {}, HEAD.size + length
            for coding, size in head["sizes"].items():
                bodies[coding] = record[start : start + size]
                start += size
        except (ValueError, KeyError, TypeError, struct.error) as error:
            raise ForeignRecord from error
        if start != len(record):
            raise ForeignRecord
        return cls(
            headers=[(name, value) for name, value in head["headers"]],
            bodies=bodies,
            tags=tuple(head["tags"]),
            began=head["began"],
            etag=head["etag"],
            modified_at=head["modified_at"],
            is_gated=head["is_gated"],
        )
