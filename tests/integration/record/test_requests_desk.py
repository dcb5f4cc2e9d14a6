"""The desk decides on what readers ask for; readers who confirmed an address are told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from selectolax.lexbor import LexborHTMLParser
from wagtail.test.utils.form_data import querydict_from_html

from copydesk.kit import clock
from copydesk.pagestore.models import Expiry
from copydesk.record.actions.requests import (
    AlreadyDecided,
    accept_asked,
    accept_request,
    decline_request,
)
from copydesk.record.events import NoticePublished
from copydesk.record.models import CorrectionRequest, RequestState
from copydesk.record.queries.requests import request_counts
from tests.factories.asking import make_notice, make_request
from tests.factories.desk import enter
from tests.factories.editorial import make_article, publish
from tests.factories.members import make_member

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import Settings

    from copydesk.editorial.models import PublishedArticle
    from copydesk.members.models import Member
    from copydesk.record.models import Notice

pytestmark = pytest.mark.django_db

URL = "/desk/record/requests/"
EMAIL = "reader@example.org"
HOSTILE = "<script>alert(1)</script>{{ x }}\r\nBcc: all@example.org"


@pytest.fixture
def article(front_page: object) -> PublishedArticle:
    return publish(make_article("On bridges"))


def test_the_queue_shows_what_waits_and_the_desk_s_home_counts_it(
    desk: Client, article: PublishedArticle
) -> None:
    assert "waiting-panel" not in desk.get("/desk/").content.decode()
    assert "There is none." in desk.get(URL).content.decode()
    make_request(article.pk, wrong=HOSTILE)
    make_request(article.pk, state="unconfirmed", email=EMAIL)
    assert "1 reader says that something is wrong" in desk.get("/desk/").content.decode()
    page = desk.get(URL).content.decode()
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "On bridges" in page
    assert EMAIL not in page
    assert "On bridges" in desk.get(f"{URL}?show=unconfirmed").content.decode()
    assert desk.get(f"{URL}?show=nonsense&p=nonsense").status_code == 200


def test_the_queue_takes_the_same_queries_however_long_it_is(
    desk: Client, article: PublishedArticle
) -> None:
    make_request(article.pk)
    desk.get(URL)
    with CaptureQueriesContext(connection) as short:
        desk.get(URL)
    for number in range(15):
        make_request(article.pk if number % 2 else publish(make_article()).pk)
    with CaptureQueriesContext(connection) as long:
        desk.get(URL)
    assert len(long) == len(short)


def test_a_declined_request_is_told_the_reason_and_leaves_the_queue(
    desk: Client, ada: Member, article: PublishedArticle
) -> None:
    row = make_request(article.pk, email=EMAIL)
    response = desk.post(f"{URL}{row.uuid}/", {"do": "decline", "reason": HOSTILE}, follow=True)
    assert "is declined" in response.content.decode()
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("declined", ada)
    [sent] = mail.outbox
    message = sent.message()
    assert sent.recipients() == [EMAIL]
    assert message["Bcc"] is None
    assert "<script>alert(1)</script>{{ x }}" in sent.body
    assert article.path in sent.body
    assert "Ada" not in sent.body


def test_a_request_is_accepted_with_a_notice_of_its_article(
    desk: Client, ada: Member, article: PublishedArticle
) -> None:
    row = make_request(article.pk, email=EMAIL)
    notice = make_notice(article.pk)
    other = make_notice(publish(make_article()).pk)
    for refused in (str(other.pk), "", "nonsense"):
        page = desk.post(f"{URL}{row.uuid}/", {"do": "accept", "notice": refused})
        assert "errorlist" in page.content.decode()
    row.refresh_from_db()
    assert row.state == "received"
    desk.post(f"{URL}{row.uuid}/", {"do": "accept", "notice": notice.pk})
    row.refresh_from_db()
    assert (row.state, row.notice, row.decided_by) == ("accepted", notice, ada)
    assert article.path in mail.outbox[0].body
    assert "It is older." in desk.get(f"{URL}{row.uuid}/").content.decode()
    with pytest.raises(ValueError, match="another article"):
        accept_request(request=row, notice=other, by=ada, at=clock.now())


def told(notice: Notice, by: Member, because_of: str) -> NoticePublished:
    return NoticePublished(
        notice_id=notice.pk,
        article_id=notice.article_id,
        kind=notice.kind,
        severity=notice.severity,
        at=clock.now(),
        by_id=by.pk,
        because_of=because_of,
    )


def test_a_notice_that_was_written_for_a_request_settles_it(
    ada: Member, article: PublishedArticle
) -> None:
    row = make_request(article.pk, email=EMAIL)
    notice = make_notice(article.pk)
    other = make_notice(publish(make_article()).pk)
    for about, because_of in (
        (notice, ""),
        (notice, "flag:1"),
        (notice, "request:nonsense"),
        (notice, f"flag:{row.uuid}"),
        (other, f"request:{row.uuid}"),
    ):
        accept_asked(told(about, ada, because_of))
        row.refresh_from_db()
        assert row.state == "received"
    for _time in range(2):
        accept_asked(told(notice, ada, f"request:{row.uuid}"))
        row.refresh_from_db()
        assert (row.state, row.notice) == ("accepted", notice)
    assert len(mail.outbox) == 1


def test_a_request_leads_to_the_form_of_a_notice_that_is_filled_in_and_settles_it(
    desk: Client, article: PublishedArticle
) -> None:
    row = make_request(article.pk, passage="It is young & new.", email=EMAIL)
    page = LexborHTMLParser(desk.get(f"{URL}{row.uuid}/").content)
    (link,) = page.css(f'a[href^="/desk/articles/{article.pk}/notices/"]')
    address = str(link.attributes["href"])
    form = querydict_from_html(desk.get(address).content.decode(), form_index=0)
    assert form["wrong"].strip() == "“It is young & new.”"
    assert form["because_of"] == f"request:{row.uuid}"
    said = {**form.dict(), "right": "It is old.", "do": "publish"}
    desk.post(f"/desk/articles/{article.pk}/notices/", said)
    row.refresh_from_db()
    assert row.state == "accepted"
    assert row.notice
    assert row.notice.learned_at == row.created_at.replace(second=0, microsecond=0)
    assert "It is old." in mail.outbox[-1].body


def test_a_reason_is_needed(desk: Client, article: PublishedArticle) -> None:
    row = make_request(article.pk, email=EMAIL)
    for reason in ("", "   ", "x" * 4_001):
        response = desk.post(f"{URL}{row.uuid}/", {"do": "decline", "reason": reason})
        assert response.status_code == 200
    row.refresh_from_db()
    assert row.state == "received"
    assert not mail.outbox


def test_an_address_that_nobody_confirmed_is_told_nothing_and_dropped(
    ada: Member, article: PublishedArticle
) -> None:
    row = make_request(article.pk, email=EMAIL, state="unconfirmed")
    decline_request(request=row, reason="It is so.", by=ada, at=clock.now())
    assert (row.state, row.email) == ("declined", "")
    assert not mail.outbox


def test_the_second_to_decide_is_told_and_changes_nothing(
    desk: Client, ada: Member, olga: Member, article: PublishedArticle
) -> None:
    row = make_request(article.pk, email=EMAIL)
    decline_request(request=row, reason="First.", by=olga, at=clock.now())
    late = desk.post(f"{URL}{row.uuid}/", {"do": "decline", "reason": "Second."}, follow=True)
    assert "Somebody else has decided" in late.content.decode()
    with pytest.raises(AlreadyDecided):
        accept_request(request=row, notice=make_notice(article.pk), by=ada, at=clock.now())
    row.refresh_from_db()
    assert (row.reason, row.decided_by) == ("First.", olga)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("name", ["wanda", "carl", "mo", "ben"])
def test_nobody_but_editors_sees_a_request_or_decides(
    client: Client, article: PublishedArticle, name: str
) -> None:
    row = make_request(article.pk, email=EMAIL)
    enter(client, make_member(name))
    for url in ("/desk/", URL, f"{URL}{row.uuid}/", article.path):
        assert EMAIL not in client.get(url, follow=True).content.decode()
    assert client.post(f"{URL}{row.uuid}/", {"do": "decline", "reason": "x"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "received"


def test_what_is_counted_in_public_is_by_the_year_of_the_request(
    ada: Member, article: PublishedArticle, settings: Settings
) -> None:
    zone = ZoneInfo(settings.TIME_ZONE)
    begin = datetime(2026, 1, 1, tzinfo=zone)
    assert request_counts(2026).median_days is None
    make_request(article.pk, created_at=begin - timedelta(seconds=1))
    make_request(article.pk, created_at=begin, state="unconfirmed")
    make_request(article.pk, created_at=begin)
    for days, state in ((1, "accepted"), (2, "declined"), (9, "declined")):
        decided = begin + timedelta(days=days)
        make_request(article.pk, created_at=begin, state=state, decided_at=decided)
    found = request_counts(2026)
    assert (found.received, found.accepted, found.declined, found.median_days) == (4, 1, 2, 2.0)


def test_a_decision_ends_the_pages_that_count_it(ada: Member, article: PublishedArticle) -> None:
    row = make_request(article.pk)
    decline_request(request=row, reason="It is so.", by=ada, at=clock.now())
    last = Expiry.objects.order_by("pk").last()
    assert last
    assert last.tags == "requests"
    assert CorrectionRequest.objects.get().state == RequestState.DECLINED
