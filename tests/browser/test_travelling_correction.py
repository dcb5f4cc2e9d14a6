"""A correction from the error to the readers of another article: nothing is silent, and nobody is left out."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from copydesk.editorial.models import PublishedArticle
from copydesk.kit import clock
from copydesk.ops.serve.background import Tasks
from copydesk.record.models import Flag, FlagState, Notice
from copydesk.record.queries.inspection import inspect_record
from tests.factories.desk import edit_url
from tests.factories.editorial import block, make_article
from tests.factories.members import make_member
from tests.factories.reliance import make_resting

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from pytest_django import Settings

    from copydesk.editorial.models import Article

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

WORDS = "The fire burnt for three days in 1978."
BODY = block("text", f'<p data-block-key="aaaaa">{WORDS}</p>')


@pytest.fixture
def fire(front_page: object) -> Article:
    """An article that is written, and not published yet."""
    return make_article("The fire", body=[BODY])


def press_publish(desk: Page) -> None:
    desk.get_by_role("button", name="More actions").click()
    desk.get_by_role("button", name="Publish", exact=True).click()


def publish(desk: Page, article: Article) -> PublishedArticle:
    desk.goto(edit_url(article))
    press_publish(desk)
    expect(desk.get_by_text("has been published")).to_be_visible()
    return PublishedArticle.objects.get(pk=article.pk)


def change_in_silence(desk: Page, published: PublishedArticle) -> None:
    """Try to change what readers have had for hours and say nothing; then call it a trifle, which needs no note."""
    early = clock.now() - timedelta(hours=1)
    PublishedArticle.objects.filter(pk=published.pk).update(note_needed_at=early)
    desk.goto(f"/desk/pages/{published.pk}/edit/")
    words = desk.locator(".public-DraftEditor-content").filter(has_text=WORDS)
    words.click()
    desk.keyboard.press("Control+End")
    desk.keyboard.type(" Nobody was to blame.")
    # The editor's field writes down what is typed a moment later.
    expect(desk.locator("[name='body-0-value']")).to_have_value(re.compile("to blame"))
    press_publish(desk)
    expect(desk.get_by_text("Say what changed, and why: readers")).to_be_visible()
    desk.get_by_label("Only a small correction of form").check()
    press_publish(desk)
    expect(desk.get_by_text("has been published")).to_be_visible()


def correct(desk: Page, wrong: str, right: str) -> None:
    """Fill in the form of a notice that is open, and publish it."""
    desk.get_by_label("Substantive", exact=True).check()
    desk.get_by_label("What was wrong").fill(wrong)
    desk.get_by_label("What is right").fill(right)
    desk.get_by_role("button", name="See what readers will get").click()
    expect(desk.locator(".notices__notice")).to_contain_text(f"misstated {wrong}.")
    desk.get_by_role("button", name="Publish for good").click()
    expect(desk.locator(".messages")).to_contain_text("The notice is published.")


def let_the_worker_come() -> None:
    Tasks("a", threading.Event()).run_ready()


def test_a_correction_reaches_the_readers_of_the_article_that_relied_on_the_error(
    fire: Article, open_as: Callable[..., Page], new_page: Callable[..., Page], settings: Settings
) -> None:
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 0
    desk, reader = open_as(), new_page(java_script_enabled=False)
    published = publish(desk, fire)
    citing = make_resting("Fifty years on", fire, owner=make_member("wanda"))

    change_in_silence(desk, published)
    reader.goto(published.path)
    reader.get_by_role("link", name="History").click()
    reader.locator("summary").filter(has_text="small correction of form").click()
    reader.get_by_role("link", name="What changed in version 2").click()
    expect(reader.locator(".diff ins")).to_contain_text("Nobody was to blame.")

    desk.goto(f"/desk/articles/{published.pk}/notices/")
    desk.get_by_text(WORDS).click()
    correct(desk, "the year of the fire", "It was 1987.")
    let_the_worker_come()

    other = open_as("olga")
    other.goto("/desk/")
    other.get_by_role("link", name="1 flag waits for a decision").click()
    flag = other.locator(".flag")
    expect(flag.get_by_role("heading")).to_contain_text("Fifty years on")
    expect(flag.get_by_role("list")).to_contain_text("The fire")
    reader.goto(PublishedArticle.objects.get(pk=citing.pk).path)
    expect(reader.locator(".erratum")).to_have_count(0)
    flag.get_by_role("link", name="Publish a correction").click()
    correct(other, "the year of the great fire", "It was 1987.")

    assert Flag.objects.get().state == FlagState.CORRECTED
    assert Notice.objects.count() == 2
    for article, said in ((published, "the year of the fire"), (citing, "the year of the great")):
        reader.goto(PublishedArticle.objects.get(pk=article.pk).path)
        expect(reader.locator(".erratum")).to_contain_text(said)
        reader.get_by_role("link", name="Corrected").first.click()
        expect(reader.locator(".erratum")).to_be_in_viewport()
    assert inspect_record() == []
