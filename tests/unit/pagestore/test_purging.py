from __future__ import annotations

from datetime import timedelta

import pytest

from copydesk.pagestore.backends.purging import Cloudflare, Fastly, Varnish, network_at
from copydesk.pagestore.logic.purging import merged, wait_after


def test_the_tags_of_several_expiries_are_told_once_each() -> None:
    assert merged(["latest article:1", "latest article:2"]) == ["article:1", "article:2", "latest"]


def test_an_expiry_of_every_page_says_it_all() -> None:
    assert merged(["article:1", "layout", "article:2"]) == ["layout"]


def test_a_hundred_tags_are_told_and_more_are_every_page() -> None:
    tags = [f"article:{number}" for number in range(101)]
    assert len(merged(tags[:100])) == 100
    assert merged(tags) == ["layout"]


def test_the_wait_doubles_up_to_five_minutes() -> None:
    waits = [wait_after(count).total_seconds() for count in range(1, 11)]
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert wait_after(30_000) == timedelta(minutes=5)


@pytest.mark.parametrize(
    ("url", "network"),
    [
        ("varnish://10.0.0.2:6081", Varnish("10.0.0.2:6081")),
        ("varnish://[::1]:6081", Varnish("[::1]:6081")),
        # Its letters are told apart by their case.
        ("fastly://SU1Z0isxPaozGVKXdv0eY", Fastly("SU1Z0isxPaozGVKXdv0eY", "key")),
        ("cloudflare://023e105f", Cloudflare("023e105f", "key")),
        ("", None),
    ],
)
def test_the_setting_names_the_network(url: str, network: object) -> None:
    assert network_at(url, "key") == network


@pytest.mark.parametrize("url", ["fastly://service", "cloudflare://zone"])
def test_the_key_is_not_shown(url: str) -> None:
    assert "hunter2" not in repr(network_at(url, "hunter2"))
