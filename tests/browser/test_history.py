"""The history of an article in a real browser: for every eye, on any screen, on paper, without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from copydesk.editorial.models import Article
from copydesk.kit import clock
from copydesk.record.actions.redacting import redact_content
from copydesk.record.models import Entry
from tests.factories.editorial import make_article, make_body, make_person, publish

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    NewPage = Callable[..., Page]
    Check = Callable[[Page], None]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

NARROW, WIDE = {"width": 320, "height": 720}, {"width": 1200, "height": 900}
LONG = " ".join(f"word{number}" for number in range(120))


def change(article: Article, **fields: Any) -> None:
    draft = Article.objects.get(pk=article.pk).get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(draft, name, make_body(*value) if name == "body" else value)
    draft.save_revision()
    publish(article)


@pytest.fixture
def changed(front_page: object) -> Article:
    """An article with versions of every kind, in a language that runs from right to left in the end."""
    paragraphs = [
        "The bridge holds forty tons.",
        LONG,
        *[f"Paragraph {n} of it." for n in range(30)],
    ]
    article = make_article(
        "What holds a bridge up", body=paragraphs, by=[make_person("Rosa Reporter")]
    )
    publish(article)
    paragraphs[0] = f"The bridge holds fifty tons{'-and-more' * 40}."
    change(article, body=paragraphs, change_note=f"The weight was wrong. {'Longest' * 60}")
    paragraphs[0] = "The bridge holds fifty tons, no more."
    change(article, body=paragraphs, change_is_minor=True)
    change(article, title="A bridge", slug="a-bridge", change_is_minor=True)
    entry = Entry.objects.filter(article_id=article.pk).order_by("index")[2]
    redact_content(entry=entry, reason="A court order.", by_id=None, at=clock.now())
    change(article, title="الجسر القديم", language="ar", body=["الجسر قديم جدا.", *paragraphs[1:]])
    return article


def pages_of(article: Article) -> list[str]:
    base = f"/record/articles/{article.pk}/"
    return [
        base,
        f"{base}versions/1/",
        f"{base}versions/5/",
        f"{base}compare/?from=1&to=2",
        f"{base}compare/?from=2&to=5",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_the_pages_of_a_history_are_accessible_and_fit(
    changed: Article, new_page: NewPage, assert_accessible: Check, scheme: str, size: dict[str, int]
) -> None:
    page = new_page(color_scheme=scheme, viewport=size)
    for path in pages_of(changed):
        page.goto(path)
        for closed in page.locator("main details:not([open]) > summary").all():
            closed.click()
        assert_accessible(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], f"{path} is {width} px wide"


def test_from_the_article_to_what_changed_and_back_without_scripts(
    changed: Article, new_page: NewPage
) -> None:
    page = new_page(java_script_enabled=False, viewport=NARROW)
    page.goto(Article.objects.get(pk=changed.pk).published.path)
    page.get_by_role("link", name="History").click()
    page.get_by_role("link", name="What changed in version 2").click()
    expect(page.locator(".diff del").first).to_contain_text("forty")
    expect(page.locator(".diff ins").first).to_contain_text("fifty")
    page.get_by_role("link", name="All versions").click()
    page.get_by_label("Compare", exact=True).select_option("1")
    page.get_by_label("with", exact=True).select_option("5")
    page.get_by_role("button", name="Show what changed").click()
    expect(page.locator(".diff__field").first).to_contain_text("الجسر القديم")
    page.get_by_role("link", name="Version 1").click()
    expect(page.locator("h1")).to_have_text("What holds a bridge up")
    page.get_by_role("link", name="The article as it is now").click()
    expect(page.locator("h1")).to_have_text("الجسر القديم")


def test_changes_are_marked_with_more_than_color(changed: Article, new_page: NewPage) -> None:
    page = new_page(viewport=WIDE)
    page.goto(pages_of(changed)[3])
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        for mark, line in (("del", "line-through"), ("ins", "underline")):
            expect(page.locator(f".diff {mark}").first).to_have_css("text-decoration-line", line)
    snapshot = page.locator(".diff").aria_snapshot()
    assert "taken out:" in snapshot
    assert "put in:" in snapshot


def test_small_corrections_are_printed_though_they_are_folded(
    changed: Article, new_page: NewPage
) -> None:
    page = new_page(viewport=WIDE)
    page.goto(pages_of(changed)[0])
    inside = page.locator(".versions__minor .version").first
    expect(inside).to_be_hidden()
    page.emulate_media(media="print")
    expect(inside).to_be_visible()
    expect(page.locator(".versions-page__compare")).to_be_hidden()
