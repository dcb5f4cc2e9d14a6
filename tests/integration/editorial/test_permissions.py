"""What each role may do at the desk, and above all what it may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from copydesk.editorial.models import Article, Person, PublishedArticle, StaticPage, Topic
from tests.factories.editorial import (
    make_article,
    make_attachment,
    make_picture,
    make_static_page,
    make_topic,
    publish,
)
from tests.factories.members import make_member

if TYPE_CHECKING:
    from django.test import Client
    from django.test.client import _MonkeyPatchedWSGIResponse as HttpResponse
    from wagtail.models import Page

    from copydesk.editorial.models import FrontPage
    from copydesk.members.models import Member

pytestmark = pytest.mark.django_db

BACKEND = "django.contrib.auth.backends.ModelBackend"
EVERYBODY = ["olga", "ada", "wanda", "carl", "mo", "ben"]


def enter(client: Client, member: Member | str) -> Client:
    client.force_login(make_member(member) if isinstance(member, str) else member, backend=BACKEND)
    return client


def refused(response: HttpResponse) -> bool:
    """Whether the desk said no, or led the member away to its start or its door."""
    led_away = response.status_code == 302 and response["Location"].startswith(
        ("/desk/login/", "/desk/")
    )
    return response.status_code == 403 or (
        led_away and response["Location"].partition("?")[0] in {"/desk/", "/desk/login/"}
    )


def page_url(view: str, page: Page) -> str:
    return reverse(f"wagtailadmin_pages:{view}", args=[page.pk])


class TestOtherPeoplesArticles:
    """Ada's article, live and with a draft over it, in the hands of those who may not touch it."""

    @pytest.fixture
    def article(self, front_page: FrontPage) -> Article:
        article = make_article("The bridge", owner=make_member("ada"))
        publish(article)
        return article

    @pytest.mark.parametrize("who", ["wanda", "carl", "mo", "ben"])
    @pytest.mark.parametrize(
        "view", ["edit", "delete", "unpublish", "copy", "history", "usage", "view_draft"]
    )
    def test_looking_into_it_is_refused(
        self, client: Client, article: Article, who: str, view: str
    ) -> None:
        assert refused(enter(client, who).get(page_url(view, article)))

    @pytest.mark.parametrize("who", ["wanda", "carl", "mo", "ben"])
    def test_nothing_they_post_changes_it(self, client: Client, article: Article, who: str) -> None:
        before = PublishedArticle.objects.get(article=article)
        revisions = article.revisions.count()
        enter(client, who)
        client.post(
            page_url("edit", article), {"title": "Mine", "slug": "mine", "action-publish": "1"}
        )
        client.post(page_url("unpublish", article))
        client.post(page_url("delete", article))
        client.post(page_url("lock", article))
        for action in ("unpublish", "delete", "publish"):
            client.post(f"/desk/bulk/wagtailcore/page/{action}/?id={article.pk}")
        article.refresh_from_db()
        after = PublishedArticle.objects.get(article=article)
        assert (article.live, article.title, article.locked) == (True, "The bridge", False)
        assert (after.headline, after.updated_at) == (before.headline, before.updated_at)
        assert article.revisions.count() == revisions

    @pytest.mark.parametrize("who", ["olga", "ada"])
    def test_editors_may(self, client: Client, article: Article, who: str) -> None:
        assert enter(client, who).get(page_url("edit", article)).status_code == 200
        client.post(page_url("unpublish", article))
        article.refresh_from_db()
        assert not article.live
        assert not PublishedArticle.objects.filter(article=article).exists()


class TestOwnArticles:
    def test_a_writer_publishes_and_withdraws_their_own(
        self, client: Client, wanda: Member
    ) -> None:
        article = make_article(owner=wanda)
        permissions = article.permissions_for_user(wanda)
        assert permissions.can_edit()
        assert permissions.can_publish()
        publish(article)
        enter(client, wanda).post(page_url("unpublish", article))
        article.refresh_from_db()
        assert not article.live

    def test_a_contributor_neither_publishes_nor_withdraws_their_own(
        self, client: Client, carl: Member
    ) -> None:
        article = make_article(owner=carl)
        publish(article)
        permissions = article.permissions_for_user(carl)
        assert permissions.can_edit()
        assert not permissions.can_publish()
        enter(client, carl)
        client.post(page_url("unpublish", article))
        client.post(page_url("delete", article))
        client.post(f"/desk/bulk/wagtailcore/page/unpublish/?id={article.pk}")
        article.refresh_from_db()
        assert article.live

    @pytest.mark.parametrize("who", EVERYBODY)
    def test_nobody_hides_a_page_by_wagtails_own_restrictions(
        self, client: Client, who: str
    ) -> None:
        article = make_article(owner=make_member(who))
        assert refused(enter(client, who).get(page_url("set_privacy", article)))


