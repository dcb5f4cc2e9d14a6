"""Writing at the desk, through the forms a browser sends: drafts, revisions, and nothing live from anybody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.urls import reverse
from wagtail.admin.icons import get_icons
from wagtail.models import Revision

from copydesk.editorial.blocks import ArticleBody
from copydesk.editorial.models import Article, PublishedArticle, StaticPage
from tests.factories.desk import create, edit_url, enter, new_body, read_form, rich, save
from tests.factories.editorial import (
    front_page,
    make_article,
    make_person,
    make_picture,
    make_static_page,
    make_topic,
    publish,
)

if TYPE_CHECKING:
    from django.test import Client

    from copydesk.members.models import Member

pytestmark = pytest.mark.django_db


class TestDrafts:
    def test_an_article_from_nothing_to_published(self, client: Client, wanda: Member) -> None:
        body = new_body({"type": "text", "value": rich("Words that matter.")})
        response = create(
            enter(client, wanda),
            action="action-publish",
            title="On bridges",
            standfirst="Short.",
            **body,
        )
        assert response.status_code == 302
        published = PublishedArticle.objects.get()
        assert (published.path, published.headline, published.standfirst) == (
            "/on-bridges/",
            "On bridges",
            "Short.",
        )
        assert published.text == "Words that matter."
        assert published.article.owner == wanda

    def test_saving_over_a_live_article_changes_nothing_for_readers(
        self, client: Client, ada: Member
    ) -> None:
        article = make_article("Before", body=["Old words."])
        before = publish(article)
        body = new_body({"type": "text", "value": rich("New words.")})
        assert (
            save(enter(client, ada), article, title="After", standfirst="New", **body).status_code
            == 302
        )
        article.refresh_from_db()
        after = PublishedArticle.objects.get(article=article)
        assert (after.headline, after.standfirst, after.text) == ("Before", "", "Old words.")
        assert after.updated_at == before.updated_at
        assert article.has_unpublished_changes
        assert article.get_latest_revision_as_object().title == "After"
        assert "Old words" in client.get(after.path).content.decode()
        assert "New words" not in client.get(after.path).content.decode()

    def test_publishing_then_changes_it(self, client: Client, ada: Member) -> None:
        article = make_article("Before")
        publish(article)
        save(enter(client, ada), article, action="action-publish", title="After")
        assert PublishedArticle.objects.get(article=article).headline == "After"

    def test_a_preview_shows_the_draft_to_who_may_edit_it(
        self, client: Client, ada: Member
    ) -> None:
        article = make_article("Before", body=["Old words."])
        publish(article)
        save(enter(client, ada), article, **new_body({"type": "text", "value": rich("New words.")}))
        draft = reverse("wagtailadmin_pages:view_draft", args=[article.pk])
        assert "New words." in client.get(draft).content.decode()
        client.logout()
        assert client.get(draft).status_code == 302

    def test_what_is_being_typed_can_be_previewed(self, client: Client, ada: Member) -> None:
        article = make_article("Before", body=["Old words."])
        preview = reverse("wagtailadmin_pages:preview_on_edit", args=[article.pk])
        data = read_form(enter(client, ada), edit_url(article)) | new_body(
            {"type": "text", "value": rich("Typed words.")}
        )
        assert client.post(preview, data).json()["is_valid"]
        assert "Typed words." in client.get(preview).content.decode()
        assert not PublishedArticle.objects.exists()

    def test_revisions_are_compared_and_restored(self, client: Client, ada: Member) -> None:
        article = make_article("First", body=["First words."])
        first = article.get_latest_revision()
        save(
            enter(client, ada),
            article,
            title="Second",
            **new_body({"type": "text", "value": rich("Second words.")}),
        )
        second = article.revisions.order_by("-created_at").first()
        page = client.get(
            reverse("wagtailadmin_pages:revisions_compare", args=[article.pk, first.pk, second.pk])
        ).content.decode()
        assert "Second" in page
        assert 'class="deletion"' in page
        form = read_form(
            client, reverse("wagtailadmin_pages:revisions_revert", args=[article.pk, first.pk])
        )
        assert form["title"] == "First"
        client.post(edit_url(article), form | body_data_of(first) | {"revision": first.pk})
        article = Article.objects.get(pk=article.pk)
        restored = article.get_latest_revision_as_object()
        assert restored.title == "First"
        assert "First words." in str(restored.body)
        assert Revision.objects.for_instance(article).count() == 3

    def test_two_people_at_one_article_are_told_of_each_other(
        self, client: Client, ada: Member, olga: Member
    ) -> None:
        article = make_article()
        other = type(client)()
        for browser, member in ((client, ada), (other, olga)):
            page = enter(browser, member).get(edit_url(article)).content.decode()
            assert "wagtail-editing-sessions" in page or "editing-sessions" in page
        first, second = article_session(article, ada), article_session(article, olga)
        ping = "/desk/editing-sessions/ping/wagtailcore/page/{}/{}/"
        client.post(ping.format(article.pk, first), {"is_editing": "true"})
        told = other.post(ping.format(article.pk, second)).json()
        assert "Ada Editor" in told["html"]

    def test_a_writer_learns_nothing_of_sessions_at_others_articles(
        self, client: Client, wanda: Member, ada: Member
    ) -> None:
        article = make_article(owner=ada)
        enter(client, wanda)
        assert client.post(
            f"/desk/editing-sessions/ping/wagtailcore/page/{article.pk}/1/"
        ).status_code in {302, 403, 404}


def body_data_of(revision: Revision) -> dict[str, str]:
    from tests.factories.desk import flatten

    body = revision.as_object().body
    return flatten(body.stream_block, body.stream_block.get_form_state(body), "body")


def article_session(article: Article, member: Member) -> int:
    from wagtail.admin.models import EditingSession

    return int(EditingSession.objects.get(user=member, object_id=str(article.pk)).pk)


class TestAddresses:
    def test_a_title_in_any_script_gives_an_address(self, client: Client, ada: Member) -> None:
        create(enter(client, ada), action="action-publish", title="الجسور القديمة", slug="")
        assert PublishedArticle.objects.get().path.strip("/").isascii()

    def test_a_second_one_gets_a_number(self, client: Client, ada: Member) -> None:
        enter(client, ada)
        for _time in range(2):
            create(client, title="On bridges", slug="")
        assert set(Article.objects.values_list("slug", flat=True)) == {"on-bridges", "on-bridges-2"}

    @pytest.mark.parametrize("slug", ["desk", "account", "topics"])
    def test_the_sites_own_addresses_are_not_taken(
        self, client: Client, ada: Member, slug: str
    ) -> None:
        response = create(enter(client, ada), action="action-publish", title="x", slug=slug)
        assert (
            "already" in response.content.decode()
            or "has a page at this address" in response.content.decode()
        )
        assert not PublishedArticle.objects.exists()

    def test_a_title_that_is_one_of_them_gets_a_number(self, client: Client, ada: Member) -> None:
        create(enter(client, ada), title="Search", slug="")
        assert Article.objects.get().slug == "search-2"


def test_bylines_and_topics_keep_the_writers_order(client: Client, ada: Member) -> None:
    people, topics = [make_person("B"), make_person("A")], [make_topic("Z"), make_topic("Y")]
    fields: dict[str, Any] = {"bylines-TOTAL_FORMS": "2", "article_topics-TOTAL_FORMS": "2"}
    for number in (0, 1):
        for kind, value in (
            ("bylines", {"person": people[number].pk, "role": "author"}),
            ("article_topics", {"topic": topics[number].pk}),
        ):
            fields |= {f"{kind}-{number}-{name}": each for name, each in value.items()}
            fields |= {
                f"{kind}-{number}-ORDER": number + 1,
                f"{kind}-{number}-DELETE": "",
                f"{kind}-{number}-id": "",
            }
    create(enter(client, ada), action="action-publish", title="x", slug="", **fields)
    published = PublishedArticle.objects.get()
    assert [link.person.name for link in published.bylines] == ["B", "A"]
    assert [topic.name for topic in published.topics] == ["Z", "Y"]


def test_static_pages_are_written_alike(client: Client, ada: Member) -> None:
    body = new_body({"type": "text", "value": rich("About us.")})
    create(
        enter(client, ada),
        kind="staticpage",
        action="action-publish",
        title="About",
        slug="",
        **body,
    )
    assert "About us." in StaticPage.objects.get().body_html
    assert client.get("/about/").status_code == 200


class TestDesk:
    def test_it_shows_the_publication_and_asks_nobody_else(
        self, client: Client, ada: Member
    ) -> None:
        page = enter(client, ada).get("/desk/").content.decode()
        assert "theme/icons/favicon.svg" in page
        assert "gravatar" not in page
        assert "releases.wagtail" not in page
        assert "data:image/svg+xml" in page
        assert not re.findall(
            r"<(?:script|img|link|iframe)[^>]+(?:src|href)=.(?:https?:)?//(?!testserver)", page
        )

    @pytest.mark.parametrize(
        "item", ["Editor Guide", "What's new", "Aging pages", "Groups", "Sites"]
    )
    def test_it_leaves_out_what_is_not_used(self, client: Client, olga: Member, item: str) -> None:
        assert item not in enter(client, olga).get("/desk/").content.decode()

    def test_it_lists_what_stands_under_the_front_page(self, client: Client, ada: Member) -> None:
        article, page = make_article("A told story"), make_static_page("Who we are")
        enter(client, ada)
        url = reverse("wagtailadmin_explore", args=[front_page().pk])
        listed = client.get(url).content.decode()
        assert edit_url(article) in listed
        assert edit_url(page) in listed
        assert (
            "A told story"
            in client.get(url, {"content_type": article.content_type_id}).content.decode()
        )

    def test_pictures_are_shown_where_they_are_chosen(self, client: Client, ada: Member) -> None:
        picture = make_picture()
        enter(client, ada)
        for url in (
            reverse("wagtailimages:index"),
            reverse("wagtailimages:edit", args=[picture.pk]),
        ):
            shown = [
                src
                for src in re.findall(r'<img[^>]+src="([^"]+)"', client.get(url).content.decode())
                if src.startswith(settings.MEDIA_URL)
            ]
            assert shown, url
            for src in shown:
                answer = client.get(src)
                assert answer["Content-Type"] == "image/jpeg", src
                assert answer.getvalue()

    def test_every_block_has_its_mark(self) -> None:
        sprite = get_icons()
        for block in ArticleBody().child_blocks.values():
            assert f'id="icon-{block.meta.icon}"' in sprite, block.name

    def test_the_editor_knows_imported_content_and_offers_it_to_nobody(
        self, client: Client, ada: Member
    ) -> None:
        page = enter(client, ada).get(edit_url(make_article())).content.decode()
        assert "copydesk.ArticleBody" in page
        assert "editorial/desk/article-body.js" in page
        assert "editorial/desk/article-body.css" in page
