"""Readers see every version of an article, and what changed."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from copydesk.editorial.models import Article
from copydesk.kit import clock
from copydesk.pagestore.models import Expiry
from copydesk.record.actions.redacting import redact_content
from copydesk.record.models import Entry
from tests.factories.desk import enter
from tests.factories.editorial import block, make_article, make_body, make_picture, publish

if TYPE_CHECKING:
    from pytest_django import Settings

    from copydesk.editorial.models import FrontPage, PublishedArticle
    from copydesk.members.models import Member

pytestmark = pytest.mark.django_db


def change(
    article: Article, *, note: str = "", is_minor: bool = False, **fields: Any
) -> PublishedArticle:
    """Publish another version, as the desk does."""
    article = Article.objects.get(pk=article.pk).get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(article, name, make_body(*value) if name == "body" else value)
    article.change_note, article.change_is_minor = note, is_minor
    article.save_revision()
    return publish(article)


def shown(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return " ".join(response.content.decode().split())


@pytest.fixture
def bridges(front_page: FrontPage) -> Article:
    """An article with four versions, one of form alone."""
    article = make_article("On bridges", body=["They hold forty tons.", "They are old."])
    publish(article)
    change(
        article,
        note="A reader told us the weight.",
        body=["They hold fifty tons.", "They are old."],
    )
    change(article, is_minor=True, body=["They hold fifty tons.", "They are old, too."])
    change(article, title="On old bridges")
    return article


def address(article: Article, rest: str = "") -> str:
    return f"/record/articles/{article.pk}/{rest}"


def test_the_history_lists_every_version_with_its_note(bridges: Article, client: Client) -> None:
    page = shown(client, address(bridges))
    assert page.index("version 4") < page.index("version 3") < page.index("version 2")
    assert "A reader told us the weight." in page
    assert page.count("No note was given.") == 1
    assert "<summary> 1 small correction of form </summary>" in page
    assert "what readers get now" in page


def test_the_article_leads_to_its_history_once_there_is_one(
    front_page: FrontPage, client: Client
) -> None:
    article = make_article("On bridges")
    path = publish(article).path
    assert f'"{address(article)}"' not in shown(client, path)
    change(article, title="On old bridges", slug=article.slug)
    assert f'href="{address(article)}"' in shown(client, path)


def test_a_version_is_shown_as_readers_got_it(bridges: Article, client: Client) -> None:
    page = shown(client, address(bridges, "versions/1/"))
    assert "They hold forty tons." in page
    assert "<h1>On bridges</h1>" in page
    assert "The article has been changed since." in page
    assert 'name="robots" content="noindex' in page
    assert "the version that readers get now" in shown(client, address(bridges, "versions/4/"))


def test_what_changed_is_marked_word_by_word(bridges: Article, client: Client) -> None:
    page = shown(client, address(bridges, "compare/?from=1&to=2"))
    assert "[taken out: </span>forty<" in page
    assert "[put in: </span>fifty<" in page
    assert "They are old." in page
    assert "A reader told us the weight." in page
    both = shown(client, address(bridges, "compare/?from=4&to=1"))
    assert "Headline" in both
    assert "</span>, too<" in both
    assert "Nothing differs" in shown(client, address(bridges, "compare/?from=2&to=2"))


def test_a_picture_or_a_form_that_changed_is_said_to_have(
    front_page: FrontPage, client: Client
) -> None:
    article = make_article(
        body=["They hold <b>forty</b> tons.", 'See <a href="https://a.example/">there</a>.']
    )
    publish(article)
    linked = ["They hold <b>forty</b> tons.", 'See <a href="https://b.example/">there</a>.']
    change(article, body=linked)
    page = shown(client, address(article, "compare/?from=1&to=2"))
    assert "[taken out: </span>https://a.example/<" in page
    change(article, body=["They hold <i>forty</i> tons.", linked[1]])
    assert "how it looks differs" in shown(client, address(article, "compare/?from=2&to=3"))


def test_everything_readers_saw_of_an_article_is_compared(
    front_page: FrontPage, client: Client
) -> None:
    article = make_article("On bridges", by=["Rosa Reporter"], standfirst="An essay.")
    path = publish(article).path
    picture = make_picture()
    picture.get_file_hash()  # As an upload has it.
    fields: dict[str, Any] = {
        "title": "On old bridges",
        "standfirst": "A report.",
        "kind": "report",
        "slug": "old",
    }
    led: dict[str, Any] = {"lead_picture": picture, "lead_alt": "A bridge"}
    found: dict[str, Any] = {
        "search_description": "Of bridges",
        "canonical_url": "https://x.example/",
    }
    change(article, **fields, **led, **found)
    page = shown(client, address(article, "compare/?from=1&to=2"))
    for label in ("Headline", "Standfirst", "Kind of work", "Canonical address", "Description for search engines",
                  "Address", "Lead picture"):  # fmt: skip
        assert f">{label}</h2>" in page, label
    assert ">Bylines<" not in page
    assert path in page
    assert "a picture: A bridge" in page
    assert "<picture" in shown(client, address(article, "versions/2/"))
    picture.delete()
    assert "not kept any more" in shown(client, address(article, "versions/2/"))


# --- Withdrawn, redacted


def test_a_withdrawn_article_keeps_its_history(bridges: Article, client: Client) -> None:
    path = Article.objects.get(pk=bridges.pk).published.path
    Article.objects.get(pk=bridges.pk).unpublish()
    assert f'href="{address(bridges)}"' in shown(client, path, 410)
    page = shown(client, address(bridges))
    assert "This article has been withdrawn." in page
    assert "what readers get now" not in page
    assert "They hold fifty tons." in shown(client, address(bridges, "versions/4/"))
    Article.objects.get(pk=bridges.pk).delete()
    assert "On old bridges" in shown(client, address(bridges))
    publish(make_article("On bridges"))
    assert "They hold forty tons." in shown(client, address(bridges, "versions/1/"))


def test_a_redacted_version_says_so_and_why(bridges: Article, client: Client) -> None:
    entry = Entry.objects.filter(article_id=bridges.pk).order_by("index")[1]
    redact_content(entry=entry, reason="A court order of 3 May.", by_id=None, at=clock.now())
    page = shown(client, address(bridges))
    assert "The text of this version was taken out of the record." in page
    assert "A court order of 3 May." in page
    assert "Read version 2" not in page
    for rest in ("versions/2/", "compare/?from=1&to=2"):
        gone = shown(client, address(bridges, rest), 410)
        assert "A court order of 3 May." in gone
        assert "fifty" not in gone
    assert "versions/2/" not in client.get(address(bridges, "timemap/")).content.decode()


def test_where_all_is_redacted_and_withdrawn_the_history_stays(
    front_page: FrontPage, client: Client
) -> None:
    article = make_article("A name nobody may say")
    path = publish(article).path
    Article.objects.get(pk=article.pk).unpublish()
    entry = Entry.objects.filter(article_id=article.pk).earliest("index")
    redact_content(entry=entry, reason="A court order.", by_id=None, at=clock.now())
    page = shown(client, address(article))
    assert "A name nobody may say" not in page
    assert path in page


# --- Who may read what

SECRET = "the combination is 7714"


def gated(visibility: str) -> Article:
    article = make_article(
        "On vaults",
        body=["For all.", block("preview_end"), f"We learned that {SECRET}."],
        visibility=visibility,
    )
    publish(article)
    change(
        article,
        note="A word for all.",
        body=["For everybody.", block("preview_end"), f"So {SECRET}, still."],
    )
    return article


def paths(article: Article) -> list[str]:
    return [
        address(article, rest) for rest in ("versions/1/", "versions/2/", "compare/?from=1&to=2")
    ]


@pytest.mark.parametrize("visibility", ["members", "paid"])
def test_gated_text_is_for_those_the_article_is_for(
    front_page: FrontPage, ben: Member, ada: Member, visibility: str
) -> None:
    article = gated(visibility)
    stranger, member, editor = Client(), enter(Client(), ben), enter(Client(), ada)
    for path in paths(article):
        assert "7714" not in shown(stranger, path)
        assert ("7714" in shown(member, path)) == (visibility == "members")
        assert "Sign in" in shown(stranger, path)
    assert "7714" in shown(editor, address(article, "versions/1/"))
    comparison = shown(stranger, address(article, "compare/?from=1&to=2"))
    assert "[put in: </span>everybody<" in comparison
    assert "[put in: </span>So<" not in comparison
    assert "So" in shown(editor, address(article, "compare/?from=1&to=2"))
    assert "A word for all." in shown(stranger, address(article))


@pytest.mark.parametrize("first", ["public", "members"])
def test_an_article_that_was_opened_or_closed_leaks_nothing(
    front_page: FrontPage, client: Client, first: str
) -> None:
    """The narrower of what a version was and what the article is now holds."""
    body: list[Any] = ["For all.", block("preview_end"), f"We learned that {SECRET}."]
    article = make_article("On vaults", body=body, visibility=first)
    publish(article)
    other = {"public": "members", "members": "public"}[first]
    change(article, visibility=other, body=["For all.", block("preview_end"), "Nothing more."])
    assert "7714" not in shown(client, address(article, "versions/1/"))
    assert "7714" not in shown(client, address(article, "compare/?from=1&to=2"))
    Article.objects.get(pk=article.pk).unpublish()
    assert "7714" not in shown(client, address(article, "versions/1/"))


def test_drafts_are_in_no_history(bridges: Article, client: Client) -> None:
    draft = Article.objects.get(pk=bridges.pk).get_latest_revision_as_object()
    draft.title, draft.change_note = "Not yet", "A note of a draft."
    draft.save_revision()
    pages = [shown(client, path) for path in (address(bridges), *paths(bridges))]
    assert not any("Not yet" in page or "A note of a draft." in page for page in pages)


# --- Hostile, huge, broken


HOSTILE = '<script>alert(1)</script> "><img src=x onerror=alert(2)> {{ 7|add:7 }} \u202e\u2066'


def test_hostile_words_are_shown_as_words(front_page: FrontPage, client: Client) -> None:
    article = make_article("Calm")
    publish(article)
    change(
        article, note=HOSTILE, title=HOSTILE, standfirst=HOSTILE, lead_credit=HOSTILE, slug="calm"
    )
    for path in (address(article), *paths(article)):
        response = client.get(path)
        page = response.content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "\n" not in response.get("Link", "")


@pytest.mark.parametrize(
    "rest",
    [
        "versions/0/", "versions/99/", "versions/99999999999999999999999/", "compare/", "compare/?from=1",
        "compare/?from=1&to=99", "compare/?from=-1&to=2", "compare/?from=1&to=²", "compare/?from=0&to=1",
        "compare/?from=999999999999999999999&to=1", "?before=0", "compare/?from=%00&to=1",
    ],
)  # fmt: skip
def test_numbers_that_are_none_lead_nowhere(bridges: Article, client: Client, rest: str) -> None:
    assert client.get(address(bridges, rest)).status_code == 404


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 30])
def test_an_article_the_record_has_nothing_of_has_no_history(
    front_page: FrontPage, client: Client, pk: str
) -> None:
    assert client.get(f"/record/articles/{pk}/").status_code == 404
    assert client.get(f"/record/articles/{pk}/timemap/").status_code == 404


def test_a_long_history_comes_in_pages(
    front_page: FrontPage, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("copydesk.record.queries.history.PER_PAGE", 2)
    article = make_article("Version 1", slug="versions")
    publish(article)
    for number in range(2, 6):
        change(article, title=f"Version {number}")
    seen, path = [], address(article)
    while path:
        page = shown(client, path)
        seen += re.findall(r'id="version-(\d)"', page)
        older = re.search(r'href="(\?before=\d+)" rel="next"', page)
        path = address(article, older[1]) if older else ""
    assert seen == ["5", "4", "3", "2", "1"]


# --- Archives' clients


def test_versions_are_mementos(bridges: Article, client: Client, settings: Settings) -> None:
    settings.COPYDESK_BASE_URL = "https://news.example"
    response = client.get(address(bridges, "versions/2/"))
    entry = Entry.objects.filter(article_id=bridges.pk).order_by("index")[1]
    assert parsedate_to_datetime(response["Memento-Datetime"]) == entry.at.replace(microsecond=0)
    base = f"https://news.example{address(bridges)}"
    path = Article.objects.get(pk=bridges.pk).published.path
    assert f'<https://news.example{path}>; rel="original"' in response["Link"]
    assert f'<{base}timemap/>; rel="timemap"; type="application/link-format"' in response["Link"]
    for name, number in (("first prev", 1), ("next", 3), ("last", 4)):
        assert f'<{base}versions/{number}/>; rel="{name} memento"; datetime="' in response["Link"]
    listed = client.get(address(bridges, "timemap/"))
    assert listed["Content-Type"] == "application/link-format"
    assert re.findall(r"versions/(\d)/", listed.content.decode()) == ["1", "2", "3", "4"]
    assert f'<{base}timemap/>; rel="timemap"' in client.get(path)["Link"]


# --- What it costs


def test_the_number_of_queries_does_not_grow(front_page: FrontPage, client: Client) -> None:
    def count(versions: int, rest: str) -> int:
        article = make_article("Version 1")
        publish(article)
        for number in range(2, versions + 1):
            change(article, title=f"Version {number}")
        client.get(address(article, rest))  # The layout's own queries are remembered.
        with CaptureQueriesContext(connection) as asked:
            client.get(address(article, rest))
        return len(asked)

    for rest, most in (("", 5), ("versions/2/", 5), ("compare/?from=1&to=2", 7), ("timemap/", 4)):
        assert count(2, rest) == count(6, rest) <= most, rest


def test_a_new_version_ends_the_stored_pages(bridges: Article, client: Client) -> None:
    pages = [address(bridges), *paths(bridges), address(bridges, "timemap/")]
    carried = {path: set(client.get(path)["Surrogate-Key"].split()) for path in pages}
    last = Expiry.objects.latest("pk").pk
    change(bridges, title="On new bridges")
    ended = {tag for row in Expiry.objects.filter(pk__gt=last) for tag in row.tags.split()}
    assert all(tags & ended for tags in carried.values())
