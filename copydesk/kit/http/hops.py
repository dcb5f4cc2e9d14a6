"""What a visit to another host brings back: every request with its answer, in order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Headers = tuple[tuple[str, str], ...]


class Truncation(StrEnum):
    """Why a body was not kept, or did not come whole."""

    LENGTH = "length"
    TYPE = "type"
    TIME = "time"
    DISCONNECT = "disconnect"


@dataclass(frozen=True)
class Hop:
    """One request and its answer, over a connection of its own.

    Headers are pairs in the order and the spelling they were sent in, each byte one character (Latin-1). `body` is
    decompressed, and empty where `truncation` says that it was not kept. `address` is the IP address of the peer,
    `started_s` the seconds from the start of the visit to that of the hop, `duration_s` those the hop took.
    """

    url: str
    status: int
    reason: str
    http_version: str
    request_line: str
    request_headers: Headers
    response_headers: Headers
    address: str
    body: bytes = b""
    truncation: Truncation | None = None
    started_s: float = 0.0
    duration_s: float = 0.0

    @property
    def is_truncated(self) -> bool:
        """Whether the body is missing here: too large, of a type that is not kept, or broken off."""
        return self.truncation is not None

    def header(self, name: str) -> str:
        """Return the first response header of a name, in any case, or ""."""
        return next((v for n, v in self.response_headers if n.lower() == name.lower()), "")

    def joined_headers(self) -> dict[str, str]:
        """Return the response headers by name in small letters, those of one name joined: RFC 9110, section 5.3."""
        joined: dict[str, str] = {}
        for name, value in self.response_headers:
            key = name.lower()
            joined[key] = f"{joined[key]}, {value}" if key in joined else value
        return joined

    @property
    def content_type(self) -> str:
        """The media type without parameters, in small letters, or ""."""
        return self.header("Content-Type").partition(";")[0].strip().lower()


@dataclass(frozen=True)
class Visit:
    """A page that was asked for: each redirect on the way to it, and what answered in the end."""

    hops: tuple[Hop, ...]

    @property
    def last(self) -> Hop:
        """The hop that was no redirect."""
        return self.hops[-1]

    @property
    def url(self) -> str:
        """The address that answered in the end."""
        return self.last.url

    @property
    def status(self) -> int:
        """The status of the last hop."""
        return self.last.status

    @property
    def body(self) -> bytes:
        """The body of the last hop."""
        return self.last.body
