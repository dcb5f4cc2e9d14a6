from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.sources.logic.addresses import (
    MAX_KEY,
    MAX_LENGTH,
    BadAddress,
    Fault,
    clean_url,
    domain_of,
    is_home,
    url_key,
)


@pytest.mark.parametrize(
    ("pasted", "address"),
    [
        ("  <https://Example.ORG/A?b=1>\n", "https://example.org/A?b=1"),
        ("example.org/news", "https://example.org/news"),
        ("example.org:8080/news", "https://example.org:8080/news"),
        ("//example.org/news", "https://example.org/news"),
        ("http://example.org", "http://example.org/"),
        ("https://example.org:443/", "https://example.org/"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://example.org/a#:~:text=some%20words", "https://example.org/a"),
        ("https://example.org/a#part-2", "https://example.org/a"),
        ("https://example.org/#!/story/7:~:text=x", "https://example.org/#!/story/7"),
        ("https://example.org/a b/100%/é?q=ü|[1]", "https://example.org/a%20b/100%/%C3%A9?q=%C3%BC|[1]"),
        ("https://straße.example/", "https://xn--strae-oqa.example/"),
        ("HTTPS://日本語。jp/", "https://xn--wgv71a119e.jp/"),
        ("http://localhost:8000/x", "http://localhost:8000/x"),
        ("http://192.0.2.7/x", "http://192.0.2.7/x"),
        ("http://[2001:DB8::0:1]/", "http://[2001:db8::1]/"),
        ("https://some_name.example.org/", "https://some_name.example.org/"),
        ("https://example.org/mail@home", "https://example.org/mail@home"),
    ],
)  # fmt: skip
def test_what_a_writer_pasted_becomes_a_whole_address(pasted: str, address: str) -> None:
    assert clean_url(pasted) == address
    assert clean_url(address) == address


@pytest.mark.parametrize(
    ("pasted", "fault"),
    [
        ("", Fault.EMPTY),
        (" <> ", Fault.EMPTY),
        ("https://example.org/" + "a" * MAX_LENGTH, Fault.TOO_LONG),
        ("https://example.org/" + "字" * 400, Fault.TOO_LONG),
        ("https://example.org/a\x00b", Fault.CHARACTERS),
        ("https://example.org/a\nb", Fault.CHARACTERS),
        ("https://example.org/\u202egpj.exe", Fault.CHARACTERS),
        ("https://example.org/\ud800", Fault.CHARACTERS),
        ("javascript:alert(1)", Fault.SCHEME),
        ("mailto:ada@example.org", Fault.SCHEME),
        ("file:///etc/passwd", Fault.SCHEME),
        ("ftp://example.org/", Fault.SCHEME),
        ("data:text/html,x", Fault.SCHEME),
        ("https://ada:secret@example.org/", Fault.USERINFO),
        ("https://example.org\\@evil.example/", Fault.USERINFO),
        ("ada@example.org", Fault.USERINFO),
        ("just some words", Fault.HOST),
        ("3.14", Fault.HOST),
        ("word", Fault.HOST),
        ("https://", Fault.HOST),
        ("https:///path", Fault.HOST),
        ("https:example.org", Fault.HOST),
        ("https://a..b/", Fault.HOST),
        ("https://evil.example\\.example.org/", Fault.HOST),
        ("https://exa mple.org/", Fault.HOST),
        ("https://2130706433/", Fault.HOST),
        ("https://0x7f.1/", Fault.HOST),
        ("https://[::1/", Fault.HOST),
        ("https://[zz::1]/", Fault.HOST),
        ("https://[fe80::1%25eth0]/", Fault.HOST),
        ("https://[fe80::1%eth0]/", Fault.HOST),
        ("https://example.org:0/", Fault.HOST),
        ("https://example.org:99999/", Fault.HOST),
        ("https://example\u2100.org/", Fault.HOST),
        ("https://" + "a" * 64 + ".example/", Fault.HOST),
        ("https://" + "é." * 200 + "example/", Fault.HOST),
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_page_is_refused_with_its_fault(pasted: str, fault: Fault) -> None:
    with pytest.raises(BadAddress, match=r"address") as refused:
        clean_url(pasted)
    assert refused.value.fault is fault


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.example.org/a/", "https://example.org/a"),
        ("https://example.org/a?utm_source=x&fbclid=1&MC_CID=2", "https://example.org/a"),
        ("https://example.org/a?b=2&a=1&gclid=z", "https://example.org/a?a=1&b=2"),
        ("https://example.org/a/index.html", "https://example.org/a/"),
        ("https://example.org/%7eada/%e9%2f", "https://example.org/~ada/%E9%2F"),
        ("https://example.org/é", "https://example.org/%c3%a9"),
        ("https://example.org/a/./b/../c", "https://example.org/a/c"),
        ("https://example.org:443/a", "http://example.org:80/a"),
        ("https://EXAMPLE.org/?q=a+b", "https://example.org/?q=a%20b"),
        ("https://münchen.example/", "https://xn--mnchen-3ya.example"),
        ("https://example.org/a#part", "https://example.org/a#:~:text=words"),
    ],
)
def test_two_addresses_of_one_page_share_a_key(one: str, other: str) -> None:
    assert url_key(one) == url_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a", "https://example.org/A"),
        ("https://example.org/?p=1", "https://example.org/?p=2"),
        ("https://example.org/a%2Fb", "https://example.org/a/b"),
        ("https://example.org:8080/", "https://example.org/"),
        ("https://news.example.org/", "https://example.org/"),
        ("https://www.org/", "https://org.example/"),
        ("https://example.org/#!/1", "https://example.org/#!/2"),
        ("https://example.org/?ref=1", "https://example.org/"),
        ("https://example.org/" + "a" * 600 + "1", "https://example.org/" + "a" * 600 + "2"),
    ],
)
def test_two_pages_have_two_keys(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


def test_a_key_is_the_host_from_its_end_and_then_the_path() -> None:
    assert url_key("https://www.news.example.org/a/?b=1") == "org,example,news)/a?b=1"
    assert url_key("http://192.0.2.7:8080/") == "192.0.2.7:8080)/"
    assert url_key("https://www.org/") == "org,www)/"


def test_a_long_key_is_cut_and_hashed() -> None:
    key = url_key("https://example.org/" + "a" * 1900)
    assert len(key) == MAX_KEY
    assert key.startswith("org,example)/aaa")


_PIECES = st.sampled_from(
    [
        *"/?&=#%:@[]\\ ;+é字。\x00\ud800",
        *["https://", "example.org", "www.", "%2f", "%c3", "..", "8080", "utm_x", "xn--"],
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=12).map("".join)))
def test_any_text_is_refused_or_cleaned_for_good(text: str) -> None:
    try:
        address = clean_url(text)
    except BadAddress:
        assert domain_of(text) == ""
        assert not is_home(text)
        return
    assert address.isascii()
    assert clean_url(address) == address
    assert url_key(address) == url_key(text)
    assert domain_of(text) != ""


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org", True),
        ("https://www.example.org/?utm_source=x", True),
        ("https://example.org/index.php", True),
        ("https://example.org/en/", True),
        ("https://example.org/pt-BR", True),
        ("https://example.org/?p=123", False),
        ("https://example.org/about", False),
        ("https://example.org/#!/story", False),
        ("nothing", False),
    ],
)
def test_a_home_page_is_known_by_its_address(url: str, expected: bool) -> None:  # noqa: FBT001 - a table of cases
    assert is_home(url) is expected


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.example.org/a", "example.org"),
        ("https://xn--mnchen-3ya.example/", "münchen.example"),
        ("https://xn--wgv71a119e.jp/", "日本語.jp"),
        # Cyrillic letters among Latin ones stay in the form nobody mistakes.
        ("https://pаypal.example/", "xn--pypal-4ve.example"),
        ("https://xn--zzzzzzzz99999.example/", "xn--zzzzzzzz99999.example"),
        ("not one", ""),
    ],
)
def test_a_domain_is_shown_as_readers_know_it(url: str, domain: str) -> None:
    assert domain_of(url) == domain
