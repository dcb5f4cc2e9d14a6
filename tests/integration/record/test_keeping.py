"""What is taken out of the record, and how it is kept: by one person or by two, always with a reason."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from copydesk.editorial.models import Article, PublishedArticle
from copydesk.kit import clock
from copydesk.pagestore.models import Expiry
from copydesk.record.actions.noticing import hand_down_notices
from copydesk.record.actions.redacting import NothingToRedact, redact_recorded
from copydesk.record.models import Approval, Entry, Notice, Payload, RecordSettings
from copydesk.record.queries.approvals import needs_two_people, present_state
from copydesk.record.queries.inspection import inspect_record
from tests.factories.asking import make_notice, set_rule
from tests.factories.desk import enter
from tests.factories.editorial import block, make_article, publish
from tests.factories.members import make_member

if TYPE_CHECKING:
    from copydesk.members.models import Member

pytestmark = pytest.mark.django_db

SETTINGS = "/desk/record/settings/"
NEW = {"needs_two_people": "on", "quiet_minutes": 5, "due_days": 3, "reason": "We agreed on it."}
LIBEL = "They took bribes."
FEED = "/corrections/feed/atom.xml"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def article(front_page: object) -> Article:
    """An article whose first version said what its second does not."""
    article = make_article("On bridges", body=[block("text", f"<p>{LIBEL} {HOSTILE}</p>")])
    publish(article)
    article = Article.objects.get(pk=article.pk)
    article.body = [("text", "<p>They hold.</p>")]
    article.save_revision()
    publish(article)
    found: Article = Article.objects.get(pk=article.pk)
    return found


def first_entry(article: Article) -> Entry:
    return Entry.objects.filter(article_id=article.pk).earliest("index")


def redact_url(entry: Entry) -> str:
    return f"/desk/record/redact/{entry.index}/"


def holds(entry: Entry) -> bool:
    return Payload.objects.filter(pk=entry.payload_sha256).exists()


def last_payload() -> dict[str, Any]:
    entry = Entry.objects.latest("index")
    found: dict[str, Any] = json.loads(Payload.objects.get(pk=entry.payload_sha256).content)
    return found


def settle(client: Client, approval: Approval) -> str:
    sent = {"do": "confirm", "seen": present_state(approval)}
    url = f"/desk/record/approvals/{approval.pk}/"
    return client.post(url, sent, follow=True).content.decode()


# --- Redacting


def test_one_person_takes_words_out_and_a_tombstone_with_the_reason_stays(
    desk: Client, ada: Member, article: Article
) -> None:
    entry = first_entry(article)
    listed = desk.get(f"/desk/record/redact/?article={article.pk}").content.decode()
    assert redact_url(entry) in listed
    page = desk.get(redact_url(entry)).content.decode()
    assert LIBEL in page
    assert HOSTILE not in page
    for reason in ("", " ", "x" * 1_001):
        assert desk.post(redact_url(entry), {"reason": reason}).status_code == 200
        assert holds(entry)
    desk.post(redact_url(entry), {"reason": "A court’s order."})
    assert not holds(entry)
    last = Entry.objects.latest("index")
    assert (last.kind, last.by_id, last.note) == ("redaction", ada.pk, "A court’s order.")
    assert last_payload() == {"redacts": entry.payload_sha256, "reason": "A court’s order."}
    assert inspect_record() == []
    page = desk.post(redact_url(entry), {"reason": "Again."}).content.decode()
    assert "nothing left to take out" in page
    assert "taken out" in desk.get(f"/desk/record/redact/?article={article.pk}").content.decode()


def test_what_readers_get_now_is_changed_or_withdrawn_first(desk: Client, article: Article) -> None:
    entry = Entry.objects.filter(article_id=article.pk).latest("index")
    page = desk.post(redact_url(entry), {"reason": "A court’s order."}).content.decode()
    assert "Readers get this version now." in page
    assert holds(entry)
    article.unpublish()
    desk.post(redact_url(entry), {"reason": "A court’s order."})
    assert not holds(entry)


def test_a_notice_loses_its_words_where_readers_see_it(
    desk: Client, ada: Member, article: Article
) -> None:
    notice, other = make_notice(article.pk, text=LIBEL, wrong=LIBEL), make_notice(article.pk)
    hand_down_notices(article_id=article.pk, at=clock.now())
    desk.post(redact_url(notice.entry), {"reason": "A court’s order."})
    notice.refresh_from_db()
    assert (notice.text, notice.wrong) == ("", "")
    first, second = PublishedArticle.objects.get(pk=article.pk).notices
    assert (first["text"], first["redacted"]) == ("", "A court’s order.")
    assert (second["text"], second["redacted"]) == (other.text, "")
    published = PublishedArticle.objects.get(pk=article.pk)
    for path in (published.path, published.history_path, "/corrections/", FEED):
        page = Client().get(path).content.decode()
        assert "A court’s order." in page, path
        assert LIBEL not in page, path
    last = Expiry.objects.latest("pk")
    assert "notices" in last.tags.split()
    assert Notice.objects.count() == 2


def test_what_holds_no_words_is_not_taken_out(article: Article) -> None:
    article.unpublish()
    entry = Entry.objects.latest("index")
    with pytest.raises(NothingToRedact):
        redact_recorded(entry=entry, reason="x", by_id=None, at=clock.now())
    assert holds(entry)


def test_with_the_rule_a_second_person_confirms_it(
    desk: Client, ada: Member, olga: Member, article: Article
) -> None:
    set_rule()
    entry = first_entry(article)
    desk.post(redact_url(entry), {"reason": "A court’s order."})
    assert holds(entry)
    approval = Approval.objects.get()
    assert "Nobody confirms what they asked for" in settle(desk, approval)
    assert holds(entry)
    other = enter(Client(), olga)
    assert "On bridges" in other.get("/desk/record/approvals/").content.decode()
    assert "confirmed and done" in settle(other, approval)
    assert not holds(entry)
    assert last_payload() == {
        "redacts": entry.payload_sha256,
        "reason": "A court’s order.",
        "asked_by": ada.pk,
        "confirmed_by": olga.pk,
    }


def test_what_was_taken_out_meanwhile_or_is_what_readers_get_is_said_so(
    desk: Client, ada: Member, olga: Member, article: Article
) -> None:
    set_rule()
    other = enter(Client(), olga)
    entry, current = Entry.objects.filter(article_id=article.pk).order_by("index")
    for one in (entry, current):
        desk.post(redact_url(one), {"reason": "A court’s order."})
    first, second = Approval.objects.order_by("pk")
    redact_recorded(entry=entry, reason="x", by_id=None, at=clock.now())
    assert "nothing left to take out" in settle(other, first)
    assert "Readers get this version now." in settle(other, second)
    assert holds(current)
    assert set(Approval.objects.values_list("state", flat=True)) == {"asked"}


@pytest.mark.parametrize("name", ["wanda", "carl", "mo", "ben"])
def test_nobody_but_owners_and_editors_keeps_the_record(
    client: Client, article: Article, name: str
) -> None:
    enter(client, make_member(name))
    entry = first_entry(article)
    assert client.post(redact_url(entry), {"reason": "x"}).status_code == 302
    assert client.post(SETTINGS, NEW).status_code == 302
    assert holds(entry)
    assert not needs_two_people()
    assert LIBEL not in client.get(redact_url(entry), follow=True).content.decode()


# --- Settings


def test_one_person_switches_the_rule_on_and_it_stands_in_the_record(
    desk: Client, ada: Member
) -> None:
    page = desk.post(SETTINGS, NEW, follow=True).content.decode()
    assert "stand in the record" in page
    row = RecordSettings.objects.get()
    assert (row.needs_two_people, row.quiet_minutes, row.due_days) == (True, 5, 3)
    last = Entry.objects.latest("index")
    assert (last.kind, last.by_id, last.note) == ("setting", ada.pk, "We agreed on it.")
    after = {"needs_two_people": True, "quiet_minutes": 5, "due_days": 3}
    before = {"needs_two_people": False, "quiet_minutes": 15, "due_days": 7}
    assert last_payload() == {"before": before, "after": after}


@pytest.mark.parametrize(
    "wrong",
    [{"reason": ""}, {"quiet_minutes": -1}, {"quiet_minutes": 10**9}, {"due_days": 0}, {"due_days": "x"}],
)  # fmt: skip
def test_settings_that_make_no_sense_are_not_taken(desk: Client, wrong: dict[str, Any]) -> None:
    assert desk.post(SETTINGS, {**NEW, **wrong}).status_code == 200
    assert not needs_two_people()
    assert not Entry.objects.filter(kind="setting").exists()


def test_switching_the_rule_off_takes_two(desk: Client, ada: Member, olga: Member) -> None:
    set_rule()
    off = {"quiet_minutes": 15, "due_days": 7, "reason": "Too slow."}
    desk.post(SETTINGS, off)
    assert needs_two_people()
    approval = Approval.objects.get()
    settle(desk, approval)
    assert needs_two_people()
    assert "confirmed and done" in settle(enter(Client(), olga), approval)
    assert not needs_two_people()
    said = last_payload()
    assert (said["asked_by"], said["confirmed_by"]) == (ada.pk, olga.pk)
    assert said["after"]["needs_two_people"] is False


def test_settings_that_changed_meanwhile_are_looked_at_again(
    desk: Client, ada: Member, olga: Member
) -> None:
    set_rule()
    desk.post(SETTINGS, {**NEW, "reason": "First."})
    approval = Approval.objects.get()
    seen = present_state(approval)
    RecordSettings.objects.update(due_days=9)
    url = f"/desk/record/approvals/{approval.pk}/"
    page = enter(Client(), olga).post(url, {"do": "confirm", "seen": seen}, follow=True)
    assert "Something has changed" in page.content.decode()
    assert RecordSettings.objects.get().due_days == 9


def test_saving_what_is_so_already_records_nothing(desk: Client) -> None:
    same = {"quiet_minutes": 15, "due_days": 7, "reason": "x"}
    assert "Nothing has changed." in desk.post(SETTINGS, same, follow=True).content.decode()
    assert not Entry.objects.filter(kind="setting").exists()
