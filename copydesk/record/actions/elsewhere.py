"""Reading the record of another site."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from copydesk.kit import http
from copydesk.record.logic.heads import BadHead, SignedHead, read_head
from copydesk.record.logic.lines import read_json
from copydesk.record.logic.verifying import Verification

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from copydesk.record.logic.verifying import Report

PAGE = 1_000
# A site ends a page after eight megabytes; a single entry may be longer.
MOST_BYTES = 64 * 2**20
MOST_HEAD_BYTES = 2**16
# Who lies so often need not be read to the end.
MOST_FAULTS = 1_000
JSON_TYPES, LINES_TYPES = ("application/json",), ("application/jsonl",)


class NoRecord(Exception):
    """No record can be read there; the message says where and why."""


def verify_site(
    *,
    url: str,
    since: SignedHead | None,
    networks: Collection[str] = (),
    tell: Callable[[int, int], None] = lambda _count, _total: None,
) -> Report:
    """Return what is wrong with the record of the site at `url`, held against an earlier head where there is one.

    `networks` are private ones that may be asked too. `tell` gets how many entries were read, and of how many. Raises
    NoRecord, FetchRefused, FetchFailed.
    """
    site, verification = _Site(url, networks), Verification(since=since)
    count, head = 0, site.head()
    # It grows meanwhile: the head is read again after the entries, until it counts no more than they are.
    while True:
        before = verification.last_index
        while lines := site.lines(verification.last_index + 1):
            known = verification.last_index
            for line in lines:
                verification.take(line)
            count += len(lines)
            tell(count, max(head.size, count))
            if verification.last_index == known or verification.fault_count > MOST_FAULTS:
                break
        head = site.head()
        is_stuck = verification.last_index == before or verification.fault_count > MOST_FAULTS
        if is_stuck or head.size <= verification.last_index + 1:
            verification.head = head
            return verification.finish()


class _Site:
    def __init__(self, url: str, networks: Collection[str]) -> None:
        try:
            parts = urlsplit(url)
        except ValueError as error:
            raise NoRecord(f"{url}: {error}") from error
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise NoRecord(f"{url}: give an address such as https://example.org")
        self.base = f"{parts.scheme}://{parts.netloc}/record"
        self.may_connect = http.may_connect_to(tuple(networks))

    def head(self) -> SignedHead:
        body = self._fetch("head.json", JSON_TYPES, MOST_HEAD_BYTES)
        try:
            return read_head(read_json(body))
        except (BadHead, ValueError) as error:
            raise NoRecord(f"{self.base}/head.json: no signed head: {error}") from error

    def lines(self, first: int) -> list[bytes]:
        body = self._fetch(f"entries.jsonl?from={first}&count={PAGE}", LINES_TYPES, MOST_BYTES)
        return body.splitlines(keepends=True)

    def _fetch(self, name: str, types: Collection[str], max_bytes: int) -> bytes:
        found = http.fetch(
            f"{self.base}/{name}",
            max_bytes=max_bytes,
            content_types=types,
            may_connect=self.may_connect,
        )
        return found.body
