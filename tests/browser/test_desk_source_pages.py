"""The desk's pages of sources in a browser, without scripts of their own: a form that undoes nothing, marked words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from copydesk.kit import clock
from copydesk.sources.actions.adding import edit_source
from copydesk.sources.logic.verdicts import Layer
from copydesk.sources.queries.texts import archive
from tests.factories.desk import BACKEND
from tests.factories.editorial import make_article, publish
from tests.factories.publisher import STORY
from tests.factories.sources import make_quotation, make_snapshot, make_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client
    from playwright.sync_api import Page
    from pytest_django import Settings

    from copydesk.members.models import Member
    from copydesk.sources.models import Source

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("front_page")]

URL = "/desk/sources/"


@pytest.fixture
def desk_page(
    new_page: Callable[..., Page],
    client: Client,
    ada: Member,
    settings: Settings,
    site_url: str,
    tmp_path: Path,
) -> Page:
    """Return a page whose browser has signed in as an editor."""
    settings.COPYDESK_SNAPSHOTS_DIR = tmp_path / "snapshots"
    client.force_login(ada, backend=BACKEND)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page = new_page()
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site_url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    return page


def make_kept_source() -> Source:
    """Return a source with a copy, that a live article quotes."""
    source, article = make_source(byline=["Ann Author", "Bo Writer"]), make_article("On bridges")
    publish(article)
    make_snapshot(source, layers={Layer.VISIBLE: STORY}, archive=archive(), warc_sha256="0" * 64)
    make_quotation(article, source)
    return source


def test_the_pages_of_sources_can_be_used_by_everybody(
    desk_page: Page, assert_accessible: Callable[[Page], None]
) -> None:
    source = make_kept_source()
    copy = source.snapshots.get()
    for path in ("", "new/", f"{source.pk}/", f"{source.pk}/copies/{copy.pk}/?start=4&end=11"):
        desk_page.goto(f"{URL}{path}")
        assert_accessible(desk_page)
    expect(desk_page.locator("mark")).to_have_text("council")


def test_an_editor_s_change_leaves_what_came_in_meanwhile(desk_page: Page) -> None:
    source = make_kept_source()
    desk_page.goto(f"{URL}{source.pk}/")
    edit_source(source=source, values={"title": "Fetched meanwhile"}, at=clock.now())
    desk_page.get_by_label("Publisher").fill("The Beacon")
    desk_page.get_by_role("button", name="Save").click()
    expect(desk_page.get_by_text("Your changes are saved.")).to_be_visible()
    source.refresh_from_db()
    assert (source.title, source.publisher) == ("Fetched meanwhile", "The Beacon")
    assert source.byline == ["Ann Author", "Bo Writer"]
