"""Sources at the desk: found, added, edited, and supplied with texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from copydesk.kit import clock as now
from copydesk.sources.actions.adding import LARGEST_FILE, add_source, edit_source
from copydesk.sources.actions.capturing import look_at_next
from copydesk.sources.logic.verdicts import Layer
from copydesk.sources.models import Source
from copydesk.sources.queries.texts import layers_of
from tests.factories.editorial import make_article, publish
from tests.factories.sources import (
    make_citation,
    make_offline_source,
    make_quotation,
    make_snapshot,
    make_source,
)

if TYPE_CHECKING:
    from copydesk.members.models import Member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("front_page", "archive_dir")]

URL = "/desk/sources/"
HOSTILE = "<script>alert(1)</script> The bridge & the <b>river</b>."


def page_of(client: Client, url: str, **query: str | int) -> str:
    response = client.get(url, query)
    assert response.status_code == 200, response
    return response.content.decode()


def hidden(source: Source, **changed: str) -> dict[str, str]:
    """Return what the form of a source sends when these fields are changed in it."""
    names = ("kind", "title", "publisher", "published_on", "language", "locator", "doi", "isbn", "access")  # fmt: skip
    held = {name: getattr(source, name) for name in names} | {"byline": "; ".join(source.byline)}
    before = {f"initial-{name}": value for name, value in held.items()}
    return {"do": "edit", **before, **held, **changed}


# --- The list


def test_there_are_no_sources_is_said_so(desk: Client) -> None:
    assert "There are no sources yet." in page_of(desk, URL)
    assert "No source has these words." in page_of(desk, URL, q="bridge")


def test_sources_are_found_by_words_and_by_their_address(desk: Client) -> None:
    source, _is_new = add_source(url="https://herald.example/bridge", by=None, at=now.now())
    edit_source(source=source, values={"title": "The bridge report"}, at=now.now())
    make_source("About rivers", publisher="The Beacon")
    for words in ("bridge", "REPORT bridge", "http://www.herald.example/bridge?utm_source=x"):
        page = page_of(desk, URL, q=words)
        assert "The bridge report" in page, words
        assert "About rivers" not in page, words
    assert "About rivers" in page_of(desk, URL, q="beacon")
    assert page_of(desk, URL).index("About rivers") < page_of(desk, URL).index("The bridge report")


def test_a_long_list_has_pages_that_keep_the_words(desk: Client) -> None:
    for number in range(27):
        make_source(f"Bridge {number}")
    page = page_of(desk, URL, q="bridge")
    assert page.count('class="kept__title"') == 25
    assert 'href="?q=bridge&amp;p=2"' in page
    assert page_of(desk, URL, q="bridge", p="2").count('class="kept__title"') == 2
    for odd in ("0", "-1", "999", "x", "\0", "9" * 400):
        assert desk.get(URL, {"p": odd, "q": odd}).status_code == 200


def test_the_list_asks_as_many_queries_for_many_sources(desk: Client) -> None:
    def count(number: int) -> int:
        for _number in range(number):
            make_source()
        with CaptureQueriesContext(connection) as asked:
            page_of(desk, URL)
        return len(asked)

    count(1)
    assert count(1) == count(9)


def test_the_menu_leads_to_the_list(desk: Client) -> None:
    assert f'"{URL}"' in page_of(desk, "/desk/")


# --- New ones


def test_a_source_is_added_by_its_address_and_fetched_soon(desk: Client, ada: Member) -> None:
    response = desk.post(f"{URL}new/", {"do": "address", "url": "herald.example/new"})
    source = Source.objects.get()
    assert response.headers["Location"] == f"{URL}{source.pk}/"
    assert (source.url, source.created_by) == ("https://herald.example/new", ada)
    assert source.is_asked_for
    assert "It is being fetched." in page_of(desk, f"{URL}{source.pk}/")


def test_the_same_address_joins_the_source_that_is_there(desk: Client) -> None:
    source, _is_new = add_source(url="https://herald.example/a", by=None, at=now.now())
    page = desk.post(f"{URL}new/", {"url": "http://herald.example/a?utm_source=x"}, follow=True)
    assert "This source was there already." in page.content.decode()
    assert Source.objects.get() == source


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "javascript:alert(1)", "a" * 3000])
def test_what_is_no_address_is_refused_with_a_sentence(desk: Client, url: str) -> None:
    response = desk.post(f"{URL}new/", {"do": "address", "url": url})
    assert response.status_code == 200
    assert "error-message" in response.content.decode()
    assert not Source.objects.exists()


def test_a_book_is_added_by_hand(desk: Client) -> None:
    fields = {"kind": "book", "title": "Bridges", "byline": "Ann Author; Bo Writer, Jr.;"}
    more = {"published_on": "2019", "locator": "p. 7"}
    desk.post(f"{URL}new/", {"do": "offline", **fields, **more})
    source = Source.objects.get()
    assert (source.title, source.byline) == ("Bridges", ["Ann Author", "Bo Writer, Jr."])
    assert (source.access, source.locator, source.url) == ("offline", "p. 7", "")
    page = page_of(desk, f"{URL}{source.pk}/")
    assert "It is not on the web" in page
    assert "Fetch again" not in page


@pytest.mark.parametrize("wrong", [{"title": ""}, {"published_on": "last May"}, {"kind": "rumor"}])
def test_a_source_by_hand_with_a_wrong_field_is_refused(desk: Client, wrong: Any) -> None:
    response = desk.post(f"{URL}new/", {"do": "offline", "kind": "book", "title": "B", **wrong})
    assert "error-message" in response.content.decode()
    assert not Source.objects.exists()


# --- One of them


def test_a_guess_is_called_a_guess(desk: Client) -> None:
    guessed, known = make_source(), make_source(origins={"published_on": "jsonld"})
    assert "This is a guess" in page_of(desk, f"{URL}{guessed.pk}/")
    assert "This is a guess" not in page_of(desk, f"{URL}{known.pk}/")


def test_what_an_editor_changes_is_theirs_from_then_on(desk: Client) -> None:
    source = make_source()
    desk.post(f"{URL}{source.pk}/", hidden(source, publisher="The Beacon", byline="Ann Author"))
    source.refresh_from_db()
    assert (source.publisher, source.byline) == ("The Beacon", ["Ann Author"])
    assert source.origins["publisher"] == source.origins["byline"] == "editor"
    assert source.origins["title"] == "opengraph"


def test_what_came_in_while_the_form_was_open_is_not_undone(desk: Client) -> None:
    source = make_source("")
    sent = hidden(source, publisher="The Beacon")
    edit_source(source=source, values={"title": "Fetched meanwhile"}, at=now.now())
    desk.post(f"{URL}{source.pk}/", sent)
    source.refresh_from_db()
    assert (source.title, source.publisher) == ("Fetched meanwhile", "The Beacon")


def test_the_page_shows_the_hidden_fields_that_this_rests_on(desk: Client) -> None:
    source = make_source('A "quoted" <title>', byline=["Ann", "Bo"])
    page = page_of(desk, f"{URL}{source.pk}/")
    assert 'name="initial-byline" value="Ann; Bo"' in page
    assert 'name="initial-title" value="A &quot;quoted&quot; &lt;title&gt;"' in page


def test_a_wrong_date_changes_nothing(desk: Client) -> None:
    source = make_source()
    response = desk.post(f"{URL}{source.pk}/", hidden(source, title="X", published_on="2026-13"))
    assert "Write a date such as" in response.content.decode()
    source.refresh_from_db()
    assert (source.title, source.published_on) == ("The bridge report", "2026-11-19")


def test_a_source_is_fetched_again_when_asked(desk: Client) -> None:
    source = make_source()
    desk.post(f"{URL}{source.pk}/", {"do": "again"})
    source.refresh_from_db()
    assert source.is_asked_for
    assert source.next_check_at is not None


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"trouble": "paywalled"}, "It is behind a paywall"),
        ({"trouble": "blocked"}, "Its host keeps programs out"),
        ({"trouble": "too_large"}, "It could not be read the last time"),
        ({"liveness": "dead", "trouble": "failed"}, "It is no longer online."),
        ({"supplied_sha256": "0" * 64}, "An uploaded file waits to be read."),
        ({}, "There is no text to compare with"),
    ],
)
def test_how_a_source_stands_is_said_in_a_sentence(
    desk: Client, fields: dict[str, str], sentence: str
) -> None:
    assert sentence in page_of(desk, f"{URL}{make_source(**fields).pk}/")


def test_why_a_source_could_not_be_read_is_said_as_it_was_told(desk: Client) -> None:
    source = make_source(trouble="failed", trouble_detail="no address for <b>a.example</b>")
    assert "no address for &lt;b&gt;a.example" in page_of(desk, f"{URL}{source.pk}/")


def test_the_live_articles_that_rely_on_it_are_named_once(desk: Client) -> None:
    source, article = make_source(), make_article("On bridges")
    publish(article)
    make_quotation(article, source)
    make_citation(article, source)
    draft = make_article("Not yet")
    make_citation(draft, source)
    page = page_of(desk, f"{URL}{source.pk}/")
    assert page.count("<bdi>On bridges</bdi>") == 1
    assert "Not yet" not in page


def test_a_page_asks_as_many_queries_for_many_copies(desk: Client) -> None:
    source = make_source()

    def count(number: int) -> int:
        for each in range(number):
            make_snapshot(source, layers={Layer.VISIBLE: f"Text {number} {each}"})
        with CaptureQueriesContext(connection) as asked:
            page_of(desk, f"{URL}{source.pk}/")
        return len(asked)

    count(1)
    assert count(1) == count(9)


# --- Supplied texts


def test_a_pasted_text_is_kept_word_for_word(desk: Client) -> None:
    source = make_offline_source()
    desk.post(f"{URL}{source.pk}/", {"do": "text", "text": HOSTILE})
    copy = source.snapshots.get()
    assert layers_of(copy) == {Layer.SUPPLIED: HOSTILE}
    assert "Its words can be compared." in page_of(desk, f"{URL}{source.pk}/")


@pytest.mark.parametrize(
    ("text", "says"),
    [(" \n", "There is no text"), ("\0", "Null characters"), ("a" * 4_000_001, "too long")],
)  # fmt: skip
def test_a_text_that_cannot_be_kept_is_refused(desk: Client, text: str, says: str) -> None:
    source = make_offline_source()
    response = desk.post(f"{URL}{source.pk}/", {"do": "text", "text": text})
    assert says in response.content.decode()
    assert not source.snapshots.exists()


def test_an_uploaded_file_is_read_at_the_next_turn(desk: Client) -> None:
    source = make_offline_source()
    file = SimpleUploadedFile("speech.txt", b"The bridge will hold for many years to come.")
    desk.post(f"{URL}{source.pk}/", {"do": "file", "file": file})
    source.refresh_from_db()
    assert source.supplied_type == "text/plain"
    assert look_at_next(at=now.now()) is not None
    [copy] = source.snapshots.all()
    assert "The bridge will hold" in layers_of(copy)[Layer.SUPPLIED]


@pytest.mark.parametrize(
    ("name", "size"), [("virus.exe", 10), ("a.pdf.zip", 10), ("big.pdf", LARGEST_FILE + 1)]
)
def test_a_file_that_cannot_be_read_is_refused(desk: Client, name: str, size: int) -> None:
    source = make_offline_source()
    file = SimpleUploadedFile(name, b"a" * size)
    response = desk.post(f"{URL}{source.pk}/", {"do": "file", "file": file})
    assert "Only PDF, text and HTML files" in response.content.decode()
    source.refresh_from_db()
    assert source.supplied_sha256 == ""


def test_none_of_it_is_for_members_and_nothing_is_changed_by_them(ben: Member) -> None:
    client, source = Client(), make_source()
    client.force_login(ben, backend="django.contrib.auth.backends.ModelBackend")
    client.post(f"{URL}new/", {"do": "address", "url": "https://herald.example/new"})
    client.post(f"{URL}{source.pk}/", hidden(source, title="Mine"))
    source.refresh_from_db()
    assert source.title == "The bridge report"
    assert Source.objects.count() == 1
