"""What takes a second person is done when that person confirms it, and not by any other way through the desk."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from copydesk.editorial.models import Article, PublishedArticle
from copydesk.kit import clock
from copydesk.members.models import Member
from copydesk.ops.actions.schedule import run_schedule
from copydesk.record.actions import approving
from copydesk.record.actions.consent import NeedsSecondPerson
from copydesk.record.models import Approval, Entry, Payload, RecordSettings
from copydesk.record.queries.approvals import present_state
from copydesk.record.queries.inspection import inspect_record
from tests.factories.asking import set_rule
from tests.factories.desk import edit_url, enter, save
from tests.factories.editorial import front_page as the_front_page
from tests.factories.editorial import make_article, publish
from tests.factories.members import make_member

pytestmark = pytest.mark.django_db

URL = "/desk/record/approvals/"
WITHDRAW = "/desk/record/withdraw/"


@pytest.fixture
def article(front_page: object) -> Article:
    found: Article = Article.objects.get(pk=publish(make_article("On bridges")).pk)
    return found


@pytest.fixture
def _rule(front_page: object) -> None:
    set_rule()


@pytest.fixture
def other(olga: Member) -> Client:
    """A browser in which the owner is signed in."""
    return enter(Client(), olga)


def ask(
    desk: Client, article: Article, how: str = "unpublish", reason: str = "A court says so."
) -> Approval:
    desk.post(WITHDRAW, {"page": article.pk, "how": how, "reason": reason})
    return Approval.objects.latest("pk")


def settle(client: Client, approval: Approval, do: str = "confirm", **said: Any) -> str:
    sent = {"do": do, "seen": present_state(approval), **said}
    return client.post(f"{URL}{approval.pk}/", sent, follow=True).content.decode()


def is_published(article: Article) -> bool:
    is_live: bool = Article.objects.filter(pk=article.pk, live=True).exists()
    assert PublishedArticle.objects.filter(pk=article.pk).exists() == is_live
    return is_live


def last_payload() -> dict[str, Any]:
    entry = Entry.objects.latest("index")
    found: dict[str, Any] = json.loads(Payload.objects.get(pk=entry.payload_sha256).content)
    return found


# --- Without the rule


@pytest.mark.parametrize("how", ["unpublish", "delete"])
def test_one_person_withdraws_where_nothing_else_is_set(
    desk: Client, article: Article, how: str
) -> None:
    desk.post(f"/desk/pages/{article.pk}/{how}/")
    assert not is_published(article)
    assert last_payload() == {}
    assert not Approval.objects.exists()


# --- Every way through the desk


@pytest.mark.usefixtures("_rule")
@pytest.mark.parametrize("how", ["unpublish", "delete"])
@pytest.mark.parametrize("name", ["ada", "olga"])
def test_withdrawing_a_page_leads_to_asking(article: Article, how: str, name: str) -> None:
    client = enter(Client(), make_member(name))
    response = client.post(f"/desk/pages/{article.pk}/{how}/")
    assert response["Location"] == f"{WITHDRAW}?how={how}&page={article.pk}"
    assert "On bridges" in client.get(response["Location"]).content.decode()
    assert is_published(article)


@pytest.mark.usefixtures("_rule")
@pytest.mark.parametrize("how", ["unpublish", "delete"])
def test_withdrawing_several_leads_to_asking_and_none_is_done(
    desk: Client, article: Article, how: str
) -> None:
    draft = make_article("A draft")
    url = f"/desk/bulk/wagtailcore/page/{how}/?id={article.pk}&id={draft.pk}"
    response = desk.post(url)
    assert response["Location"] == f"{WITHDRAW}?how={how}&page={article.pk}"
    assert is_published(article)
    assert Article.objects.filter(pk=draft.pk).exists()


@pytest.mark.usefixtures("_rule")
@pytest.mark.parametrize("how", ["unpublish", "delete"])
def test_the_page_above_takes_no_article_with_it(other: Client, article: Article, how: str) -> None:
    front = the_front_page().pk
    for url in (f"/desk/pages/{front}/{how}/", f"/desk/bulk/wagtailcore/page/{how}/?id={front}"):
        other.post(url, {"include_descendants": "on", "confirm": "Copydesk"})
        assert is_published(article)


@pytest.mark.usefixtures("_rule")
@pytest.mark.parametrize("how", ["unpublish", "delete"])
def test_the_desk_s_own_api_withdraws_nothing(desk: Client, article: Article, how: str) -> None:
    for pk in (article.pk, the_front_page().pk):
        url = f"/desk/api/main/pages/{pk}/action/{how}/"
        sent = {"recursive": True}
        assert desk.post(url, sent, content_type="application/json").status_code == 403
        assert is_published(article)


@pytest.mark.usefixtures("_rule")
def test_a_way_that_nobody_thought_of_is_stopped_in_its_transaction(
    desk: Client, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("copydesk.record.wagtail_hooks.requests.needs_two_people", lambda: False)
    for how in ("unpublish", "delete"):
        with pytest.raises(NeedsSecondPerson):
            desk.post(f"/desk/pages/{article.pk}/{how}/")
        assert is_published(article)


@pytest.mark.usefixtures("_rule")
def test_a_date_of_expiry_does_not_withdraw_in_the_place_of_a_second_person(
    desk: Client, article: Article
) -> None:
    article.expire_at = clock.now() + timedelta(hours=1)
    article.save_revision()
    response = save(desk, article, action="action-publish")
    assert "date of expiry is left out" in desk.get(response["Location"]).content.decode()
    article.refresh_from_db()
    assert article.expire_at is None
    run_schedule(at=clock.now() + timedelta(days=1))
    assert is_published(article)


@pytest.mark.usefixtures("_rule")
def test_a_draft_needs_nobody_else(desk: Client, front_page: object) -> None:
    draft = make_article("A draft")
    desk.post(f"/desk/pages/{draft.pk}/delete/")
    assert not Article.objects.filter(pk=draft.pk).exists()


# --- Asking and confirming


@pytest.mark.usefixtures("_rule")
@pytest.mark.parametrize("how", ["unpublish", "delete"])
def test_a_second_person_confirms_and_both_are_in_the_record(
    desk: Client, other: Client, ada: Member, olga: Member, article: Article, how: str
) -> None:
    approval = ask(desk, article, how)
    assert is_published(article)
    assert "1 request waits" in other.get("/desk/").content.decode()
    assert "1 request waits" not in desk.get("/desk/").content.decode()
    page = other.get(URL).content.decode()
    assert "A court says so." in page
    assert "Ada Editor" in page
    assert "confirmed and done" in settle(other, approval)
    assert not is_published(article)
    assert Article.objects.filter(pk=article.pk).exists() == (how == "unpublish")
    entry = Entry.objects.latest("index")
    assert (entry.kind, entry.by_id, entry.note) == ("withdrawn", olga.pk, "A court says so.")
    assert last_payload() == {"asked_by": ada.pk, "confirmed_by": olga.pk}
    assert inspect_record() == []
    approval.refresh_from_db()
    assert (approval.state, approval.decided_by) == ("confirmed", olga)
    assert not mail.outbox


@pytest.mark.usefixtures("_rule")
def test_nobody_confirms_their_own_not_from_a_second_session_either(
    desk: Client, ada: Member, article: Article
) -> None:
    approval = ask(desk, article)
    assert "Confirm and do it" not in desk.get(URL).content.decode()
    for client in (desk, enter(Client(), ada)):
        assert "Nobody confirms what they asked for" in settle(client, approval)
    assert is_published(article)
    approval.refresh_from_db()
    assert approval.state == "asked"


@pytest.mark.usefixtures("_rule")
@pytest.mark.parametrize("name", ["wanda", "carl", "mo", "ben"])
@pytest.mark.parametrize("do", ["confirm", "refuse"])
def test_nobody_but_owners_and_editors_settles(
    desk: Client, article: Article, name: str, do: str
) -> None:
    approval = ask(desk, article)
    client = enter(Client(), make_member(name))
    response = client.post(f"{URL}{approval.pk}/", {"do": do, "seen": present_state(approval)})
    assert response.status_code in {302, 404}
    assert "A court says so." not in client.get(URL, follow=True).content.decode()
    approval.refresh_from_db()
    assert approval.state == "asked"
    assert is_published(article)


@pytest.mark.usefixtures("_rule")
@pytest.mark.parametrize("name", ["wanda", "carl", "mo", "ben"])
@pytest.mark.parametrize("how", ["unpublish", "delete"])
def test_nobody_asks_for_what_they_might_not_do_without_the_rule(
    article: Article, name: str, how: str
) -> None:
    client = enter(Client(), make_member(name))
    client.post(WITHDRAW, {"page": article.pk, "how": how, "reason": "x"})
    assert not Approval.objects.exists()


@pytest.mark.usefixtures("_rule")
def test_a_writer_asks_for_their_own_and_an_editor_confirms(
    desk: Client, wanda: Member, front_page: object
) -> None:
    mine = Article.objects.get(pk=publish(make_article("Mine", owner=wanda)).pk)
    client = enter(Client(), wanda)
    approval = ask(client, mine)
    assert "Mine" in client.get(URL).content.decode()
    assert "confirmed and done" in settle(desk, approval)
    assert not is_published(mine)


@pytest.mark.usefixtures("_rule")
def test_a_request_is_refused_or_taken_back_and_says_so(
    desk: Client, other: Client, article: Article
) -> None:
    for client, who in ((other, "Olga Owner"), (desk, "Ada Editor")):
        approval = ask(desk, article)
        assert "It is refused" in settle(client, approval, "refuse")
        page = desk.get(f"{URL}?show=settled").content.decode()
        assert "Refused" in page
        assert who in page
        assert "settled this request" in settle(other, approval)
    assert is_published(article)


@pytest.mark.usefixtures("_rule")
def test_a_request_expires_after_three_days(desk: Client, other: Client, article: Article) -> None:
    approval = ask(desk, article)
    Approval.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert "There is none." in other.get(URL).content.decode()
    assert "Expired" in other.get(f"{URL}?show=settled").content.decode()
    assert "settled this request" in settle(other, approval)
    assert approving.expire_approvals(at=clock.now()) == 1
    approval.refresh_from_db()
    assert approval.state == "expired"
    assert is_published(article)
    again = ask(desk, article)
    assert again.expires_at - again.asked_at == timedelta(hours=72)


@pytest.mark.usefixtures("_rule")
def test_what_changed_meanwhile_is_told_and_what_changed_unseen_is_not_confirmed(
    desk: Client, other: Client, article: Article
) -> None:
    approval = ask(desk, article)
    shown_before = present_state(approval)
    changed = Article.objects.get(pk=article.pk)
    changed.title = "On old bridges"
    changed.save_revision()
    publish(changed)
    assert "Something has changed" in settle(other, approval, seen=shown_before)
    assert is_published(article)
    page = other.get(URL).content.decode()
    assert "Changed since this was asked for" in page
    assert "(headline)" in page
    assert "confirmed and done" in settle(other, approval)
    assert not is_published(article)


@pytest.mark.usefixtures("_rule")
def test_who_may_no_longer_ask_gets_nothing_confirmed(
    desk: Client, other: Client, ada: Member, article: Article
) -> None:
    approval = ask(desk, article)
    make_member("ada", is_active=False)
    assert "may not do it any more" in settle(other, approval)
    assert is_published(article)


@pytest.mark.usefixtures("_rule")
def test_the_same_is_asked_for_once_and_hostile_words_stay_words(
    desk: Client, other: Client, article: Article
) -> None:
    reason = "<script>alert(1)</script>{{ x }}"
    first = ask(desk, article, reason=reason)
    assert ask(desk, article, reason=reason) == first
    page = other.get(URL).content.decode()
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    for bad in ("", "x" * 1_001, "a\0b"):
        desk.post(WITHDRAW, {"page": article.pk, "how": "delete", "reason": bad})
    desk.post(WITHDRAW, {"page": "9" * 40, "how": "delete", "reason": "x"})
    assert Approval.objects.count() == 1
    for sent in ({"do": "burn"}, {"do": "confirm"}, {"do": "confirm", "seen": "x" * 20_000}):
        other.post(f"{URL}{first.pk}/", sent)
    assert other.post(f"{URL}{'9' * 40}/", {"do": "confirm"}).status_code == 404
    assert is_published(article)


@pytest.mark.usefixtures("_rule")
def test_who_asked_or_confirmed_is_deactivated_and_not_deleted(
    desk: Client, other: Client, ada: Member, article: Article
) -> None:
    make_member("ben")
    ask(desk, article)
    for url in (f"/desk/users/delete/{ada.pk}/", f"/desk/bulk/members/member/delete/?id={ada.pk}"):
        assert "Deactivate" in other.post(url, follow=True).content.decode()
        assert Member.objects.filter(pk=ada.pk).exists()
    ben = make_member("ben")
    other.post(f"/desk/users/delete/{ben.pk}/")
    assert not Member.objects.filter(pk=ben.pk).exists()


@pytest.mark.usefixtures("_rule")
def test_the_editor_still_leads_to_the_page(desk: Client, article: Article) -> None:
    assert desk.get(edit_url(article)).status_code == 200
    assert RecordSettings.objects.get().needs_two_people
