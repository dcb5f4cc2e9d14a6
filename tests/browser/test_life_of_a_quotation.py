"""A quotation from the paste to the correction: the desk, the reader, the publisher and the looks in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from copydesk.kit import clock
from copydesk.sources.actions.capturing import look_at_next
from copydesk.sources.models import Source
from tests.browser.test_quotation_field import combobox, number, paste
from tests.factories.desk import edit_url
from tests.factories.editorial import make_article
from tests.factories.publisher import STORY, publishing
from tests.factories.quoting import quotation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page
    from pytest_django import Settings

    from copydesk.members.models import Member
    from tests.factories.publisher import Publisher

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "there is no evidence that it will fail this winter"
ALTERED = "there is evidence that it will fail this winter"


@pytest.fixture
def publisher(settings: Settings, tmp_path: Path) -> Iterator[Publisher]:
    """A site on this machine, which is let be fetched."""
    settings.COPYDESK_SNAPSHOTS_DIR = tmp_path / "snapshots"
    settings.COPYDESK_SOURCE_NETWORKS = ("127.0.0.0/8",)
    with publishing() as publisher:
        yield publisher


@pytest.fixture
def desk(open_as: Callable[..., Page], settings: Settings) -> Page:
    """A page of an editor who is signed in."""
    # A draft that Wagtail saves by itself while the button is pressed is refused, and the console says so.
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 0
    return open_as()


def bind(desk: Page, address: str) -> None:
    """Paste an address: the worker fetches it, and the card fills in."""
    card = desk.locator(".quoted-source__card")
    combobox(desk).focus()
    paste(desk, address)
    expect(card).to_contain_text("being archived")
    assert look_at_next(at=clock.now()) is not None
    expect(card).to_contain_text("What the engineers found")
    expect(card).to_contain_text("archived")
    expect(number(desk)).to_have_value(str(Source.objects.get().pk))


def put_right(desk: Page) -> None:
    """Write words that lost their "no", see what is altered, and take the source's own instead."""
    desk.locator("[data-contentpath='text'] .public-DraftEditor-content").first.click()
    desk.keyboard.press("Control+a")
    desk.keyboard.insert_text(ALTERED)
    line = desk.locator(".quoted-words")
    expect(line.get_by_role("status")).to_contain_text("Altered")
    expect(line.locator("ins")).to_have_text("the source’s: no")
    expect(line.locator("del")).to_have_count(0)
    expect(line.locator(".quoted-words__tag")).to_have_text("Negation")
    line.get_by_role("button", name="Use the source’s words").click()
    expect(line.get_by_role("status")).to_contain_text("Exact")
    expect(line.locator("ins")).to_have_count(0)


def publish(desk: Page) -> None:
    """Press *Publish*."""
    desk.get_by_role("button", name="More actions").click()
    desk.get_by_role("button", name="Publish", exact=True).click()
    expect(desk.get_by_text("has been published")).to_be_visible()


def let_the_schedule_come(source: Source) -> None:
    """Let the worker come to a source when it is due: it asks for robots.txt first, and its host wants a pause then."""
    look = None
    for _visit in range(5):
        source.refresh_from_db()
        assert source.next_check_at is not None
        assert source.next_check_at > clock.now()
        look = look_at_next(at=source.next_check_at)
        if look is not None and look.answer is not None:
            break
    assert look is not None
    assert look.event is not None, look


def test_a_quotation_lives_from_the_paste_to_the_correction(
    desk: Page, new_page: Callable[..., Page], publisher: Publisher, ada: Member
) -> None:
    address = publisher.show("/bridge")
    article = make_article("What they said", slug="bridge", body=[quotation("Words")], owner=ada)
    desk.goto(edit_url(article))
    bind(desk, address)
    put_right(desk)
    publish(desk)

    # The reader is told what was compared, and led to the words where they stand.
    reader = new_page(java_script_enabled=False)
    reader.goto("/bridge/")
    quoted = reader.locator(".quotation")
    expect(quoted).to_contain_text(WORDS)
    expect(quoted).to_contain_text("Words match the archived copy of")
    expect(quoted).not_to_contain_text("changed")
    there = quoted.get_by_role("link", name="In source").get_attribute("href")
    assert there is not None
    assert there.startswith(f"{address}#:~:text=")

    # The publisher corrects the page. The desk is alerted, on its home and in the list.
    publisher.show("/bridge", STORY.replace("no evidence", "some evidence"))
    source = Source.objects.get()
    let_the_schedule_come(source)
    desk.goto("/desk/")
    desk.get_by_role("main").get_by_role("link", name="1 change of a source").click()
    alert = desk.get_by_role("article")
    expect(alert).to_contain_text("What the engineers found")
    expect(alert.locator("del")).to_contain_text("no")
    expect(alert.locator("ins")).to_contain_text("some")
    expect(alert.get_by_role("link", name="What they said")).to_be_visible()

    # The reader's line says so too, and leads no more to where the words stood.
    reader.reload()
    expect(quoted).to_contain_text(WORDS)
    expect(quoted).to_contain_text("The source has changed since we quoted it.")
    expect(quoted.get_by_role("link", name="In source")).to_have_count(0)
    reader.goto(f"/sources/{source.pk}/")
    expect(reader.get_by_role("main")).to_contain_text("A passage that we quote was edited.")
