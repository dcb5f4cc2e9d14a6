from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.pagestore.logic.keys import page_key, place_of
from tests.factories.pages import environ

SECURE = ("HTTP_X_FORWARDED_PROTO", "https")


def key(path: str, parameters: tuple[str, ...] = (), **more: str) -> bytes:
    request = environ(path, **more)
    place = place_of(request, secure_header=None, language="en")
    assert place
    return page_key(place, request["QUERY_STRING"], parameters)


def test_only_declared_parameters_make_another_page() -> None:
    assert key("/latest/?utm_source=mail&x=1") == key("/latest/")
    assert key("/latest/?before=5-1&x=1", ("before",)) == key("/latest/?before=5-1", ("before",))
    assert key("/latest/?before=5-1", ("before",)) != key("/latest/", ("before",))


def test_of_a_parameter_given_twice_the_last_counts_as_in_django() -> None:
    assert key("/latest/?before=1&before=2", ("before",)) == key("/latest/?before=2", ("before",))
    assert key("/latest/?before=", ("before",)) == key("/latest/", ("before",))


def test_order_and_spelling_of_parameters_do_not_matter() -> None:
    both = ("after", "before")
    assert key("/?before=1&after=2", both) == key("/?after=2&before=1", both)
    assert key("/?before=%31", both) == key("/?before=1", both)


def test_bytes_that_differ_in_django_differ_here() -> None:
    assert key("/?q=\u00c3\u00a9", ("q",)) == key("/?q=%C3%A9", ("q",))
    assert key("/?q=\u00c3\u00a9", ("q",)) != key("/?q=%C3%83%C2%A9", ("q",))


def test_port_and_case_of_the_host_are_not_for_strangers_to_multiply_pages() -> None:
    assert key("/", HTTP_HOST="LOCALHOST:1") == key("/", HTTP_HOST="localhost")
    assert key("/", HTTP_HOST="[::1]:8000") == key("/", HTTP_HOST="[::1]")
    assert key("/", HTTP_HOST="other.example") != key("/", HTTP_HOST="localhost")


def test_scheme_is_what_a_trusted_proxy_says_and_nobody_else() -> None:
    asked = environ("/", HTTP_X_FORWARDED_PROTO="https")
    trusting = place_of(asked, secure_header=SECURE, language="en")
    careful = place_of(asked, secure_header=None, language="en")
    assert trusting
    assert careful
    assert (trusting.scheme, careful.scheme) == ("https", "http")


@pytest.mark.parametrize(
    "request_",
    [
        environ("/" + "a" * 2_000),
        environ("/?" + "a" * 1_000_000),
        environ("/", HTTP_HOST="h" * 300),
        environ("/", HTTP_HOST=""),
        environ("/nul\0"),
        environ("/", SCRIPT_NAME="/below"),
    ],
    ids=["long path", "long query", "long host", "no host", "nul", "below another"],
)
def test_what_no_page_of_ours_has_gets_no_key(request_: dict[str, object]) -> None:
    assert place_of(request_, secure_header=None, language="en") is None


@given(st.text(max_size=50), st.text(max_size=50))
def test_two_paths_share_a_key_only_if_they_are_one(one: str, other: str) -> None:
    places = [
        place_of(environ("/", PATH_INFO="/" + path), secure_header=None, language="en")
        for path in (one, other)
    ]
    if all(places):
        assert (places[0].digest == places[1].digest) == (one == other)  # type: ignore[union-attr]
