"""Links to the publication's own addresses are told from all others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.record.logic import gravity
from copydesk.record.logic.links import MOST, own_addresses, own_path
from copydesk.record.logic.paths import in_words

BASE = "https://weir.example"


@pytest.mark.parametrize(
    ("href", "path"),
    [
        ("/on-bridges/", "/on-bridges/"),
        ("/on-bridges", "/on-bridges/"),
        ("../on-bridges/#part", "/on-bridges/"),
        ("?p=12", "/here/?p=12"),
        ("//weir.example/a/", "/a/"),
        ("http://WWW.Weir.Example:80/a/", "/a/"),
        ("https://weir.example:443/a/?x=1", "/a/?x=1"),
        ("/br%C3%BCcken/", "/brücken/"),
        ("https://weir.example:8443/a/", ""),
        ("https://weir.example.evil.example/a/", ""),
        ("https://evil.example/https://weir.example/a/", ""),
        ("mailto:ada@weir.example", ""),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("http://[broken", ""),
        ("https://weir.example:port/a/", ""),
        ("/a%00b/", ""),
        ("/" + "x" * 600, ""),
    ],
)
def test_an_address_is_ours_or_not(href: str, path: str) -> None:
    assert own_path(href, base_url=BASE, here=f"{BASE}/here/") == path


def test_each_address_is_told_once_in_the_order_of_the_body_without_the_articles_own() -> None:
    html = '<a href="/b/">b</a> <a href="/a/">a</a> <a href="/b/#x">b</a> <a href="/here/">h</a>'
    assert own_addresses(html, base_url=BASE, path="/here/") == ["/b/", "/a/"]


def test_a_site_with_a_port_has_links_of_its_own() -> None:
    base = "http://localhost:8000"
    html = f'<a href="{base}/a/">a</a> <a href="http://localhost/b/">b</a>'
    assert own_addresses(html, base_url=base, path="/here/") == ["/a/"]


def test_only_so_many_links_are_followed() -> None:
    html = "".join(f'<a href="/a-{number}/">x</a>' for number in range(MOST + 50))
    assert len(own_addresses(html, base_url=BASE, path="/here/")) == MOST


@given(st.text(max_size=500))
def test_no_markup_breaks_it(text: str) -> None:
    for address in own_addresses(
        f'<a href="{text}">{text}</a><a href="/a/">', base_url=BASE, path="/h/"
    ):
        assert address.startswith("/")


@given(st.integers(1, 4), st.integers(1, 4))
def test_a_hop_weighs_less_and_never_nothing(weight: int, before: int) -> None:
    found = gravity.one_hop_on(weight, before=before)
    assert 1 <= found <= weight
    assert found < before or before == 1


def test_a_path_in_words_names_what_has_no_title_by_its_number() -> None:
    path = [{"kind": "source", "id": 3, "title": ""}, {"kind": "article", "id": 4, "title": "One"}]
    assert in_words(path, end="Two") == "#3 → One → Two"
