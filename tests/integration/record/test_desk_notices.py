"""An editor writes a notice: the form, a look at what readers will get, and then for good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from copydesk.editorial.models import Article, PublishedArticle
from copydesk.kit import clock
from copydesk.record.models import Entry, Notice
from tests.factories.desk import edit_url, enter
from tests.factories.editorial import block, make_article, make_static_page, publish
from tests.factories.notices import notify, one

if TYPE_CHECKING:
    from django.test import Client
    from django.test.client import _MonkeyPatchedWSGIResponse as HttpResponse

    from copydesk.editorial.models import FrontPage
    from copydesk.members.models import Member

pytestmark = pytest.mark.django_db

TEXT = block(
    "text",
    '<p data-block-key="aaaaa">It burnt in <b>1978</b>.</p><p data-block-key="bbbbb">Nobody was hurt.</p>',
)
HOUSE = "An earlier version of this article misstated the year of the fire. It was 1987."
TYPED = {
    "kind": "correction",
    "severity": "minor",
    "wrong": "the year of the fire.",
    "right": "It was 1987.",
    "position": "",
}


@pytest.fixture
def told(front_page: FrontPage) -> PublishedArticle:
    return publish(make_article("The fire", body=[TEXT]))


def address(published: PublishedArticle) -> str:
    return reverse("record_notices", args=[published.pk])


def hidden(response: HttpResponse) -> dict[str, Any]:
    """Return what a page's form would send again."""
    fields: dict[str, Any] = {}
    for node in LexborHTMLParser(response.content).css(".notices [type=hidden]"):
        fields.setdefault(str(node.attributes["name"]), []).append(
            node.attributes.get("value") or ""
        )
    return fields


def previewed(desk: Client, published: PublishedArticle, **typed: Any) -> HttpResponse:
    form = hidden(desk.get(address(published)))
    said = {"uuid": form["uuid"][0], **TYPED, "do": "preview", **typed}
    return desk.post(address(published), said)


def test_a_notice_is_seen_before_it_is_published(desk: Client, told: PublishedArticle) -> None:
    place = f"{TEXT['id']}.aaaaa"
    seen = previewed(desk, told, places=[place])
    page = LexborHTMLParser(seen.content)
    assert HOUSE in one(page, ".notices__notice").text()
    assert "It burnt in 1978." in one(page, ".notices__facts").text()
    assert not Notice.objects.exists()
    answer = desk.post(address(told), {**hidden(seen), "do": "publish"}, follow=True)
    notice = Notice.objects.get()
    assert (notice.text, notice.places, notice.position) == (HOUSE, [place], "bottom")
    assert notice.by_id == Entry.objects.latest("index").by_id is not None
    offered = LexborHTMLParser(answer.content)
    assert offered.css(f'.messages a[href="{edit_url(told.article)}"]')
    assert HOUSE in one(offered, ".notices__list").text()


def test_pressing_the_button_twice_publishes_once(desk: Client, told: PublishedArticle) -> None:
    sent = {**hidden(previewed(desk, told)), "do": "publish"}
    for _time in range(2):
        assert desk.post(address(told), sent).status_code == 302
    assert Notice.objects.count() == 1