class TestAdding:
    @pytest.mark.parametrize(
        ("who", "kinds"),
        [
            ("olga", {"article", "staticpage"}),
            ("ada", {"article", "staticpage"}),
            ("wanda", {"article"}),
            ("carl", {"article"}),
            ("mo", set()),
            ("ben", set()),
        ],
    )
    def test_who_may_add_what(
        self, client: Client, front_page: FrontPage, who: str, kinds: set[str]
    ) -> None:
        enter(client, who)
        for kind in ("article", "staticpage"):
            url = reverse("wagtailadmin_pages:add", args=["editorial", kind, front_page.pk])
            response = client.get(url)
            assert (response.status_code == 200) == (kind in kinds)
            assert refused(response) == (kind not in kinds)

    def test_a_writer_adds_nothing_under_a_static_page(
        self, client: Client, front_page: FrontPage
    ) -> None:
        about = make_static_page()
        response = enter(client, "wanda").get(
            reverse("wagtailadmin_pages:add", args=["editorial", "staticpage", about.pk])
        )
        assert refused(response)
        assert StaticPage.objects.count() == 1

    def test_a_writer_is_led_straight_to_a_new_article(
        self, client: Client, front_page: FrontPage
    ) -> None:
        add = reverse("wagtailadmin_pages:add", args=["editorial", "article", front_page.pk])
        assert enter(client, "wanda").get("/desk/write/")["Location"] == add
        assert client.get(page_url("add_subpage", front_page))["Location"] == add
        assert (
            "static"
            in enter(client, "ada").get(page_url("add_subpage", front_page)).content.decode()
        )

    @pytest.mark.parametrize("who", EVERYBODY)
    def test_nobody_adds_a_second_front_page_or_a_bare_page(
        self, client: Client, front_page: FrontPage, who: str
    ) -> None:
        root = front_page.get_parent()
        enter(client, who)
        for app, kind, parent in [
            ("editorial", "frontpage", root),
            ("wagtailcore", "page", front_page),
        ]:
            response = client.get(reverse("wagtailadmin_pages:add", args=[app, kind, parent.pk]))
            assert response.status_code in {302, 403, 404}


WHO_SEES = {
    "/desk/": {"olga", "ada", "wanda", "carl", "mo"},
    "/desk/snippets/editorial/topic/": {"olga", "ada"},
    "/desk/snippets/editorial/topic/add/": {"olga", "ada"},
    "/desk/snippets/editorial/person/": {"olga", "ada"},
    "/desk/snippets/editorial/person/add/": {"olga", "ada"},
    "/desk/snippets/editorial/series/": {"olga", "ada"},
    "/desk/settings/editorial/publication/": {"olga", "ada"},
    "/desk/redirects/": {"olga", "ada"},
    "/desk/images/": {"olga", "ada", "wanda", "carl"},
    "/desk/images/add/": {"olga", "ada", "wanda", "carl"},
    "/desk/documents/": {"olga", "ada", "wanda", "carl"},
    "/desk/users/": {"olga"},
    "/desk/users/new/": {"olga"},
    "/desk/groups/": {"olga"},
    "/desk/groups/new/": {"olga"},
    "/desk/sites/": {"olga"},
    "/desk/workflows/list/": {"olga"},
    "/desk/collections/": {"olga"},
}


def is_shown(response: HttpResponse, path: str) -> bool:
    """Whether following redirects from `path` ended there (Wagtail completes some addresses by an id)."""
    last = response.redirect_chain[-1][0] if response.redirect_chain else path
    return (
        response.status_code == 200
        and last.startswith(path)
        and "/login/" not in last
        and (path != "/desk/" or last == path)
    )


@pytest.mark.parametrize("path", WHO_SEES)
def test_who_sees_what_of_the_desk(client: Client, front_page: FrontPage, path: str) -> None:
    seen = {who for who in EVERYBODY if is_shown(enter(client, who).get(path, follow=True), path)}
    assert seen == WHO_SEES[path]


@pytest.mark.parametrize("who", ["wanda", "carl", "mo", "ben"])
def test_only_editors_change_topics_people_and_settings(
    client: Client, front_page: FrontPage, who: str
) -> None:
    topic = make_topic()
    enter(client, who)
    client.post("/desk/snippets/editorial/topic/add/", {"name": "Mine", "slug": "mine"})
    client.post(
        f"/desk/snippets/editorial/topic/edit/{topic.pk}/", {"name": "Mine", "slug": "mine"}
    )
    client.post(f"/desk/snippets/editorial/topic/delete/{topic.pk}/")
    client.post(
        "/desk/snippets/editorial/person/add/", {"name": "Me", "slug": "me", "links-count": "0"}
    )
    client.post("/desk/settings/editorial/publication/1/", {"name": "Mine"})
    assert list(Topic.objects.values_list("name", flat=True)) == ["Health"]
    assert not Person.objects.exists()


@pytest.mark.parametrize("who", ["wanda", "carl", "mo", "ben"])
def test_other_peoples_media_stay_as_they_are(
    client: Client, front_page: FrontPage, who: str
) -> None:
    ada = make_member("ada")
    picture, file = make_picture(uploaded_by_user=ada), make_attachment(uploaded_by_user=ada)
    enter(client, who)
    client.post(f"/desk/images/{picture.pk}/", {"title": "Mine"})
    client.post(f"/desk/images/{picture.pk}/delete/")
    client.post(f"/desk/documents/edit/{file.pk}/", {"title": "Mine"})
    client.post(f"/desk/documents/delete/{file.pk}/")
    picture.refresh_from_db()
    file.refresh_from_db()
    assert (picture.title, file.title) == ("A bridge", "Minutes")


@pytest.mark.parametrize("who", ["wanda", "carl"])
def test_those_who_write_choose_topics_people_and_media(
    client: Client, front_page: FrontPage, who: str
) -> None:
    enter(client, who)
    for path in (
        "/desk/snippets/choose/editorial/topic/",
        "/desk/snippets/choose/editorial/person/",
        "/desk/images/chooser/",
        "/desk/documents/chooser/",
    ):
        assert (
            client.get(path, headers={"x-requested-with": "XMLHttpRequest"}).status_code == 200
        ), path


def test_the_person_form_offers_accounts_of_the_desk_alone(
    client: Client, ada: Member, wanda: Member, ben: Member
) -> None:
    page = enter(client, ada).get("/desk/snippets/editorial/person/add/").content.decode()
    assert "Wanda Writer" in page
    assert "Ben Member" not in page
