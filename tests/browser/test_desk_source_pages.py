"""The desk's pages of sources in a browser, without scripts of their own: a form that undoes nothing, marked words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from copydesk.kit import clock
from copydesk.sources.actions.adding import edit_source
from copydesk.sources.logic.verdicts import Layer
from copydesk.sources.queries.texts import archive
from tests.factories.editorial import make_article, publish
from tests.factories.publisher import STORY
from tests.factories.quoting import quotation
from tests.factories.sources import make_quotation, make_snapshot, make_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page
    from pytest_django import Settings

    from copydesk.members.models import Member
    from copydesk.sources.models import Source

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("front_page")]

URL = "/desk/sources/"


@pytest.fixture
def desk_page(open_as: Callable[..., Page], settings: Settings, tmp_path: Path) -> Page:
    """Return a page whose browser has signed in as an editor."""
    settings.COPYDESK_SNAPSHOTS_DIR = tmp_path / "snapshots"
    return open_as()


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
    for path in ("", "new/", f"{source.pk}/", f"{source.pk}/copies/{copy.pk}/?span=4-11"):
        desk_page.goto(f"{URL}{path}")
        assert_accessible(desk_page)
        desk_page.set_viewport_size({"width": 320, "height": 640})
        assert desk_page.evaluate("document.documentElement.scrollWidth") == 320
        desk_page.set_viewport_size({"width": 1280, "height": 800})
    expect(desk_page.locator("mark")).to_have_text("council")
    desk_page.set_viewport_size({"width": 320, "height": 640})
    desk_page.goto(URL)
    # A title that gets what the other columns leave stands one letter below the other.
    width = desk_page.locator(".kept__title").first.bounding_box()
    assert width is not None
    assert width["width"] >= 200


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


SELECT = """(words) => {
  const node = document.querySelector(".kept__text").firstChild;
  const start = node.data.indexOf(words);
  window.getSelection().setBaseAndExtent(node, start, node, start + words.length);
}"""


def test_words_selected_in_a_source_s_text_go_into_the_quotation_that_led_there(
    desk_page: Page, ada: Member
) -> None:
    source = make_kept_source()
    article = make_article("On rivers", body=[quotation("Mine", source)], owner=ada)
    desk_page.goto(f"/desk/pages/{article.pk}/edit/")
    with desk_page.expect_popup() as opened:
        desk_page.get_by_role("link", name="Read its text").click()
    text = opened.value
    bar = text.get_by_role("group", name="Quote from this text")
    bar.get_by_role("button", name="Quote this").click()
    expect(bar.get_by_role("status")).to_have_text("Select the words first.")
    first, second = STORY.split(". ")[0], STORY.split(". ")[1]
    text.evaluate(SELECT, first)
    bar.get_by_role("button", name="Quote this").click()
    expect(bar.get_by_role("status")).to_contain_text("in your quotation")
    words = desk_page.locator("[data-contentpath='text'] .public-DraftEditor-content").first
    expect(words).to_have_text(first)
    expect(desk_page.locator(".quoted-words").get_by_role("status")).to_contain_text("Exact")
    text.evaluate(SELECT, second)
    bar.get_by_role("button", name="Add after").click()
    expect(words).to_have_text(f"{first} […] {second}")
    line = desk_page.locator(".quoted-words")
    expect(line.get_by_role("status")).to_contain_text("Exact")

    with desk_page.expect_popup() as opened:
        line.get_by_role("link", name="Show it in the source’s text").click()
    expect(opened.value.locator("mark").first).to_have_text(first)


def test_words_of_a_text_that_no_quotation_led_to_are_copied(desk_page: Page) -> None:
    copy = make_kept_source().snapshots.get()
    desk_page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk_page.goto(f"{URL}{copy.source_id}/copies/{copy.pk}/?span=4-11")
    desk_page.get_by_role("button", name="Quote this").click()
    expect(desk_page.get_by_role("status").filter(has_text="Copied.")).to_be_visible()
    assert desk_page.evaluate("navigator.clipboard.readText()") == "council"
    expect(desk_page.get_by_role("button", name="Add after")).to_be_hidden()
