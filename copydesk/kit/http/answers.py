"""What came back."""

from __future__ import annotations

from dataclasses import dataclass

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Hop:
    """One answer: what was asked for, by which address, and what came.

    `body` is without its transfer and content encodings. It is empty, and `is_truncated` says so, where it was larger
    than allowed or of a type that holds no text.
    """

    url: str
    status: int
    reason: str
    http_version: str
    request_line: str
    request_headers: Headers
    response_headers: Headers
    body: bytes
    address: str
    is_truncated: bool
    # Since the visit began, in seconds.
    started_after: float

    def header(self, name: str) -> str:
        """Return the first header of the answer with this name, "" where there is none."""
        return next((value for key, value in self.response_headers if key.lower() == name), "")
