"""Writing a quotation: its source is pasted, its words are compared while they are typed, and put right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from copydesk.editorial.models import Article
from copydesk.sources.logic.addresses import url_key
from tests.browser.test_sign_in import sign_in_by_code
from tests.factories.editorial import make_article
from tests.factories.members import make_member
from tests.factories.quoting import ALTERED_WORDS, TRUE_WORDS, make_copied_source, quotation

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django import Settings

    from copydesk.editorial.models import FrontPage

pytestmark = pytest.mark.django_db(transaction=True)

# Two seconds after a page has loaded, Wagtail begins to look for what was changed.
WATCHED = "document.addEventListener('w-unsaved:watch-edits', () => { document.body.dataset.watched = ''; })"


def choose_source(page: Page, address: str) -> None:
    """Give the only quotation its source by an address, and see what it fills in."""
    field = page.get_by_role("combobox", name="Source: its address")
    field.fill(address)
    field.press("Enter")
    expect(page.locator(".quoted-source__card")).to_contain_text("The bridge report")
    expect(page.locator(".quoted-source__card")).to_contain_text("archived")
    expect(page.locator("input[name$='-value-publication']")).to_have_value("The Herald")
    # Who wrote a page is not who speaks in it.
    expect(page.locator(".quoted-source__card")).to_contain_text("Ann Author")
    expect(page.locator("input[name$='-value-speaker']")).to_have_value("")


def test_altered_words_are_shown_and_replaced_by_the_source_s(
    front_page: FrontPage, page: Page, settings: Settings
) -> None:
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 0  # Wagtail's own saving and the key for it would cross.
    address = "https://herald.example/report"
    source = make_copied_source(url=address, url_key=url_key(address), byline=["Ann Author"])
    article = make_article("The bridge", body=[quotation("Words")], owner=make_member("ada"))
    sign_in_by_code(page, "ada@example.org")
    page.goto(f"/desk/pages/{article.pk}/edit/")
    choose_source(page, f"{address}?utm_source=letter#top")

    words = page.locator(".quoted-words")
    editor = page.locator("[data-contentpath='text'] .public-DraftEditor-content").first
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(ALTERED_WORDS)
    expect(words.get_by_role("status")).to_contain_text("Altered")
    expect(words.locator("del")).to_contain_text("21,400")
    expect(words.locator("ins")).to_contain_text("12,400")
    expect(words.locator(".quoted-words__tag")).to_have_text("Number")

    words.get_by_role("button", name="Use the source’s words").click()
    expect(words.get_by_role("status")).to_contain_text("Exact")
    words.get_by_role("button", name="Undo").click()
    expect(words.get_by_role("status")).to_contain_text("Altered")
    words.get_by_role("button", name="Use the source’s words").click()
    expect(words.get_by_role("status")).to_contain_text("Exact")

    page.keyboard.press("Control+s")
    expect(page.get_by_text("has been updated")).to_be_visible()
    saved = Article.objects.get(pk=article.pk).get_latest_revision_as_object().body[0].value
    assert saved["source"] == source.pk
    assert TRUE_WORDS in str(saved["text"].source)


def test_words_that_were_replaced_are_saved_without_a_key_being_pressed(
    front_page: FrontPage, page: Page
) -> None:
    source = make_copied_source()
    article = make_article(
        "The bridge", body=[quotation(ALTERED_WORDS, source)], owner=make_member("ada")
    )
    sign_in_by_code(page, "ada@example.org")
    page.add_init_script(WATCHED)
    page.goto(f"/desk/pages/{article.pk}/edit/")
    words = page.locator(".quoted-words")
    expect(words.get_by_role("status")).to_contain_text("Altered")
    expect(page.locator("body[data-watched]")).to_be_attached()
    with page.expect_response(
        lambda answer: answer.request.method == "POST" and answer.url.endswith("/edit/")
    ) as saving:
        words.get_by_role("button", name="Use the source’s words").click()
    assert saving.value.status == 200
    saved = Article.objects.get(pk=article.pk).get_latest_revision_as_object().body[0].value
    assert TRUE_WORDS in str(saved["text"].source)
