"""What archives' clients are told of versions (RFC 7089, RFC 6690)."""

from __future__ import annotations

from datetime import UTC, datetime

from copydesk.record.logic.memento import Memento, http_date, memento_links, timemap_of

FIRST = Memento("https://x.example/v/1/", datetime(2026, 11, 3, 9, 5, tzinfo=UTC))
LAST = Memento("https://x.example/v/2/", datetime(2026, 11, 24, 17, 0, 30, tzinfo=UTC))
PAGES = {"original": "https://x.example/a/", "timemap": "https://x.example/t/"}


def test_times_are_written_as_http_writes_them() -> None:
    assert http_date(FIRST.at) == "Tue, 03 Nov 2026 09:05:00 GMT"


def test_a_version_names_those_beside_it_once_each() -> None:
    named = [("first", FIRST), ("prev", FIRST), ("last", LAST)]
    assert memento_links(**PAGES, named=named).split(", <") == [
        '<https://x.example/a/>; rel="original"',
        'https://x.example/t/>; rel="timemap"; type="application/link-format"',
        'https://x.example/v/1/>; rel="first prev memento"; datetime="Tue, 03 Nov 2026 09:05:00 GMT"',
        'https://x.example/v/2/>; rel="last memento"; datetime="Tue, 24 Nov 2026 17:00:30 GMT"',
    ]


def test_a_timemap_lists_all_of_them_oldest_first() -> None:
    lines = timemap_of(**PAGES, mementos=[FIRST, LAST]).splitlines()
    assert lines[0] == '<https://x.example/a/>; rel="original",'
    assert 'rel="self"; type="application/link-format"; from="Tue, 03 Nov' in lines[1]
    assert [line.partition(";")[0] for line in lines[2:]] == [f"<{FIRST.url}>", f"<{LAST.url}>"]
    assert 'rel="first last memento"' in timemap_of(**PAGES, mementos=[FIRST])
