"""What can go wrong while a quotation's source is chosen: slips, late answers, a session that ends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from copydesk.sources.models import Source
from tests.factories.desk import edit_url
from tests.factories.editorial import make_article
from tests.factories.quoting import ALTERED_WORDS, TRUE_WORDS, make_copied_source, quotation
from tests.factories.sources import make_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Locator, Page, Route
    from pytest_django import Settings

    Opening = Callable[..., Page]

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "https://herald.example/new"
# Longer than any wait of the field's own: 400 ms after typing, 250 ms after pasting.
PAUSE = 600


@pytest.fixture
def open_editor(open_as: Callable[..., Page], settings: Settings, tmp_path: Path) -> Opening:
    """Open an article of these blocks at the desk."""
    settings.COPYDESK_SNAPSHOTS_DIR = tmp_path / "snapshots"

    def opened(*blocks: dict[str, Any], **options: Any) -> Page:
        page = open_as(**options)
        page.goto(edit_url(make_article(body=blocks)))
        return page

    return opened


def combobox(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Source: its address")


def number(page: Page) -> Locator:
    return page.locator("input[name$='-value-source']")


def option(page: Page, title: str) -> Locator:
    return page.locator(".quoted-source__list [role=option]", has_text=title)


def words(page: Page) -> Locator:
    return page.locator("[data-contentpath='text'] .public-DraftEditor-content").first


def paste(page: Page, text: str) -> None:
    """Put text into the field that has the focus as the clipboard does."""
    event = "new InputEvent('input', {bubbles: true, inputType: 'insertFromPaste'})"
    page.evaluate(
        f"(text) => {{ const to = document.activeElement; to.value = text; to.dispatchEvent({event}) }}",
        text,
    )


def test_a_pause_while_an_address_is_typed_makes_no_source_and_enter_does(
    open_editor: Opening,
) -> None:
    page = open_editor(quotation())
    combobox(page).click()
    page.keyboard.type("https://h")
    page.wait_for_timeout(PAUSE)
    assert not Source.objects.exists()
    expect(page.get_by_text("Press Enter to add")).to_be_visible()
    page.keyboard.type("erald.example/report")
    page.keyboard.press("Enter")
    expect(number(page)).not_to_have_value("")
    assert [row.url for row in Source.objects.all()] == ["https://herald.example/report"]


def test_a_pasted_address_is_added_without_more(open_editor: Opening) -> None:
    page = open_editor(quotation())
    combobox(page).focus()
    paste(page, ADDRESS)
    expect(number(page)).not_to_have_value("")
    assert Source.objects.get().url == ADDRESS


def test_the_last_choice_counts_whichever_answer_comes_last(open_editor: Opening) -> None:
    first = make_copied_source(title="Alpha report")
    second = make_copied_source(title="Beta report")
    page = open_editor(quotation())
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(rf"/{first.pk}/card/|/sources/add/"), hold)
    combobox(page).fill("Alpha")
    option(page, "Alpha").click()
    combobox(page).fill("Beta")
    expect(option(page, "Beta")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(number(page)).to_have_value(str(second.pk))
    combobox(page).fill(ADDRESS)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Another source").press("Enter")
    expect(combobox(page)).to_be_focused()
    assert len(held) == 2
    for route in held:
        with page.expect_response(route.request.url):
            route.continue_()
    page.wait_for_timeout(PAUSE)
    expect(number(page)).to_have_value("")


def test_a_session_that_ended_leaves_the_source_and_says_so(
    open_editor: Opening, settings: Settings
) -> None:
    source = make_copied_source()
    page = open_editor(quotation(ALTERED_WORDS, source))
    line = page.locator(".quoted-words")
    expect(line.get_by_role("status")).to_contain_text("Altered")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    words(page).press("End")
    page.keyboard.type("!")
    expect(line.get_by_role("status")).to_contain_text("Are you still signed in?")
    combobox(page).fill(ADDRESS)
    combobox(page).press("Enter")
    expect(page.locator(".quoted-source__message")).to_contain_text("Are you still signed in?")
    expect(number(page)).to_have_value(str(source.pk))
    words(page).press("Control+a")
    page.keyboard.press("Delete")
    expect(line.get_by_role("status")).to_be_empty()


def test_words_that_no_key_brought_are_compared(open_editor: Opening) -> None:
    page = open_editor(quotation(TRUE_WORDS, make_copied_source()))
    status = page.locator(".quoted-words").get_by_role("status")
    expect(status).to_contain_text("Exact")
    words(page).press("Control+a")
    page.wait_for_timeout(PAUSE)
    page.keyboard.insert_text(ALTERED_WORDS)
    expect(status).to_contain_text("Altered")


def test_undo_is_gone_once_more_is_written(open_editor: Opening) -> None:
    page = open_editor(quotation(ALTERED_WORDS, make_copied_source()))
    line = page.locator(".quoted-words")
    line.get_by_role("button", name="Use the source’s words").press("Enter")
    undo = line.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    words(page).press("End")
    page.keyboard.type(" and more")
    expect(undo).to_be_hidden()
    expect(words(page)).to_have_text(f"{TRUE_WORDS} and more")


def test_fetching_again_keeps_the_focus_and_asks_how_it_goes(open_editor: Opening) -> None:
    source = make_source(trouble="blocked", liveness="blocked")
    page = open_editor(quotation(TRUE_WORDS, source))
    page.get_by_role("button", name="Fetch again").press("Enter")
    expect(page.get_by_role("button", name="Another source")).to_be_focused()
    expect(page.locator(".quoted-source__card")).to_contain_text("being archived")
    with page.expect_response(re.compile(f"/{source.pk}/card/")):
        pass


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_difference_stands_out_in_both_themes(open_editor: Opening, scheme: str) -> None:
    page = open_editor(quotation(ALTERED_WORDS, make_copied_source()), color_scheme=scheme)
    for name in ("del", "ins"):
        expect(page.locator(f".quoted-words {name}")).to_be_visible()
        assert page.locator(f".quoted-words {name}").evaluate(CONTRAST) >= 4.5


# Of an element's color to the first painted color behind it, as WCAG 2 defines it; drawn, so any color form is read.
CONTRAST = """(element) => {
  const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const seen = (color) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = color;
    pen.fillRect(0, 0, 1, 1);
    return pen.getImageData(0, 0, 1, 1).data;
  };
  const luminance = (color) => {
    const [r, g, b] = [...seen(color)].slice(0, 3).map((part) =>
      part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  let behind = element;
  while (behind && seen(getComputedStyle(behind).backgroundColor)[3] < 255) behind = behind.parentElement;
  const colors = [getComputedStyle(element).color, behind ? getComputedStyle(behind).backgroundColor : "white"];
  const [low, high] = colors.map(luminance).sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}"""