def test_something_can_be_changed_before(desk: Client, told: PublishedArticle) -> None:
    seen = previewed(desk, told, severity="substantive")
    again = desk.post(address(told), {**hidden(seen), "do": "edit"})
    page = LexborHTMLParser(again.content)
    assert one(page, 'textarea[name="text"]').text().strip() == HOUSE
    assert page.css('[name="severity"][value="substantive"][checked]')
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"wrong": ""}, "Say what was wrong"),
        ({"right": " "}, "Say what is right"),
        ({"kind": "erasure"}, "Select a valid choice"),
        ({"kind": ""}, "This field is required"),
        ({"severity": "none"}, "Select a valid choice"),
        ({"places": ["elsewhere"]}, "The article has changed meanwhile"),
        ({"text": "x" * 5_001}, "at most 5000"),
        ({"wrong": "a\0b"}, "Null characters"),
        ({"learned_at": "tomorrow"}, "Enter a valid date/time"),
        ({"uuid": "1"}, "Enter a valid UUID"),
        ({"corrects": "77"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_refused(
    desk: Client, told: PublishedArticle, typed: dict[str, Any], said: str
) -> None:
    answer = previewed(desk, told, **typed, do="publish")
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not Notice.objects.exists()


def test_an_error_is_not_learned_of_tomorrow(desk: Client, told: PublishedArticle) -> None:
    tomorrow = timezone.localtime(clock.now() + timedelta(days=1))
    answer = previewed(desk, told, learned_at=f"{tomorrow:%Y-%m-%dT%H:%M}")
    assert "That is yet to come." in answer.content.decode()
    seen = previewed(desk, told, learned_at="2020-05-04T12:00")
    desk.post(address(told), {**hidden(seen), "do": "publish"})
    learned_at = Notice.objects.get().learned_at
    assert learned_at is not None
    assert timezone.localtime(learned_at).replace(tzinfo=UTC) == datetime(
        2020, 5, 4, 12, tzinfo=UTC
    )


def test_a_retraction_needs_no_more_than_its_reason(desk: Client, told: PublishedArticle) -> None:
    seen = previewed(desk, told, kind="retraction", wrong="invented quotations", right="")
    text = one(LexborHTMLParser(seen.content), ".notices__notice").text()
    assert "We have retracted this article because of invented quotations. It stays here" in text
    assert "This cannot be undone." in seen.content.decode()


def test_an_earlier_notice_is_corrected(desk: Client, told: PublishedArticle) -> None:
    first = notify(told)
    other = notify(publish(make_article("Another")))
    choices = LexborHTMLParser(desk.get(address(told)).content).css('[name="corrects"] option')
    offered = {node.attributes["value"] for node in choices}
    assert str(first.pk) in offered
    assert str(other.pk) not in offered
    seen = previewed(desk, told, corrects=str(first.pk))
    desk.post(address(told), {**hidden(seen), "do": "publish"})
    assert Notice.objects.latest("pk").corrects == first


def test_a_link_can_fill_in_the_form(desk: Client, told: PublishedArticle) -> None:
    query = {"wrong": "the year", "kind": "clarification", "because_of": "request:7"}
    page = LexborHTMLParser(desk.get(address(told), query).content)
    assert one(page, '[name="wrong"]').text().strip() == "the year"
    assert page.css('[name="kind"][value="clarification"][checked]')
    assert one(page, '[name="because_of"]').attributes["value"] == "request:7"


def test_hostile_words_are_words_at_the_desk(desk: Client, told: PublishedArticle) -> None:
    seen = previewed(desk, told, text="<script>alert(1)</script>")
    notice = one(LexborHTMLParser(seen.content), ".notices__notice")
    assert "<script>alert(1)</script>" in notice.text()
    assert notice.css("script") == []


@pytest.mark.parametrize("who", ["wanda", "carl", "mo"])
def test_only_editors_and_owners_publish_notices(
    client: Client, told: PublishedArticle, who: str, request: pytest.FixtureRequest
) -> None:
    member: Member = request.getfixturevalue(who)
    answer = enter(client, member).post(
        address(told), {**TYPED, "uuid": "c9bf9e57-1685-4c89-bafb-ff5af830be8a", "do": "publish"}
    )
    assert answer.status_code == 404
    assert not Notice.objects.exists()


def test_what_readers_do_not_have_gets_no_notice(desk: Client, told: PublishedArticle) -> None:
    draft = make_article("A draft")
    assert desk.get(reverse("record_notices", args=[draft.pk])).status_code == 404
    Article.objects.get(pk=told.pk).unpublish()
    assert desk.get(address(told)).status_code == 404


def test_the_way_there_is_in_the_editor_and_in_lists(
    desk: Client, told: PublishedArticle, front_page: FrontPage
) -> None:
    page = make_static_page()
    draft = make_article("A draft")
    listing = desk.get(reverse("wagtailadmin_explore", args=[front_page.pk])).content.decode()
    assert address(told) in listing
    for other in (page, draft):
        assert reverse("record_notices", args=[other.pk]) not in listing
    assert address(told) in desk.get(edit_url(told.article)).content.decode()


def test_writers_are_not_offered_it(
    client: Client, told: PublishedArticle, wanda: Member, front_page: FrontPage
) -> None:
    Article.objects.filter(pk=told.pk).update(owner=wanda)
    listing = enter(client, wanda).get(reverse("wagtailadmin_explore", args=[front_page.pk]))
    assert address(told) not in listing.content.decode()
    assert address(told) not in client.get(edit_url(told.article)).content.decode()
