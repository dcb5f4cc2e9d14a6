"""What readers get follows what editors publish, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult
from wagtail.rich_text import expand_db_html
from wagtail_footnotes.models import Footnote

from copydesk.editorial import actions
from copydesk.editorial.actions import pictures
from copydesk.editorial.models import (
    Article,
    Byline,
    BylineRole,
    FrontPage,
    PublishedArticle,
    PublishedMonth,
    Topic,
    WithdrawnAddress,
)
from copydesk.kit import clock
from tests.factories.editorial import (
    block,
    make_article,
    make_person,
    make_picture,
    make_static_page,
    make_topic,
    publish,
)

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from copydesk.members.models import Member

pytestmark = pytest.mark.django_db


def test_publishing_writes_what_readers_get() -> None:
    article = make_article("On bridges", body=["Eight words are in this short paragraph, sir."], by=["Rosa Reporter"],
                           topics=["Bridges", "Money"], standfirst="Why they fall.")  # fmt: skip
    published = publish(article)
    assert published.path == f"/{article.slug}/"
    assert (published.headline, published.standfirst) == ("On bridges", "Why they fall.")
    assert [topic.name for topic in published.topics] == ["Bridges", "Money"]
    assert [person.name for person in published.authors] == ["Rosa Reporter"]
    assert (published.word_count, published.reading_minutes) == (8, 1)
    assert published.text == "Eight words are in this short paragraph, sir."


def test_links_to_pages_lead_to_readers_addresses_at_one_query_a_text(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    front = FrontPage.objects.get()
    target, about = make_article("Target"), make_static_page("About")
    html = "".join(
        f'<a linktype="page" id="{key}">x</a>' for key in (target.pk, about.pk, front.pk, 999_999)
    )
    with django_assert_num_queries(1):
        shown = expand_db_html(f"<p>{html}</p>")
    paths = [target.url, about.url, "/"]
    links = "".join(f'<a href="{path}">x</a>' for path in paths)
    assert shown == f"<p>{links}<a>x</a></p>"


def test_a_draft_over_a_live_article_changes_nothing_for_readers() -> None:
    article = make_article("First headline")
    publish(article)
    article.title = "Second headline"
    article.save_revision()
    assert PublishedArticle.objects.get(article=article).headline == "First headline"
    assert publish(article).headline == "Second headline"


def test_publishing_twice_changes_nothing() -> None:
    article = make_article(topics=["Bridges"], by=["Rosa Reporter"])
    publish(article)
    before = list(PublishedArticle.objects.values()), list(Topic.objects.values())
    actions.publish_article(article=article, at=clock.now())
    assert (list(PublishedArticle.objects.values()), list(Topic.objects.values())) == before


def test_counts_follow_publishing_and_withdrawing() -> None:
    bridges, money = make_topic("Bridges"), make_topic("Money")
    rosa = make_person("Rosa Reporter")
    article = make_article(topics=[bridges], by=[rosa], dated_at=datetime(2024, 5, 17, tzinfo=UTC))
    publish(article)
    article.article_topics.all()[0].delete()
    article = Article.objects.get(pk=article.pk)
    article.article_topics.add(type(article.article_topics.model())(topic=money))
    article.dated_at = datetime(2024, 6, 2, tzinfo=UTC)
    article.save_revision().publish()

    def counts() -> list[int]:
        for row in (bridges, money, rosa):
            row.refresh_from_db()
        months = {
            f"{month:%Y-%m}": count
            for month, count in PublishedMonth.objects.values_list("begins_on", "article_count")
        }
        return [
            bridges.article_count,
            money.article_count,
            rosa.article_count,
            months["2024-05"],
            months["2024-06"],
        ]

    assert counts() == [0, 1, 1, 0, 1]
    Article.objects.get(pk=article.pk).unpublish()
    assert counts() == [0, 0, 0, 0, 0]


def test_withdrawing_leaves_410_until_it_is_published_again(client: Client) -> None:
    article = make_article()
    path = publish(article).path
    article.unpublish()
    gone = client.get(path)
    assert gone.status_code == 410
    since = WithdrawnAddress.objects.get(path=path).withdrawn_at
    assert f'datetime="{since:%Y-%m-%d}' in gone.content.decode()
    assert not PublishedArticle.objects.filter(article=article).exists()
    Article.objects.get(pk=article.pk).get_latest_revision().publish()
    assert client.get(path).status_code == 200
    assert not WithdrawnAddress.objects.filter(path=path).exists()


def test_deleting_leaves_410(client: Client) -> None:
    article = make_article()
    path = publish(article).path
    article.delete()
    assert client.get(path).status_code == 410


def test_a_withdrawn_static_page_answers_410(client: Client) -> None:
    page = make_static_page("About us")
    path = f"/{page.slug}/"
    assert client.get(path).status_code == 200
    page.unpublish()
    assert client.get(path).status_code == 410


def test_a_new_slug_sends_readers_on_from_the_old_address(client: Client) -> None:
    article = make_article(slug="old-name")
    old = publish(article).path
    article = Article.objects.get(pk=article.pk)
    article.slug = "new-name"
    article.save_revision().publish()
    response = client.get(old)
    assert (response.status_code, response["Location"]) == (301, "/new-name/")
    assert client.get("/new-name/").status_code == 200


def test_the_task_is_queued_with_the_change_or_not_at_all() -> None:
    article = make_article()
    publish(article)
    tasks = DBTaskResult.objects.filter(task_path="copydesk.editorial.tasks.make_renditions")
    assert tasks.count() == 1

    with transaction.atomic():
        actions.publish_article(article=article, at=clock.now())
        transaction.set_rollback(True)
    assert tasks.count() == 1


def test_a_byline_names_people_with_and_without_an_account_by_what_they_did(
    client: Client, wanda: Member
) -> None:
    roles = ["author", "photographer", "illustrator", "translator", "editor"]
    assert BylineRole.values == roles
    article = make_article()
    article.bylines = [
        Byline(
            person=make_person(f"The {role}", member=wanda if role == "author" else None), role=role
        )
        for role in roles
    ]
    article.save_revision()
    published = publish(article)
    assert [(each.person.name, each.role) for each in published.bylines] == [
        (f"The {role}", role) for role in roles
    ]
    page = client.get(published.path).content.decode()
    assert all(f"The {role}" in page for role in roles)


def test_a_person_outlives_the_account(wanda: Member) -> None:
    person = make_person("Wanda Writer", member=wanda)
    wanda.delete()
    person.refresh_from_db()
    assert person.member is None


def test_footnotes_are_numbered_through_the_article() -> None:
    first, second = uuid4(), uuid4()
    mark = '<footnote id="{}">x</footnote>'.format
    article = make_article(
        body=[
            f"One{mark(second)}.",
            block("callout", {"kind": "note", "title": "", "text": f"<p>Two{mark(first)}.</p>"}),
        ]
    )
    for name, words in ((first, "The other note."), (second, "The note.")):
        Footnote.objects.create(page=article, uuid=name, text=f"<p>{words}</p>")
    article = Article.objects.get(pk=article.pk)
    article.save_revision().publish()
    html = PublishedArticle.objects.get(article=article).body_html
    assert html.index('href="#fn-1"') < html.index('href="#fn-2"')
    assert html.index("The note.") < html.index("The other note.")


def test_the_preview_of_a_gated_article_ends_at_the_divider() -> None:
    article = make_article(
        body=["Public words.", block("preview_end"), "Secret words."], visibility="members"
    )
    published = publish(article)
    assert "Public" in published.preview_html
    assert "Secret" not in published.preview_html + published.preview_text
    assert "Secret" in published.body_html


def test_a_gated_article_without_a_divider_shows_nothing_of_its_body(client: Client) -> None:
    published = publish(make_article(body=["Secret words."], visibility="paid"))
    assert "Secret" not in client.get(published.path).content.decode()


def test_headings_have_addresses_of_their_own() -> None:
    heading = block("heading", {"text": "Why it fell", "level": "2", "anchor": ""})
    html = publish(make_article(body=[heading, "x", heading])).body_html
    assert 'id="why-it-fell"' in html
    assert 'id="why-it-fell-2"' in html


def test_renditions_are_made_once_for_every_size_offered() -> None:
    picture = make_picture()
    article = make_article(
        lead_picture=picture,
        body=[
            block(
                "image",
                {
                    "image": picture.pk,
                    "alt": "",
                    "caption": "",
                    "credit": "",
                    "width": "text",
                    "is_decorative": False,
                },
            )
        ],
    )
    publish(article)
    made = pictures.make_renditions(article_id=article.pk)
    assert made > 0
    assert picture.renditions.count() == len({row.filter_spec for row in picture.renditions.all()})
    before = picture.renditions.count()
    pictures.make_renditions(article_id=article.pk)
    assert picture.renditions.count() == before


def test_renditions_of_an_article_that_is_gone_are_nobodys_work() -> None:
    assert pictures.make_renditions(article_id=999_999) == 0
