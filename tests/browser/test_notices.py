"""Notices of errors in a browser: an editor writes one, readers find it and the passage it is about."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from copydesk.kit import clock
from copydesk.record.actions.noticing import Occasion
from copydesk.record.models import Notice, NoticeKind, Severity
from tests.factories.editorial import block, make_article, publish
from tests.factories.notices import notify

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from copydesk.editorial.models import PublishedArticle

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("front_page")]

LONG = "It burnt for three days and nobody came. " * 12
NARROW = {"width": 320, "height": 640}
TEXT = block(
    "text",
    f'<p data-block-key="aaaaa">It burnt in 1978.</p><p data-block-key="bbbbb">{LONG}</p>'
    '<p data-block-key="ccccc">Nobody was hurt.</p>',
)


def told() -> PublishedArticle:
    return publish(make_article("The fire", body=[TEXT]))


def write_notice(page: Page, published: PublishedArticle) -> None:
    page.goto(f"/desk/articles/{published.pk}/notices/")
    page.get_by_label("Substantive", exact=True).check()
    page.get_by_label("What was wrong").fill("the year of the fire")
    page.get_by_label("What is right").fill("It was 1987.")
    page.get_by_text("It burnt in 1978.").click()
    page.get_by_role("button", name="See what readers will get").click()
    expect(page.locator(".notices__notice")).to_contain_text("misstated the year of the fire.")


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no scripts"])
def test_an_editor_writes_a_notice_and_readers_get_it(
    open_as: Callable[..., Page], *, has_scripts: bool
) -> None:
    published = told()
    page = open_as(java_script_enabled=has_scripts)
    write_notice(page, published)
    page.get_by_role("button", name="Publish for good").click()
    said = page.locator(".messages")
    expect(said).to_contain_text("The notice is published.")
    expect(said.get_by_role("link", name="Edit the article")).to_be_attached()
    assert Notice.objects.get().places == [f"{TEXT['id']}.aaaaa"]
    page.goto(published.path)
    page.get_by_role("link", name="See the passage").click()
    mark = page.locator(".noticed")
    expect(mark).to_be_in_viewport()
    assert page.url.endswith(str(mark.get_attribute("id")))


def test_the_form_can_be_used_by_everybody(
    open_as: Callable[..., Page], assert_accessible: Callable[[Page], None]
) -> None:
    published = told()
    notify(published)
    for scheme in ("light", "dark"):
        page = open_as(color_scheme=scheme)
        page.goto(f"/desk/articles/{published.pk}/notices/")
        page.get_by_role("button", name="See what readers will get").click()
        expect(page.get_by_text("Say what was wrong")).to_be_visible()
        assert_accessible(page)
        _fits(page)
        write_notice(page, published)
        assert_accessible(page)
        _fits(page)


def test_the_way_to_a_notice_is_in_the_editor(open_as: Callable[..., Page]) -> None:
    published = told()
    page = open_as()
    page.goto(f"/desk/pages/{published.pk}/edit/")
    page.get_by_role("button", name="Actions").first.click()
    page.get_by_role("link", name="Publish a notice").click()
    expect(page.get_by_role("heading", name="Publish a notice")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_notices_can_be_read_by_everybody(
    new_page: Callable[..., Page], assert_accessible: Callable[[Page], None], scheme: str
) -> None:
    published = told()
    first = notify(published, places=[f"{TEXT['id']}.ccccc"], severity=Severity.SUBSTANTIVE)
    learned_at = clock.now() - timedelta(hours=26)
    notify(published, "W" * 80, occasion=Occasion(corrects=first, learned_at=learned_at))
    notify(published, "We retract this article.", kind=NoticeKind.RETRACTION)
    page = new_page(color_scheme=scheme)
    for path in (published.path, "/corrections/", "/corrections/?kind=correction"):
        page.goto(path)
        assert_accessible(page)
        _fits(page)


def test_a_keyboard_goes_from_the_date_to_the_notice_to_the_passage_and_back(page: Page) -> None:
    published = told()
    notify(published, places=[f"{TEXT['id']}.ccccc"])
    page.set_viewport_size({"width": 1000, "height": 300})
    page.goto(published.path)
    page.locator(".meta .corrected").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".erratum")).to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="See the passage")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".noticed")).to_be_in_viewport()
    page.locator(".noticed").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".erratum")).to_be_in_viewport()


def test_the_list_is_narrowed_without_scripts(new_page: Callable[..., Page]) -> None:
    published = told()
    notify(published, "A correction.")
    notify(published, "An update.", kind=NoticeKind.UPDATE)
    page = new_page(java_script_enabled=False)
    page.goto("/corrections/")
    page.get_by_role("navigation", name="Kinds").get_by_role("link", name="Update").click()
    expect(page.locator(".erratum")).to_have_count(1)
    expect(page.locator(".erratum")).to_contain_text("An update.")


def _fits(page: Page) -> None:
    size = page.viewport_size
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    assert size
    page.set_viewport_size(size)
