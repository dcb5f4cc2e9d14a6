"""Quotations with what is known of them, and the pages of sources, in a real browser."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from copydesk.sources.logic.changes import ChangeKind
from copydesk.sources.logic.verdicts import Finding, Layer, Notice, Verdict
from copydesk.sources.models import Relation, SourceEvent
from tests.factories.editorial import block, make_article, make_person, publish
from tests.factories.members import make_member
from tests.factories.sources import (
    make_check,
    make_citation,
    make_offline_source,
    make_override,
    make_quotation,
    make_snapshot,
    make_source,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from copydesk.editorial.models import PublishedArticle
    from copydesk.sources.models import Source

    NewPage = Callable[..., Page]
    Check = Callable[[Page], None]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

NARROW, WIDE = {"width": 320, "height": 720}, {"width": 1200, "height": 900}
COPIED = datetime(2026, 11, 19, 12, tzinfo=UTC)
RETRACTED = datetime(2026, 11, 22, 12, tzinfo=UTC)
PASSAGE = "The bridge will hold another forty years, if the bearings are replaced before winter."
MINOR = Finding(Verdict.MINOR, layer=Layer.VISIBLE, notices=(Notice("letter_case"),))
EXACT = Finding(
    Verdict.EXACT,
    layer=Layer.VISIBLE,
    before="We asked the engineer who inspected it.",
    after="Nobody at the council answered.",
)

# Of each quotation: its source, what the check found, and how the copy came to us.
CASES: list[tuple[dict[str, Any], Finding | None, dict[str, Any]]] = [
    ({"title": "The bridge report: what the engineers found under the Old Town bridge"}, EXACT, {}),
    ({"title": "A dead page", "liveness": "dead", "standing": "retracted", "standing_at": RETRACTED}, EXACT, {}),
    ({"title": "Paid words", "access": "paywalled"}, MINOR, {"method": "paste"}),
    ({"title": "A statement"}, Finding(Verdict.ALTERED, layer=Layer.VISIBLE), {}),
    ({"title": "الجسر القديم", "publisher": "جريدة النهر", "language": "ar"}, None, {}),
    ({"title": "No title at all", "url": f"https://herald.example/{'long' * 40}"}, Finding(Verdict.NOT_FOUND), {}),
]  # fmt: skip


@pytest.fixture
def quoting(front_page: object) -> tuple[PublishedArticle, Source]:
    """Return an article that quotes in every way, and the source that has most to tell."""
    named = {"publication": "The Herald", "date": "2026-11-19"}
    bodies = [
        block("quotation", {"text": f"<p>{PASSAGE}</p>", "speaker": "Jane Doe", **(named if not number else {})})
        for number in range(len(CASES))
    ]  # fmt: skip
    article = make_article(
        "What holds a bridge up", body=["Words.", *bodies], by=[make_person("Rosa Reporter")]
    )
    published = publish(article)
    sources = []
    for body, (fields, finding, copy) in zip(bodies, CASES, strict=True):
        source = make_source(byline=["Ann Author", "Bo Writer"], **fields)
        row = make_quotation(
            published.article, source, text=PASSAGE, block_id=body["id"], speaker="Jane Doe"
        )
        if finding:
            row.snapshot = make_snapshot(source, captured_at=COPIED, **copy)
            row.check_result = make_check(row.snapshot, PASSAGE, finding=finding)
            row.save(update_fields=["snapshot", "check_result"])
        if finding and finding.verdict == Verdict.ALTERED:
            make_override(row, by=make_member("ada"), reason="Shortened at her request.")
        sources.append(source)
    make_citation(published.article, make_offline_source(), Relation.DATA_FROM, position=9)
    for kind in (ChangeKind.EDITED_ELSEWHERE, ChangeKind.GONE):
        SourceEvent.objects.create(source=sources[0], kind=kind, severity=1, detected_at=RETRACTED)
    return published, sources[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_sources_are_accessible_and_fit(
    quoting: tuple[PublishedArticle, Source],
    new_page: NewPage,
    assert_accessible: Check,
    scheme: str,
    size: dict[str, int],
) -> None:
    published, source = quoting
    page = new_page(color_scheme=scheme, viewport=size)
    for path in (published.path, source.get_absolute_url()):
        page.goto(path)
        assert_accessible(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], f"{path} is {width} px wide"


def test_from_a_source_to_its_quotation_and_back_to_its_copy_without_scripts(
    quoting: tuple[PublishedArticle, Source], new_page: NewPage
) -> None:
    published, source = quoting
    page = new_page(java_script_enabled=False, viewport=NARROW)
    page.goto(published.path)
    page.get_by_role("link", name="To quotation 1").first.click()
    expect(page.locator("figure.quotation:target")).to_contain_text(PASSAGE)
    page.locator("figure.quotation:target").get_by_role("link", name="Archived").click()
    expect(page).to_have_url(
        f"{page.url.partition('/sources/')[0]}{source.get_absolute_url()}#{page.url.partition('#')[2]}"
    )
    expect(page.locator(".copies li:target")).to_contain_text("SHA-256")


def test_the_list_of_sources_is_printed_though_it_is_closed(
    quoting: tuple[PublishedArticle, Source], new_page: NewPage
) -> None:
    published, _source = quoting
    page = new_page(viewport=WIDE)
    page.goto(published.path)
    page.locator(".sources > summary").click()
    expect(page.locator(".source").first).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".source").first).to_be_visible()
