"""Where a page takes Webmentions is read from its headers, then from its HTML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.federation.logic.webmention import find_endpoint

URL = "https://elsewhere.example/posts/one"
ENDPOINT = "https://elsewhere.example/endpoint"


@pytest.mark.parametrize(
    ("links", "html", "endpoint"),
    [
        (["</endpoint>; rel=webmention"], "", ENDPOINT),
        (['</endpoint>; rel="webmention"'], "", ENDPOINT),
        (['</other>; rel="other", </endpoint>; title="a, b"; rel="x WebMention"'], "", ENDPOINT),
        (["</other>; rel=other", "</endpoint>; rel=webmention"], "", ENDPOINT),
        (['</endpoint?a="b">; rel="not-webmention"'], "", ""),
        ([], '<link rel="webmention" href="/endpoint">', ENDPOINT),
        ([], '<p><a rel="nofollow webmention" href="../endpoint">here</a>', ENDPOINT),
        ([], '<a rel=webmention>no</a><link rel=webmention href="/endpoint">', ENDPOINT),
        ([], '<link rel="webmention" href="">', URL),
        (
            [],
            '<!-- <link rel="webmention" href="/no"> --><p>&lt;link rel=webmention href=/no&gt;',
            "",
        ),
        (["</endpoint>; rel=webmention"], '<link rel="webmention" href="/other">', ENDPOINT),
        ([], '<link rel="webmention" href="javascript:alert(1)">', ""),
        ([], '<link rel="webmention" href="http://[broken">', ""),
        ([], f'<link rel="webmention" href="/{"x" * 3_000}">', ""),
        ([], "", ""),
    ],
)
def test_the_endpoint_is_found(links: list[str], html: str, endpoint: str) -> None:
    assert find_endpoint(links, html, url=URL) == endpoint


@given(st.text(max_size=300), st.text(max_size=300))
def test_nothing_that_a_site_sends_breaks_it(header: str, html: str) -> None:
    find_endpoint([header, f"<{header}>; rel=webmention"], f"<link rel=webmention {html}>", url=URL)


def test_a_hostile_header_is_read_quickly() -> None:
    assert find_endpoint(["<a>" + "; x=" * 5_000, "<" * 20_000], "", url=URL) == ""
