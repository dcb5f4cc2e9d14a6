"""What other sites told us at the desk, and the page by which they are told: on a narrow screen, in the dark."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from copydesk.federation.models import Mention, ReceivedState, Tale
from copydesk.kit import clock
from tests.factories.mentions import make_received, make_told_notice
from tests.factories.reliance import make_resting

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("front_page")]

WIDTH = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
NARROW = {"viewport": {"width": 320, "height": 800}, "color_scheme": "dark"}


def keep(page: Page, name: str) -> None:
    """Keep a picture of the page where somebody asked for it."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_the_list_at_the_desk_fits_a_narrow_screen_in_the_dark(
    open_as: Callable[..., Page], assert_accessible: Callable[..., None]
) -> None:
    article = make_resting("Will the old bridge hold another winter?")
    at = clock.now()
    said = {"tale": Tale.CORRECTION, "words": "It was 12, not 13.", "corrected_at": at}
    make_received(article, "https://elsewhere.example/story", title="Thirteen bridges", **said)
    make_received(
        article,
        f"https://elsewhere.example/{'donaudampfschiff' * 20}",
        state=ReceivedState.FAILED,
        verified_at=None,
        detail="does not link to the target",
    )
    page = open_as(**NARROW)
    page.goto("/desk/mentions/")
    expect(page.get_by_text("It was 12, not 13.")).to_be_visible()
    keep(page, "mentions-narrow-dark")
    assert page.evaluate(WIDTH)
    assert_accessible(page, "#main")


def test_the_page_of_a_notice_is_readable_for_people(
    new_page: Callable[..., Page], assert_accessible: Callable[..., None]
) -> None:
    notice = make_told_notice()
    long = f"https://elsewhere.example/{'donaudampfschiff' * 20}"
    Mention.objects.filter(notice=notice).update(target=long)
    page = new_page(java_script_enabled=False, **NARROW)
    page.goto(f"/webmention/notices/{notice.pk}/")
    expect(page.get_by_role("link", name=long)).to_be_visible()
    keep(page, "notice-narrow-dark")
    assert page.evaluate(WIDTH)
    page = new_page()
    page.goto(f"/webmention/notices/{notice.pk}/")
    assert_accessible(page)
