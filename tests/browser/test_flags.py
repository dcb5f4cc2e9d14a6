"""The inbox of flags in a browser: by keyboard, without scripts, on a narrow screen, in the dark."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from copydesk.kit import clock
from copydesk.record.actions.flagging import flag_source_change, flag_source_standing
from copydesk.record.models import Flag, FlagState
from copydesk.sources.logic.verdicts import Verdict
from copydesk.sources.models import SourceEvent
from tests.factories.reliance import make_notice, make_resting, tell
from tests.factories.sources import (
    make_check,
    make_checked_quotation,
    make_citation,
    make_snapshot,
    make_source,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page


pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("front_page")]

URL = "/desk/record/flags/"
WIDTH = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.fixture(autouse=True)
def _moved() -> None:
    """Let a passage change that one article quotes, a paper be retracted, and an article of ours be corrected."""
    source = make_source("The inspectors’ report of 2026")
    article = make_resting("Will the old bridge hold another winter?")
    quotation = make_checked_quotation(article, source)
    lost = make_check(make_snapshot(source), quotation.text, verdict=Verdict.ALTERED)
    source.quotations.filter(pk=quotation.pk).update(latest_check=lost)
    event = SourceEvent.objects.create(
        source=source, kind="passage_edited", severity=3, detected_at=clock.now()
    )
    flag_source_change(event_id=event.pk, at=clock.now())
    paper = make_source(
        "Donaudampfschifffahrtsgesellschaftskapitänsmütze" * 3, standing="retracted"
    )
    make_citation(make_resting("What the paper on caps says"), paper)
    flag_source_standing(source_id=paper.pk, standing="retracted", by_id=None, at=clock.now())
    wrong = make_resting("A bridge too far")
    make_resting("And further on", wrong)
    tell(make_notice(wrong))


def keep(page: Page, name: str) -> None:
    """Keep a picture of the page where somebody asked for it."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_flags_are_decided_by_keyboard(
    open_as: Callable[..., Page], assert_accessible: Callable[..., None]
) -> None:
    page = open_as()
    page.goto(URL)
    keep(page, "inbox")
    assert_accessible(page, "#main")
    titles = [each.inner_text() for each in page.locator(".flag h2 bdi").all()]
    assert titles == [
        "What the paper on caps says",
        "Will the old bridge hold another winter?",
        "And further on",
    ]
    page.get_by_label("Choose “And further on”").focus()
    page.keyboard.press("Space")
    page.get_by_label("Note").focus()
    page.keyboard.type("It says nothing of that.")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="No effect")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 flag is closed.")).to_be_visible()
    assert Flag.objects.get(state=FlagState.NO_EFFECT).note == "It says nothing of that."
    page.get_by_role("link", name="Decided").click()
    expect(page.get_by_text("It says nothing of that.")).to_be_visible()
    assert_accessible(page, "#main")
    keep(page, "decided")


def test_an_article_is_updated_without_scripts(open_as: Callable[..., Page]) -> None:
    page = open_as(java_script_enabled=False)
    page.goto(URL)
    flag = page.locator(".flag", has_text="Will the old bridge hold")
    expect(flag.get_by_text("the source does not say it any more")).to_be_visible()
    flag.get_by_role("button", name="Update the article").click()
    assert "/edit/#block-" in page.url
    assert Flag.objects.filter(state=FlagState.UPDATED).count() == 1


def test_it_fits_a_narrow_screen_in_the_dark(
    open_as: Callable[..., Page], assert_accessible: Callable[..., None]
) -> None:
    page = open_as(viewport={"width": 320, "height": 800}, color_scheme="dark")
    page.goto(URL)
    keep(page, "inbox-narrow-dark")
    assert page.evaluate(WIDTH)
    assert_accessible(page, "#main")
    page.locator(".flag__path a").first.click()
    expect(page.get_by_role("heading", name="What it rests on")).to_be_visible()
    keep(page, "reliance-narrow-dark")
    assert page.evaluate(WIDTH)
    assert_accessible(page, "#main")


def test_the_desks_home_leads_there(
    open_as: Callable[..., Page], assert_accessible: Callable[..., None]
) -> None:
    page = open_as()
    page.goto("/desk/")
    keep(page, "home")
    assert_accessible(page, ".flags-panel")
    page.get_by_role("link", name="3 flags wait for a decision.").click()
    expect(page.get_by_role("heading", name="Flags")).to_be_visible()
