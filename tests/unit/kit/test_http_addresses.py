"""The forms of addresses: whatever is written, an answer or a refusal, and no other way out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.kit import http
from copydesk.kit.http import Hop, addresses, client
from copydesk.kit.http.guard import Guard

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

GUARD = Guard(http.is_public, frozenset({80, 443}), time.monotonic() + 3600, 1)
# Letters that mean something to readers of addresses, and some that only look so.
PIECES = st.sampled_from(
    [
        *("http:", "https:", "//", "/", "\\", "@", ":", "?", "#", "[", "]", "%", "%00", "..", ".", "80"),
        *("a.example", "127.0.0.1", "::1", "0x7f", "\r\n", "\t", " ", "\x00", "ä", "℀", "。", "\ud800"),
        *("xn--", "xn--a", "ß", "\u200d", "@@", "65536", "-1", "file:", "javascript:"),
    ]
)  # fmt: skip
WRITTEN = st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join))


def outcome(ask: Callable[[], httpx.URL]) -> httpx.URL | str:
    """Return the address, or the reason of the refusal."""
    try:
        return ask()
    except http.FetchRefused as refused:
        return refused.reason
    except http.FetchFailed as failed:
        return failed.reason


@settings(max_examples=500)
@given(WRITTEN)
def test_what_is_asked_is_a_web_address_on_a_web_port(written: str) -> None:
    found = outcome(lambda: client._checked(written, GUARD))
    if isinstance(found, str):
        assert found in {"bad_address", "bad_port", "private_address"}
    else:
        assert found.scheme in {"http", "https"}
        assert (found.port in {None, 80, 443}, found.userinfo, found.fragment) == (True, b"", "")
        assert addresses.is_well_formed(found.raw_host.decode())


@settings(max_examples=500)
@given(WRITTEN)
def test_a_redirect_to_anything_is_an_address_or_an_error(written: str) -> None:
    location = written.encode("utf-8", errors="replace").decode("latin-1")
    hop = Hop("https://a.example/b", 302, "", "HTTP/1.1", "", (), (("Location", location),), "")
    found = outcome(lambda: client._redirected(hop, GUARD))
    if isinstance(found, str):
        assert found in {"bad_redirect", "bad_port", "private_address"}
    else:
        assert found.scheme in {"http", "https"}


def test_of_an_address_with_a_password_the_password_is_not_told() -> None:
    for url in [
        "http://me:secret@[bad/",
        "http://me:secret@a.example/",
        "ftp://me:secret@a.example",
    ]:
        with pytest.raises(http.FetchRefused) as refused:
            client._checked(url, GUARD)
        assert "secret" not in str(refused.value)


USUAL = "a a.example xn--bcher-kva.example a_b.example 1.example 93.184.215.14 ::1"
UNUSUAL = "- . a. a..b -a.example a-.example A 1 1.2.3 0x a.0x1f a.1 1.2.3.4.5 fe80::1%1 a%2e"


@pytest.mark.parametrize("host", USUAL.split())
def test_a_usual_host(host: str) -> None:
    assert addresses.is_well_formed(host)


@pytest.mark.parametrize("host", [*UNUSUAL.split(), "", "a b", "a\n"])
def test_no_usual_host(host: str) -> None:
    assert not addresses.is_well_formed(host)
