"""Writing at the desk, through the forms a browser sends: drafts, revisions, and nothing live from anybody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.urls import reverse
from wagtail.models import Revision

from copydesk.editorial.models import Article, PublishedArticle, StaticPage
from tests.factories.desk import body_data, create, edit_url, enter, new_body, read_form, rich, save
from tests.factories.editorial import block, make_article, make_person, make_topic, publish
from tests.factories.liveness import live_parts
from tests.factories.members import make_member

if TYPE_CHECKING:
    from django.test import Client

    from copydesk.editorial.models import FrontPage
    from copydesk.members.models import Member

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"
OURS = {"audio", "button", "img", "source", "video"}


def read(client: Client, article: Article) -> str:
    """Return the body readers get, and check the whole page for anything live."""
    published = PublishedArticle.objects.get(article=article)
    assert live_parts(published.body_html, expected=OURS) == []
    return published.body_html


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

    return EditingSession.objects.get(user=member, object_id=str(article.pk)).pk


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


JAVASCRIPT = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    " javascript:alert(1)",
    "data:text/html,x",
]
JAVASCRIPT += ["vbscript:x", "\x01javascript:alert(1)", "javascript&colon;alert(1)"]


class TestHostile:
    """Whoever writes may send what they like: what is published does nothing."""

    @pytest.fixture
    def writer(self, carl: Member) -> Member:
        return carl

    def published_from(
        self, client: Client, writer: Member, *typed: dict[str, Any], **fields: Any
    ) -> str | None:
        """Save what was typed; an editor publishes whatever draft came of it; return what readers get."""
        article = make_article(owner=writer)
        save(enter(client, writer), article, **(new_body(*typed) if typed else {}), **fields)
        publish(article)
        page = client.get(PublishedArticle.objects.get(article=article).path).content.decode()
        assert SCRIPT not in page
        assert "<script>alert" not in page
        return read(client, article)

    def test_script_in_rich_text_is_text(self, client: Client, writer: Member) -> None:
        html = self.published_from(
            client, writer, {"type": "text", "value": rich(f"{SCRIPT}<img src=x onerror=alert(1)>")}
        )
        assert "&lt;script&gt;" in html

    @pytest.mark.parametrize("who", ["carl", "wanda", "ada"])
    def test_links_lead_nowhere_live(self, client: Client, front_page: FrontPage, who: str) -> None:
        typed = [
            {"type": "text", "value": rich("x", entity={"url": address})} for address in JAVASCRIPT
        ]
        self.published_from(client, make_member(who), *typed)

    def test_entities_bring_no_attributes(self, client: Client, writer: Member) -> None:
        data = {
            "url": "https://example.org",
            "onclick": "alert(1)",
            "style": "x",
            "href": "javascript:alert(1)",
            "id": '"><script>',
        }
        note = {"footnote": '"><script>alert(1)</script>'}
        self.published_from(
            client,
            writer,
            {"type": "text", "value": rich("x", entity=data)},
            {"type": "text", "value": rich("x", entity=data, kind="DOCUMENT")},
            {"type": "text", "value": rich("x", entity=note, kind="FOOTNOTES")},
        )

    def test_entities_that_are_not_offered_vanish(self, client: Client, writer: Member) -> None:
        data = {
            "url": "javascript:alert(1)",
            "embedtype": "media",
            "src": "x",
            "alt": '"><script>',
            "id": 1,
            "format": "left",
        }
        kinds = ("IMAGE", "EMBED", "IFRAME", "script")
        typed = [
            {"type": "text", "value": rich("x", entity=data, kind=kind, block="atomic")}
            for kind in kinds
        ]
        self.published_from(client, writer, *typed)

    @pytest.mark.parametrize("raw", [SCRIPT, "null", "{", '{"blocks": 1}'])
    def test_what_is_no_rich_text_is_never_html(
        self, client: Client, writer: Member, raw: str
    ) -> None:
        client.raise_request_exception = False
        self.published_from(client, writer, {"type": "text", "value": raw})

    @pytest.mark.parametrize(
        "address",
        [
            JAVASCRIPT[0],
            JAVASCRIPT[2],
            "//evil.example/x",
            'https://x.example/"><script>alert(1)</script>',
        ],
    )
    def test_an_embed_is_a_link_to_the_web(
        self, client: Client, writer: Member, address: str
    ) -> None:
        typed = {"type": "embed", "value": {"url": address, "title": SCRIPT, "caption": SCRIPT}}
        self.published_from(client, writer, typed)

    def test_a_quotations_source_is_a_link_to_the_web(self, client: Client, writer: Member) -> None:
        for address in ("javascript:alert(1)", "data:text/html,x", "https://example.org/x"):
            quotation = {
                "text": rich("x"),
                "speaker": SCRIPT,
                "publication": SCRIPT,
                "url": address,
                "date": "",
            }
            self.published_from(client, writer, {"type": "quotation", "value": quotation})

    def test_plain_fields_are_text(self, client: Client, writer: Member) -> None:
        html = self.published_from(
            client,
            writer,
            {"type": "heading", "value": {"text": SCRIPT, "level": "2", "anchor": ""}},
            {"type": "pullquote", "value": {"text": SCRIPT, "attribution": SCRIPT}},
            {"type": "code", "value": {"language": "html", "code": SCRIPT, "caption": SCRIPT}},
            {"type": "callout", "value": {"kind": "note", "title": SCRIPT, "text": rich(SCRIPT)}},
            title=f"T {SCRIPT}",
            standfirst=SCRIPT,
            seo_title=SCRIPT,
            search_description=SCRIPT,
            share_title=SCRIPT,
            share_description=SCRIPT,
            lead_credit=SCRIPT,
            lead_caption=rich(SCRIPT, entity={"url": "javascript:alert(1)"}),
        )
        assert html.count("script") >= 6

    def test_an_anchor_is_a_name(self, client: Client, writer: Member) -> None:
        typed = {
            "type": "heading",
            "value": {"text": "x", "level": '2" onclick="', "anchor": 'x" onclick="alert(1)'},
        }
        self.published_from(client, writer, typed)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("kind", '"><script>'),
            ("visibility", "x"),
            ("canonical_url", "javascript:alert(1)"),
            ("language", '"><script>alert(1)</script>'),
        ],
    )
    def test_settings_of_an_article_are_of_their_kind(
        self, client: Client, writer: Member, field: str, value: str
    ) -> None:
        self.published_from(client, writer, **{field: value})

    def test_footnotes_are_rich_text(self, client: Client, writer: Member) -> None:
        note = str(uuid4())
        fields = {
            "footnotes-TOTAL_FORMS": "1",
            "footnotes-0-uuid": note,
            "footnotes-0-ORDER": "1",
            "footnotes-0-id": "",
            "footnotes-0-DELETE": "",
        }
        fields["footnotes-0-text"] = rich(SCRIPT, entity={"url": "javascript:alert(1)"})
        html = self.published_from(
            client,
            writer,
            {"type": "text", "value": rich("x", entity={"footnote": note}, kind="FOOTNOTES")},
            **fields,
        )
        assert "&lt;script&gt;" in html
        assert 'role="doc-endnotes"' in html

    def test_nobody_adds_imported_content(self, client: Client, writer: Member) -> None:
        typed = {"type": "html", "value": {"html": f"<p>mine</p>{SCRIPT}", "origin": "x"}}
        html = self.published_from(client, writer, typed)
        assert "mine" not in html
        article = make_article(owner=writer)
        response = save(enter(client, writer), article, **new_body(typed))
        assert "cannot be added here" in response.content.decode()

    def test_an_unknown_block_vanishes(self, client: Client, writer: Member) -> None:
        article = make_article(owner=writer)
        data = new_body({"type": "text", "value": rich("kept")})
        data |= {"body-0-type": "raw", "body-0-value": SCRIPT}
        client.raise_request_exception = False
        save(enter(client, writer), article, **data)
        publish(article)
        assert "script" not in read(client, article)

    def test_a_biography_is_rich_text(self, client: Client, ada: Member) -> None:
        data = {
            "name": SCRIPT,
            "slug": "x",
            "position": SCRIPT,
            "bio": rich(SCRIPT, entity={"url": "javascript:alert(1)"}),
        }
        data |= {
            "links-count": "1",
            "links-0-type": "profile",
            "links-0-deleted": "",
            "links-0-order": "0",
            "links-0-id": "",
        }
        data |= {
            "links-0-value-label": "x",
            "links-0-value-url": "javascript:alert(1)",
            "email": "",
            "member": "",
            "portrait": "",
        }
        enter(client, ada)
        response = client.post("/desk/snippets/editorial/person/add/", data)
        assert response.status_code == 200
        client.post(
            "/desk/snippets/editorial/person/add/",
            data | {"links-0-value-url": "https://example.org"},
        )
        page = client.get("/people/x/").content.decode()
        assert "<script>alert" not in page
        assert "javascript:" not in page


class TestImported:
    @pytest.fixture
    def article(self, front_page: FrontPage) -> Article:
        imported = block("html", {"html": "<p>From <b>elsewhere</b></p>", "origin": "shortcode"})
        return make_article("Imported", body=["Mine.", imported], owner=make_member("wanda"))

    def test_an_imported_article_stays_saveable(self, client: Client, article: Article) -> None:
        for who in ("ada", "wanda"):
            response = save(
                enter(client, make_member(who)), article, action="action-publish", title=f"By {who}"
            )
            assert response.status_code == 302, response.content.decode()
            assert PublishedArticle.objects.get(article=article).headline == f"By {who}"
            assert "From <b>elsewhere</b>" in read(client, article)

    def test_editors_change_it_and_it_is_sanitized(
        self, client: Client, ada: Member, article: Article
    ) -> None:
        data = body_data(article) | {"body-1-value-html": f'<p onclick="x">Changed</p>{SCRIPT}'}
        save(enter(client, ada), article, action="action-publish", **data)
        assert "<p>Changed</p>" in read(client, article)

    def test_writers_do_not_change_it(
        self, client: Client, wanda: Member, article: Article
    ) -> None:
        data = body_data(article) | {"body-1-value-html": "<p>Changed</p>"}
        response = save(enter(client, wanda), article, **data)
        assert "only be changed by editors" in response.content.decode()

    def test_anybody_may_take_it_out(self, client: Client, wanda: Member, article: Article) -> None:
        save(
            enter(client, wanda),
            article,
            action="action-publish",
            **(body_data(article) | {"body-1-deleted": "1"}),
        )
        assert "elsewhere" not in read(client, article)

    def test_a_value_written_past_the_form_is_sanitized_when_shown(
        self, client: Client, front_page: FrontPage
    ) -> None:
        article = make_article(
            body=[block("html", {"html": f'<a href="javascript:x">x</a>{SCRIPT}', "origin": ""})]
        )
        publish(article)
        assert "script" not in read(client, article)


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

    def test_the_editor_knows_imported_content_and_offers_it_to_nobody(
        self, client: Client, ada: Member
    ) -> None:
        page = enter(client, ada).get(edit_url(make_article())).content.decode()
        assert "copydesk.ArticleBody" in page
        assert "editorial/desk/article-body.js" in page
