"""Sparing other people's hosts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.sources.logic import politeness

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
WEEK = 7 * 24 * 3600
AGENT = "Copydesk/0.1 (+https://copydesk.example/bot)"
PAGE = "https://paper.example/news/1?a=b"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("0000000120", 120),
        ("99999999", WEEK),
        ("9" * 5_000, WEEK),
        ("Tue, 24 Nov 2026 10:00:30 GMT", 30),
        ("Tuesday, 24-Nov-26 10:00:30 GMT", 30),
        ("Tue Nov 24 10:00:30 2026", 30),
        ("Tue, 24 Nov 2026 12:00:30 +0200", 30),
        ("Tue, 24 Nov 2020 10:00:00 GMT", 0),
        ("Tue, 24 Nov 2099 10:00:00 GMT", WEEK),
        ("Tue, 99 Nov 2026 10:00:00 GMT", None),
        ("-5", None),
        ("1.5", None),
        ("١٢", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_host_says_how_long_it_wants_to_be_left_alone(value: str, expected: int | None) -> None:
    headers = [("Server", "x"), ("retry-after", value)]
    assert politeness.retry_after_seconds(headers, AT) == expected


def test_a_host_may_not_say_how_long() -> None:
    assert politeness.retry_after_seconds([("Date", "0")], AT) is None


@given(st.text())
def test_whatever_a_host_says_is_a_number_within_a_week_or_nothing(value: str) -> None:
    seconds = politeness.retry_after_seconds([("Retry-After", value)], AT)
    assert seconds is None or 0 <= seconds <= WEEK


@pytest.mark.parametrize(
    ("status", "expected"),
    [(404, True), (401, True), (302, True), (500, False), (503, False), (None, False)],
)
def test_without_rules_everything_is_allowed_unless_the_host_is_in_trouble(
    status: int | None,
    expected: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    assert politeness.may_recheck(b"User-agent: *\nDisallow: /", status, PAGE, AGENT) is expected


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (b"", True),
        (b"User-agent: *\nDisallow: /news", False),
        (b"User-agent: *\nDisallow: /news\nAllow: /news/1", True),
        (b"User-agent: *\nDisallow: /*?a=", False),
        (b"User-agent: copydesk\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
        (b"User-agent: Copydesk\nAllow: /\n\nUser-agent: *\nDisallow: /", True),
        # Our User-Agent holds the word in its address; we are not meant.
        (b"User-agent: bot\nDisallow: /", True),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /", False),
        (b"\xff\xfe\x00User-agent\x00: \xff\nDisallow", True),
        (b"User-agent: *\n" + b"Disallow: /x\n" * 50_000 + b"Disallow: /news", True),
        (b"<html><p>User-agent: nobody", True),
    ],
)
def test_a_check_without_a_person_obeys_the_rules_of_the_host(
    rules: bytes,
    expected: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    assert politeness.may_recheck(rules, 200, PAGE, AGENT) is expected


@given(st.binary())
def test_no_rules_are_too_broken_to_read(rules: bytes) -> None:
    for lines in (rules, b"User-agent: *\nCrawl-delay: " + rules + b"\nDisallow: " + rules):
        assert isinstance(politeness.may_recheck(lines, 200, PAGE, AGENT), bool)


def test_the_rules_are_at_the_root() -> None:
    assert (
        politeness.robots_url("https://a.example:8443/x/y?z#w")
        == "https://a.example:8443/robots.txt"
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Paper.Example/a", "paper.example"),
        ("http://www.paper.example:8080/", "paper.example"),
        ("http://paper.example./", "paper.example"),
        ("http://me:secret@paper.example/", "paper.example"),
        ("http://Bücher.example/", "xn--bcher-kva.example"),
        ("http://xn--bcher-kva.example/", "xn--bcher-kva.example"),
        ("http://[2001:DB8::1]:80/", "2001:db8::1"),
        ("http://" + "a" * 70 + ".example/", ""),
        ("http://[::1", ""),
        ("no address", ""),
        ("", ""),
    ],
)
def test_pages_of_a_host_are_known_to_be_its(url: str, expected: str) -> None:
    assert politeness.host_key(url) == expected


def test_rules_that_were_too_large_to_keep_allow_nothing() -> None:
    assert not politeness.may_recheck(None, 200, PAGE, AGENT)
