"""The desk sees what other sites told us."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from copydesk.federation.models import ReceivedState, Tale
from copydesk.federation.queries import PER_PAGE
from copydesk.kit import clock
from tests.factories.desk import enter
from tests.factories.members import make_member
from tests.factories.mentions import make_received
from tests.factories.reliance import make_resting

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("front_page")]

URL = "/desk/mentions/"


def test_where_nobody_told_us_anything_it_says_so(desk: Client) -> None:
    assert "No other site has told us" in desk.get(URL).content.decode()


def test_each_is_shown_with_what_came_of_it(desk: Client) -> None:
    article = make_resting("On bridges")
    make_received(
        article,
        "https://elsewhere.example/a",
        title="<script>alert(1)</script>",
        tale=Tale.RETRACTION,
        words="All <b>wrong</b>.",
        corrected_at=clock.now(),
    )
    make_received(
        article,
        "https://gone.example/b",
        state=ReceivedState.FAILED,
        verified_at=None,
        detail="answered 404",
    )
    page = desk.get(URL).content.decode()
    for said in (
        "&lt;script&gt;alert(1)",
        "A retraction",
        "All &lt;b&gt;wrong&lt;/b&gt;.",
        "elsewhere.example",
        "On bridges",
        "Not confirmed",
        "answered 404",
        "https://gone.example/b",
    ):
        assert said in page
    assert "<script>alert(1)" not in page


def test_a_long_list_has_pages_and_takes_the_same_queries(desk: Client) -> None:
    make_received(make_resting("On bridges"))
    desk.get(URL)
    with CaptureQueriesContext(connection) as short:
        desk.get(URL)
    for number in range(PER_PAGE):
        make_received(make_resting(f"Story {number}"), f"https://elsewhere.example/{number}")
    with CaptureQueriesContext(connection) as long:
        first = desk.get(URL).content.decode()
    assert len(long) == len(short)
    assert 'rel="next"' in first
    assert "https://elsewhere.example/story" not in first
    assert "https://elsewhere.example/story" in desk.get(f"{URL}?p=2").content.decode()
    assert desk.get(f"{URL}?p=nonsense").status_code == 200


@pytest.mark.parametrize(("name", "is_offered"), [("ada", True), ("wanda", False)])
def test_editors_are_offered_the_list(client: Client, name: str, *, is_offered: bool) -> None:
    enter(client, make_member(name))
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert ("Mentions elsewhere" in home) is is_offered
