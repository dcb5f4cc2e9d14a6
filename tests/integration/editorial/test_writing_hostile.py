"""Whoever writes may send what they like: nothing live is published, and raw HTML comes from imports alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from copydesk.editorial.models import PublishedArticle
from tests.factories.desk import body_data, enter, new_body, rich, save
from tests.factories.editorial import block, make_article, publish
from tests.factories.liveness import live_parts
from tests.factories.members import make_member

if TYPE_CHECKING:
    from django.test import Client

    from copydesk.editorial.models import Article, FrontPage
    from copydesk.members.models import Member

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"
OURS = {"audio", "button", "img", "source", "video"}


def read(client: Client, article: Article) -> str:
    """Return the body readers get, and check the whole page for anything live."""
    published = PublishedArticle.objects.get(article=article)
    assert live_parts(published.body_html, expected=OURS) == []
    return published.body_html


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
    ) -> str:
        """Save what was typed; an editor publishes whatever draft came of it; return what readers get."""
        article = make_article(owner=writer)
        save(enter(client, writer), article, **(new_body(*typed) if typed else {}), **fields)
        publish(article)
        page = client.get(PublishedArticle.objects.get(article=article).path).content.decode()
        assert SCRIPT not in page
        assert "<script>alert" not in page
        return read(client, article) or ""

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
