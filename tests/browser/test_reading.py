"""Reading needs no script, no wide screen and no light."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories.editorial import make_article, publish

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from copydesk.editorial.models import FrontPage


@pytest.fixture(autouse=True)
def _story(front_page: FrontPage) -> None:
    publish(make_article("The bridge is open", body=["It carries a tram."]))


def test_an_article_is_found_and_read_without_script(new_page: Callable[..., Page]) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name="The bridge is open").first.click()
    assert page.get_by_text("It carries a tram.").is_visible()


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_reading_is_accessible(
    new_page: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
    width: int,
    color_scheme: str,
) -> None:
    page = new_page(viewport={"width": width, "height": 800}, color_scheme=color_scheme)
    page.goto("/")
    assert_accessible(page)
    page.get_by_role("link", name="The bridge is open").first.click()
    page.get_by_text("It carries a tram.").wait_for()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
