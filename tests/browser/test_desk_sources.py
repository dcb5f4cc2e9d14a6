"""What the desk says of sources, in a browser: the panel beside the editor, and the list of sources that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from copydesk.kit import clock
from copydesk.sources.models import Handling, SourceEvent
from tests.factories.desk import edit_url
from tests.factories.editorial import make_article, publish
from tests.factories.quoting import ALTERED_WORDS, make_copied_source, quotation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page
    from pytest_django import Settings


pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _archive(tmp_path: Path, settings: Settings) -> None:
    settings.COPYDESK_SNAPSHOTS_DIR = tmp_path / "snapshots"


def test_the_editor_says_what_keeps_an_article_back_and_leads_to_it(
    open_as: Callable[..., Page],
    expect_fault: Callable[[str], None],
) -> None:
    expect_fault("console: ")  # The editor's own scripts may warn.
    block = quotation(ALTERED_WORDS, make_copied_source())
    article = make_article(body=["A paragraph.", block])
    page = open_as()
    page.goto(f"{edit_url(article)}?unsettled=1")
    expect(page.get_by_text("it is not published")).to_be_visible()
    page.get_by_role("button", name="Toggle sources").click()
    panel = page.locator("[data-side-panel=sources]")
    expect(panel.get_by_text("Must be settled")).to_be_visible()
    panel.get_by_role("link", name=ALTERED_WORDS).click()
    expect(page.locator(f"#block-{block['id']}-section")).to_be_in_viewport()


def test_a_decision_on_a_changed_source_needs_no_script(
    open_as: Callable[..., Page],
) -> None:
    source = make_copied_source()
    publish(make_article("On bridges", body=[quotation(ALTERED_WORDS, source)]))
    hunk = {"old": "will not fail", "new": "may fail", "before": "It", "after": "this winter"}
    event = SourceEvent.objects.create(
        source=source, kind="passage_edited", severity=3, excerpt=[hunk], detected_at=clock.now()
    )
    page = open_as(java_script_enabled=False)
    page.goto("/desk/sources/changed/")
    page.get_by_label("Note").fill("Only a word.")
    page.get_by_role("button", name="No effect").click()
    expect(page.get_by_text("The change is closed as of no effect.")).to_be_visible()
    event.refresh_from_db()
    assert (event.handling, event.note) == (Handling.NO_EFFECT, "Only a word.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_changed_sources_can_be_read_in_every_light_and_on_every_screen(
    open_as: Callable[..., Page],
    scheme: str,
    assert_accessible: Callable[[Page], None],
) -> None:
    source = make_copied_source()
    publish(make_article("On bridges", body=[quotation(ALTERED_WORDS, source)]))
    hunk = {"old": "will not fail", "new": "may fail", "before": "It", "after": "this winter"}
    SourceEvent.objects.create(
        source=source, kind="passage_edited", severity=3, excerpt=[hunk], detected_at=clock.now()
    )
    page = open_as(color_scheme=scheme, viewport={"width": 320, "height": 800})
    page.goto("/desk/sources/changed/")
    expect(page.locator("ins")).to_contain_text("may fail")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
