"""Readers tell what is wrong with an article: who may, how often, and what becomes of an address they leave."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.test import Client

from copydesk.editorial.models import Publication
from copydesk.kit import clock
from copydesk.record.actions.requests import BadLink, confirm_request, tidy_requests
from copydesk.record.models import CorrectionRequest
from tests.factories.asking import ask, ask_url, filled, make_request
from tests.factories.desk import enter
from tests.factories.editorial import make_article, publish
from tests.factories.members import make_member

if TYPE_CHECKING:
    from copydesk.editorial.models import PublishedArticle

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script> {{ settings.SECRET_KEY }} \u202e \"'--"


@pytest.fixture
def article(front_page: object) -> PublishedArticle:
    return publish(make_article("On bridges"))


def link_in(text: object) -> str:
    found = re.search(r"http://localhost:8000(/record/requests/\S+)", str(text))
    assert found
    return found[1]


def test_every_article_leads_to_the_form(client: Client, article: PublishedArticle) -> None:
    page = client.get(article.path).content.decode()
    assert f'href="{ask_url(article.pk)}"' in page
    form = client.get(ask_url(article.pk))
    assert "On bridges" in form.content.decode()
    assert "no-store" in form["Cache-Control"] or "no-cache" in form["Cache-Control"]
    assert set(client.cookies) == {"csrftoken"}


def test_what_a_reader_says_is_kept_and_their_address_of_the_network_is_not(
    client: Client, article: PublishedArticle
) -> None:
    said = {"passage": "It is young.", "evidence": "The plaque says 1902."}
    response = ask(client, article.pk, **said)
    assert response["Location"] == f"/record/articles/{article.pk}/asked/"
    assert client.get(response["Location"]).status_code == 200
    [kept] = CorrectionRequest.objects.all()
    assert (kept.wrong, kept.passage, kept.evidence) == ("The bridge is older.", *said.values())
    assert kept.state == "received"
    assert re.fullmatch("[0-9a-f]{64}", kept.sender)
    values = " ".join(map(str, CorrectionRequest.objects.values_list().get()))
    assert "127.0.0.1" not in values
    assert not mail.outbox


@pytest.mark.parametrize(
    "said",
    [
        {"wrong": ""},
        {"wrong": "x" * 4_001},
        {"passage": "x" * 2_001},
        {"evidence": "x" * 4_001},
        {"email": "nobody"},
        {"email": "a@example.org\nBcc: all@example.org"},
        {"email": "a@example.org, b@example.org"},
        {"wrong": "a\0b"},
        {"started": "nonsense"},
        {"started": ""},
        {"age": timedelta(seconds=1)},
        {"age": timedelta(days=2)},
        {"age": timedelta(minutes=-5)},
    ],
)
def test_what_cannot_be_taken_is_said_so_and_kept_in_the_form(
    client: Client, article: PublishedArticle, said: dict[str, Any]
) -> None:
    response = ask(client, article.pk, **{"passage": "It is young.", **said})
    page = response.content.decode()
    assert response.status_code == 200
    assert "errorlist" in page
    assert "passage" in said or "It is young." in page
    assert not CorrectionRequest.objects.exists()
    assert not mail.outbox


def test_a_form_of_another_article_is_not_taken(client: Client, article: PublishedArticle) -> None:
    other = publish(make_article("On rivers"))
    response = client.post(ask_url(article.pk), filled(other.pk))
    assert "has been open for too long" in response.content.decode()
    assert not CorrectionRequest.objects.exists()


def test_a_form_that_was_open_for_too_long_can_be_sent_again(
    client: Client, article: PublishedArticle
) -> None:
    page = ask(client, article.pk, age=timedelta(days=2)).content.decode()
    began = re.search(r'name="started" value="([^"]+)"', page)
    assert began
    with_new_start = {**filled(article.pk), "started": began[1]}
    assert "very quick" in client.post(ask_url(article.pk), with_new_start).content.decode()


def test_a_program_that_fills_in_everything_is_thanked_and_nothing_is_kept(
    client: Client, article: PublishedArticle
) -> None:
    response = ask(client, article.pk, website="http://spam.example", email="a@example.org")
    assert response.status_code == 302
    assert not CorrectionRequest.objects.exists()
    assert not mail.outbox


def test_a_form_without_its_token_is_refused(article: PublishedArticle) -> None:
    client = Client(enforce_csrf_checks=True)
    assert ask(client, article.pk).status_code == 403
    assert not CorrectionRequest.objects.exists()


def test_only_what_one_may_read_can_be_asked_about(client: Client, front_page: object) -> None:
    paid = publish(make_article("For some", visibility="paid"))
    draft = make_article("Not yet")
    gone = publish(make_article("Gone"))
    gone.article.unpublish()
    for pk in (paid.pk, draft.pk, gone.pk, 0, 10**30):
        assert client.get(ask_url(pk)).status_code == 404
        assert ask(client, pk).status_code == 404
    assert "/ask/" not in client.get(paid.path).content.decode()
    enter(client, make_member("ben", tier="paid"))
    assert client.get(ask_url(paid.pk)).status_code == 200
    assert not CorrectionRequest.objects.exists()


# --- Limits


def test_a_sender_may_ask_five_times_an_hour(article: PublishedArticle) -> None:
    client = Client(REMOTE_ADDR="2001:db8:1:2::1")
    for number in range(5):
        assert ask(client, article.pk, REMOTE_ADDR=f"2001:db8:1:2::{number}").status_code == 302
    neighbor = Client(REMOTE_ADDR="2001:db8:1:2:ffff::9")
    assert ask(neighbor, article.pk).status_code == 429
    assert CorrectionRequest.objects.count() == 5
    assert ask(Client(REMOTE_ADDR="2001:db8:1:3::1"), article.pk).status_code == 302
    CorrectionRequest.objects.update(created_at=clock.now() - timedelta(minutes=61))
    assert ask(neighbor, article.pk).status_code == 302


def test_an_article_and_the_site_take_so_many_an_hour(
    client: Client, article: PublishedArticle
) -> None:
    for _number in range(20):
        make_request(article.pk)
    assert ask(client, article.pk).status_code == 429
    other = publish(make_article("On rivers"))
    assert ask(client, other.pk).status_code == 302
    CorrectionRequest.objects.bulk_create(
        CorrectionRequest(article_id=gone, wrong="-", created_at=clock.now(), sender=str(number))
        for number in range(79)
        for gone in [article.pk]
    )
    assert ask(client, other.pk).status_code == 429


def test_a_mailbox_gets_three_links_a_day_however_it_is_written(
    article: PublishedArticle,
) -> None:
    ways = ["a.b@example.org", "ab@example.org", "AB+1@example.org", "ab+2@Example.org"]
    for number, email in enumerate(ways):
        client = Client(REMOTE_ADDR=f"198.51.100.{number}")
        assert ask(client, article.pk, email=email).status_code == 302
    assert len(mail.outbox) == 3
    last = CorrectionRequest.objects.order_by("pk").last()
    assert last
    assert (last.state, last.email) == ("received", "")


# --- Addresses


def test_an_address_counts_once_its_link_was_followed_and_the_button_pressed(
    client: Client, article: PublishedArticle
) -> None:
    ask(client, article.pk, email="reader@example.org", wrong=HOSTILE)
    [sent] = mail.outbox
    assert sent.to == ["reader@example.org"]
    assert HOSTILE not in sent.body
    link = link_in(sent.body)
    kept = CorrectionRequest.objects.get()
    assert kept.state == "unconfirmed"
    assert "reader@example.org" not in client.get(link).content.decode()
    kept.refresh_from_db()
    assert kept.state == "unconfirmed"
    for _time in range(2):
        assert "is confirmed" in client.post(link).content.decode()
    kept.refresh_from_db()
    assert (kept.state, kept.email) == ("received", "reader@example.org")
    assert len(mail.outbox) == 1


def test_a_headline_or_a_name_of_several_lines_adds_no_header(
    client: Client, front_page: object
) -> None:
    Publication.objects.update(name="The Herald\r\nBcc: all@example.org")
    article = publish(make_article("On bridges\r\nBcc: all@example.org", slug="bridges"))
    ask(client, article.pk, email="reader@example.org")
    [sent] = mail.outbox
    message = sent.message()
    assert message["Bcc"] is None
    assert "The Herald Bcc" in sent.subject
    assert sent.recipients() == ["reader@example.org"]


@pytest.mark.parametrize("how", ["late", "another", "cut"])
def test_a_link_that_is_late_or_not_ours_confirms_nothing(
    client: Client, article: PublishedArticle, how: str
) -> None:
    ask(client, article.pk, email="reader@example.org")
    token = link_in(mail.outbox[0].body).split("/")[3]
    at = clock.now() + (timedelta(days=4) if how == "late" else timedelta())
    token = {"late": token, "another": filled(article.pk)["started"], "cut": token[:-3]}[how]
    with pytest.raises(BadLink):
        confirm_request(token=token, at=at)
    assert CorrectionRequest.objects.get().state == "unconfirmed"


def test_what_is_personal_goes_when_it_has_served(article: PublishedArticle) -> None:
    now = clock.now()
    late = make_request(
        article.pk,
        email="late@example.org",
        state="unconfirmed",
        created_at=now - timedelta(days=4),
    )
    kept = make_request(article.pk, email="kept@example.org", state="unconfirmed")
    for age in (29, 31):
        at = now - timedelta(days=age)
        email = f"{age}@example.org"
        make_request(article.pk, email=email, state="declined", created_at=at, decided_at=at)
    assert tidy_requests(at=now) == 1
    emails = CorrectionRequest.objects.exclude(email="").order_by("email")
    assert [row.email for row in emails] == ["29@example.org", "kept@example.org"]
    late.refresh_from_db()
    kept.refresh_from_db()
    assert (late.state, late.sender, kept.state) == ("received", "", "unconfirmed")
    assert kept.sender
