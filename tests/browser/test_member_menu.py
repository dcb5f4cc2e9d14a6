"""A page that is the same for everybody, and the menu on it that is one reader's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.factories.editorial import make_article, publish

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from copydesk.editorial.models import PublishedArticle


@pytest.fixture
def article(front_page: object, transactional_db: None) -> PublishedArticle:
    return publish(make_article("On bridges", body=["Weirs and locks."]))


def test_a_stranger_is_led_to_the_door_and_asks_for_no_menu(
    page: Page, article: PublishedArticle
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(article.path)
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "/-/menu/" in url]
    page.get_by_role("link", name="Account").click()
    page.wait_for_url("**/account/login/")


def test_an_editor_finds_their_menu_on_a_page_for_everybody(
    open_as: Callable[..., Page],
    article: PublishedArticle,
    assert_accessible: Callable[[Page], None],
) -> None:
    page = open_as()
    page.goto(article.path)
    menu = page.locator("details.member")
    expect(menu).to_be_visible()
    menu.locator("summary").press("Enter")
    expect(menu.get_by_role("link", name="Edit this page")).to_have_attribute(
        "href", f"/desk/pages/{article.pk}/edit/"
    )
    assert_accessible(page)
    menu.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto(article.path)
    expect(page.get_by_role("link", name="Account")).to_be_visible()
    names = {cookie.get("name") for cookie in page.context.cookies()}
    assert "member" not in names, "the mark goes with the session"


def test_without_script_the_same_link_leads_a_member_to_their_account(
    open_as: Callable[..., Page], article: PublishedArticle
) -> None:
    page = open_as("ben", java_script_enabled=False)
    page.goto(article.path)
    page.get_by_role("link", name="Account").click()
    page.wait_for_url("**/account/email/")
