"""The field of a quotation in each of its states: for every eye, by keyboard alone, and read out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from copydesk.kit import clock
from copydesk.sources.models import SourceEvent
from tests.browser.test_quotation_field import combobox, number, open_editor, words
from tests.factories.editorial import make_article, publish
from tests.factories.quoting import (
    ALTERED_WORDS,
    FOREIGN_WORDS,
    TRUE_WORDS,
    make_copied_source,
    quotation,
)
from tests.factories.sources import make_source

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page, Route

    from copydesk.sources.models import Source

    Opening = Callable[..., Page]
    Check = Callable[..., None]

__all__ = ["open_editor"]  # The fixture.

pytestmark = pytest.mark.django_db(transaction=True)

NARROW, WIDE = {"width": 320, "height": 900}, {"width": 1280, "height": 900}
LONG = "Penguins on the motorway: what the town saw, what it did not see, and unpronounceabilities"
OURS = "[data-contentpath=body] :is([data-contentpath=text], [data-contentpath=source], [data-contentpath=kind])"
# What hangs out of the window, or is cut by the element it stands in.
CUT = """[...document.querySelectorAll('[data-contentpath=body] section *, .quoted-words, .quoted-source')]
  .filter(e => e.closest('.quoted-source, .quoted-words') || e.matches('select, input'))
  .filter(e => e.getClientRects().length && !e.closest('.w-sr-only, svg'))
  .filter(e => e.getBoundingClientRect().right > innerWidth || e.getBoundingClientRect().left < 0
    || (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline' && !e.matches('select')))
  .map(e => e.outerHTML.slice(0, 120))"""


# What Wagtail keeps at the edges of the window would lie over some of it, wherever the page happens to stand.
UNSTUCK = """[...document.querySelectorAll('body *')]
  .filter(e => ['fixed', 'sticky'].includes(getComputedStyle(e).position))
  .forEach(e => { e.style.position = 'static'; })"""


def line(within: Page | Locator) -> Locator:
    return within.locator(".quoted-words")


def verdict(within: Page | Locator) -> Locator:
    return line(within).get_by_role("status")


def message(page: Page) -> Locator:
    return page.locator(".quoted-source__message")


def options(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Sources").get_by_role("option")


def offered(block: Locator) -> None:
    block.get_by_role("combobox", name="Source: its address").fill("the")
    expect(block.locator("[role=option]", has_text=LONG).first).to_be_visible()
    block.page.keyboard.press("ArrowDown")


def searched(block: Locator) -> None:
    line(block).get_by_role("button", name="Search my other sources").press("Enter")
    expect(line(block).get_by_role("button", name=LONG)).to_be_visible()
    line(block).get_by_role("button", name="Keep, explain").press("Enter")


def replaced(block: Locator) -> None:
    line(block).get_by_role("button", name="Use the source’s words").press("Enter")
    expect(verdict(block)).to_contain_text("Exact")


def pasting(block: Locator) -> None:
    block.get_by_role("button", name="Paste the text").first.press("Enter")
    expect(block.get_by_role("textbox", name="Text of the source")).to_be_focused()


def make_flagged_source() -> Source:
    source = make_copied_source(byline=["Ann Author", "Bo Writer"])
    publish(make_article(body=[quotation(TRUE_WORDS, source)]))
    SourceEvent.objects.create(
        source=source, kind="notice_appeared", severity=2, detected_at=clock.now()
    )
    return source


# Of each state: the words, the source, what the field says then, and what is done before it is looked at.
STATES: dict[str, tuple[str, Callable[[], Source | None], str, Callable[[Locator], None] | None]] = {
    "empty": ("Words", lambda: None, "Source", None),
    "exact": (TRUE_WORDS, make_flagged_source, "Exact.*1 flagged", None),
    "altered": (ALTERED_WORDS, make_copied_source, "Altered.*Number", None),
    "replaced": (ALTERED_WORDS, make_copied_source, "Exact.*Undo", replaced),
    "not found": (FOREIGN_WORDS, make_copied_source, "Not in this source.*Found in", searched),
    "waiting": (TRUE_WORDS, lambda: make_source(is_asked_for=True, next_check_at=clock.now()),
                "Could not check.*being archived", None),
    "walled": (TRUE_WORDS, lambda: make_source(LONG, trouble="paywalled", access="paywalled"),
               "behind a paywall.*Keep this text", pasting),
    # The last, since a list closes when its field is left.
    "list": ("Words", lambda: None, "sources found", offered),
}  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_every_state_is_accessible_and_none_is_cut(
    open_editor: Opening, assert_accessible: Check, scheme: str, size: dict[str, int]
) -> None:
    make_copied_source(FOREIGN_WORDS, title=LONG)
    blocks = {name: quotation(text, make()) for name, (text, make, *_) in STATES.items()}
    page = open_editor(*blocks.values(), color_scheme=scheme, viewport=size)
    for name, (_text, _make, said, act) in STATES.items():
        block = page.locator(f"#block-{blocks[name]['id']}-section")
        if act is not None:
            act(block)
        expect(block).to_contain_text(re.compile(said, re.DOTALL | re.IGNORECASE))
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.evaluate(CUT) == []
    page.evaluate(UNSTUCK)
    assert_accessible(page, OURS)
    expect(options(page)).not_to_have_count(0)  # Still open, so it was looked at too.


def active(page: Page) -> str | None:
    """Return the title of the option that the field says is the active one."""
    marked = combobox(page).get_attribute("aria-activedescendant")
    if marked is None:
        assert page.locator("[role=option][aria-selected=true]").count() == 0
        return None
    one = page.locator("[role=option][aria-selected=true]")
    assert one.get_attribute("id") == marked
    return one.locator("span").inner_text()


def test_the_list_is_used_by_keyboard_alone(open_editor: Opening) -> None:
    sources = [make_copied_source(title=f"Report {letter}") for letter in "CBA"]
    page = open_editor(quotation())
    field = combobox(page)
    field.focus()
    page.keyboard.type("Report")
    expect(message(page)).to_have_text("3 sources found.")
    expect(field).to_have_attribute("aria-expanded", "true")
    assert active(page) is None
    seen = []
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "Home", "End"):
        page.keyboard.press(key)
        seen.append(active(page))
    assert seen == [f"Report {letter}" for letter in "ABCACAC"]
    page.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(options(page)).to_have_count(0)
    assert active(page) is None
    expect(field).to_be_focused()
    expect(field).to_have_value("Report")
    page.keyboard.press("ArrowDown")
    expect(options(page)).to_have_count(3)
    page.keyboard.press("ArrowUp")
    assert active(page) == "Report C"
    page.keyboard.press("Enter")
    expect(number(page)).to_have_value(str(sources[0].pk))
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    assert page.url.endswith("/edit/")


def test_home_and_end_move_in_the_text_until_an_option_is_marked(open_editor: Opening) -> None:
    make_copied_source(title="Report A")
    page = open_editor(quotation())
    combobox(page).focus()
    page.keyboard.type("eport")
    expect(message(page)).to_have_text("1 source found.")
    page.keyboard.press("Home")
    page.keyboard.type("R")
    expect(combobox(page)).to_have_value("Report")
    assert active(page) is None


def test_a_list_that_was_closed_stays_closed_when_its_answer_is_late(open_editor: Opening) -> None:
    make_copied_source(title="Report A")
    page = open_editor(quotation())
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile("/sources/find/"), hold)
    combobox(page).focus()
    with page.expect_request(re.compile("/sources/find/")):
        page.keyboard.type("Report")
    page.keyboard.press("Tab")
    with page.expect_response(re.compile("/sources/find/")):
        held[0].continue_()
    expect(message(page)).to_be_empty()
    expect(options(page)).to_have_count(0)


def test_nothing_found_is_said(open_editor: Opening) -> None:
    page = open_editor(quotation())
    combobox(page).focus()
    page.keyboard.type("penguins")
    expect(message(page)).to_have_text("No source has these words in its title.")
    expect(message(page)).to_have_role("status")


def test_the_three_buttons_are_the_next_stops_after_the_words(open_editor: Opening) -> None:
    page = open_editor(quotation(ALTERED_WORDS, make_copied_source()))
    expect(verdict(page)).to_contain_text("Altered")
    buttons = line(page).get_by_role("button")
    names = ["Use the source’s words", "Mark as edited", "Keep, explain"]
    expect(buttons).to_have_text(names)
    buttons.first.focus()
    for name in names:
        focused = page.locator(":focus")
        expect(focused).to_have_role("button")
        expect(focused).to_have_accessible_name(name)
        page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Why these words are kept")).to_be_focused()
    page.keyboard.type("They were misprinted.")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(buttons.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(verdict(page)).to_contain_text("Exact with marked edits")
    expect(line(page).get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(words(page)).to_be_focused()
    expect(verdict(page)).to_contain_text("Altered")


def test_the_verdict_is_read_out_with_what_differs_and_what_warns(open_editor: Opening) -> None:
    page = open_editor(quotation("it will fail this winter", make_copied_source()))
    region = verdict(page)
    expect(region).to_contain_text("In the source the sentence begins")
    # It is the same element that was there before anything was said.
    region.evaluate("element => { element.dataset.kept = 'yes' }")
    expect(page.get_by_role("textbox", name="Words")).to_have_count(1)
    words(page).press("Control+a")
    page.keyboard.insert_text(ALTERED_WORDS)
    expect(region).to_contain_text("Number")
    expect(region).to_have_attribute("data-kept", "yes")
    expect(region).to_be_visible()


def test_what_was_found_elsewhere_is_read_out_and_reached(open_editor: Opening) -> None:
    source = make_copied_source(FOREIGN_WORDS, title="Penguins")
    page = open_editor(quotation(FOREIGN_WORDS, make_copied_source()))
    line(page).get_by_role("button", name="Search my other sources").press("Enter")
    expect(page.get_by_role("group", name="Found in:")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(number(page)).to_have_value(str(source.pk))
    expect(verdict(page)).to_contain_text("Exact")
