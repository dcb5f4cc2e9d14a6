"""A reader says that something is wrong, and the desk answers; a second person confirms: in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core import mail
from playwright.sync_api import expect

from copydesk.kit import clock
from copydesk.record.actions.approving import ask_for_settings, ask_for_withdrawal
from copydesk.record.logic import asking
from copydesk.record.models import CorrectionRequest
from tests.factories.asking import make_notice, make_request, set_rule
from tests.factories.editorial import make_article, publish
from tests.factories.members import make_member

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from playwright.sync_api import Page
    from pytest_django import Settings

    from copydesk.editorial.models import PublishedArticle
    from copydesk.members.models import Member

    NewPage = Callable[..., Page]
    Check = Callable[[Page], None]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

NARROW, WIDE = {"width": 320, "height": 720}, {"width": 1200, "height": 900}
LONG = "https://herald.example/" + "long" * 60


@pytest.fixture
def article(front_page: object) -> PublishedArticle:
    return publish(make_article("What holds a bridge up"))


def assert_fits(page: Page, size: dict[str, int]) -> None:
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= size["width"], f"{page.url} is {width} px wide"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_a_reader_tells_without_scripts_and_confirms_an_address(
    article: PublishedArticle,
    new_page: NewPage,
    assert_accessible: Check,
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
    size: dict[str, int],
) -> None:
    looks = new_page(viewport=size, color_scheme=scheme)  # With scripts, which axe is one.
    looks.goto(f"/record/articles/{article.pk}/ask/")
    looks.get_by_role("button", name="Send").click()
    expect(looks.get_by_text("That was very quick.")).to_be_visible()
    assert_accessible(looks)
    page = new_page(java_script_enabled=False, viewport=size, color_scheme=scheme)
    page.goto(article.path)
    page.get_by_role("link", name="Something wrong? Tell us").click()
    expect(page.get_by_label("Leave this empty")).to_have_count(1)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("This field is required.")).to_be_visible()
    monkeypatch.setattr("copydesk.record.forms.asking.QUICKEST", asking.QUICKEST * 0)
    page.get_by_label("What is wrong?").fill(f"The plaque says 1902. {LONG}")
    page.get_by_label("E-mail address").fill("reader@example.org")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    link = next(word for word in mail.outbox[0].body.split() if "/record/requests/" in word)
    path = link.removeprefix("http://localhost:8000")
    for seen in (
        f"/record/articles/{article.pk}/ask/",
        f"/record/articles/{article.pk}/asked/",
        path,
    ):
        looks.goto(seen)
        assert_accessible(looks)
        assert_fits(looks, size)
    page.goto(path)
    page.get_by_role("button", name="Yes, this is my address").click()
    expect(page.get_by_role("heading", name="Your address is confirmed")).to_be_visible()
    assert CorrectionRequest.objects.get().state == "received"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_the_desk_s_pages_are_accessible_and_fit(
    article: PublishedArticle,
    open_as: Callable[..., Page],
    assert_accessible: Check,
    ada: Member,
    settings: Settings,
    scheme: str,
    size: dict[str, int],
) -> None:
    row = make_request(article.pk, wrong=LONG, email="reader@example.org")
    notice = make_notice(article.pk)
    set_rule()
    olga, at = make_member("olga"), clock.now()
    pages = [article.article]
    ask_for_withdrawal(articles=pages, how="unpublish", reason=LONG, by=olga, at=at)
    values = {"needs_two_people": False, "quiet_minutes": 15, "due_days": 9}
    ask_for_settings(values=values, reason="Too slow.", by=ada, at=at)
    page = open_as(viewport=size, color_scheme=scheme)
    for path in (
        "requests/",
        f"requests/{row.uuid}/",
        "approvals/",
        f"withdraw/?page={article.pk}",
        "settings/",
        f"redact/?article={article.pk}",
        f"redact/{notice.entry_id}/",
    ):
        page.goto(f"/desk/record/{path}")
        assert_accessible(page)
        assert_fits(page, size)


def test_a_second_person_confirms_without_scripts(
    article: PublishedArticle,
    open_as: Callable[..., Page],
    client: Client,
) -> None:
    set_rule()
    olga, at = make_member("olga"), clock.now()
    ask_for_withdrawal(articles=[article.article], how="unpublish", reason="x", by=olga, at=at)
    page = open_as(java_script_enabled=False)
    page.goto("/desk/record/approvals/")
    page.get_by_role("button", name="Confirm and do it").click()
    expect(page.get_by_text("It is confirmed and done.")).to_be_visible()
    assert client.get(article.path).status_code == 410
