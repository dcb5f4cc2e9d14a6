"""What the desk answers the editor of a quotation: one clear message for each refusal, and few queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from copydesk.kit import clock
from copydesk.sources.logic.verdicts import Verdict
from copydesk.sources.models import Relation, Snapshot, Source, SourceEvent
from tests.factories.desk import enter
from tests.factories.editorial import make_article, publish
from tests.factories.members import make_member
from tests.factories.quoting import ALTERED_WORDS, TRUE_WORDS, copy_source, make_copied_source
from tests.factories.sources import make_check, make_citation, make_quotation, make_source

if TYPE_CHECKING:
    from pathlib import Path

    from copydesk.editorial.models import FrontPage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive_dir", "front_page")]

READ, WRITTEN = ("find", "card"), ("add", "elsewhere", "check", "supply", "upload", "again")
OF_ONE = ("card", "check", "supply", "upload", "again")
HUGE = "word " * 100_000
# The session, the member, two kinds of rights and the profile, before a view of ours begins; a post is a savepoint
# more, with its end.
READING, POSTING = 5, 7


@pytest.fixture
def desk(client: Client) -> Client:
    """A browser of somebody who writes at the desk."""
    return enter(client, make_member("ada"))


def address(name: str, pk: int = 0) -> str:
    return reverse(f"sources_{name}", args=[pk] if name in OF_ONE else [])


def refusal(answer: Any, status: int = 400) -> str:
    """Return the message of an answer that says no, and nothing else."""
    assert answer.status_code == status, answer.content
    said = answer.json()
    assert list(said) == ["message"]
    return str(said["message"])


@pytest.mark.parametrize("name", WRITTEN)
def test_what_changes_or_costs_something_is_only_posted(desk: Client, name: str) -> None:
    answer = desk.get(address(name, make_source().pk))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


@pytest.mark.parametrize("name", READ)
def test_what_is_read_is_not_posted(desk: Client, name: str) -> None:
    answer = desk.post(address(name, make_source().pk))
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("name", WRITTEN)
def test_a_post_without_the_page_s_token_is_refused(name: str) -> None:
    source = make_copied_source()
    desk = enter(Client(enforce_csrf_checks=True), make_member("ada"))
    values = {"text": TRUE_WORDS, "url": "https://herald.example/other"}
    assert desk.post(address(name, source.pk), values).status_code == 403
    assert (Source.objects.count(), Snapshot.objects.count()) == (1, 1)


@pytest.mark.parametrize("name", [*READ, *WRITTEN])
@pytest.mark.parametrize("who", ["stranger", "member"])
def test_nobody_from_outside_is_answered(client: Client, name: str, who: str) -> None:
    source = make_copied_source()
    if who == "member":
        enter(client, make_member("stranger"))
    ask = client.get if name in READ else client.post
    answer = ask(address(name, source.pk), {"text": TRUE_WORDS, "url": "https://herald.example/o"})
    assert answer.status_code == 302
    assert not answer["Content-Type"].startswith("application/json")
    assert (Source.objects.count(), Snapshot.objects.count()) == (1, 1)


@pytest.mark.parametrize("name", OF_ONE)
@pytest.mark.parametrize("pk", [0, 4_000_000, 10**30])
def test_a_source_that_is_not_there_is_named_as_such(desk: Client, name: str, pk: int) -> None:
    ask = desk.get if name in READ else desk.post
    answer = ask(address(name, pk), {"text": TRUE_WORDS})
    assert refusal(answer, 404) == "There is no such source."


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "There is no address."),
        ("   ", "There is no address."),
        ("javascript:alert(1)", "Only http and https addresses can be sources."),
        ("file:///etc/passwd", "Only http and https addresses can be sources."),
        ("data:text/html,<script>alert(1)</script>", "Only http and https addresses can be sources."),
        ("https://ada:secret@herald.example/", "The address holds a user name or a password."),
        ("https:///nothing", "The address names no host."),
        ("https://herald.example/\0", "The address holds control characters or invisible ones."),
        ("https://herald.example/\u202egpj", "The address holds control characters or invisible ones."),
        (f"https://herald.example/{'a' * 3_000_000}", "The address is too long."),
    ],
)  # fmt: skip
def test_a_hostile_address_makes_no_source(desk: Client, url: str, message: str) -> None:
    assert refusal(desk.post(address("add"), {"url": url})) == message
    assert not Source.objects.exists()


def test_a_text_that_is_empty_or_endless_is_not_kept(desk: Client) -> None:
    supply = address("supply", make_source().pk)
    for nothing in ({}, {"text": ""}, {"text": " \n\t "}):
        assert refusal(desk.post(supply, nothing)) == "There is no text. Nothing was kept."
    endless = {"text": "word " * 800_001}
    assert refusal(desk.post(supply, endless)) == "The text is too long. Nothing was kept."
    assert not Snapshot.objects.exists()


def test_a_long_text_is_kept_and_compared(desk: Client) -> None:
    source = make_source()
    answer = desk.post(address("supply", source.pk), {"text": f"{HUGE}\0{TRUE_WORDS}"})
    assert answer.json()["snapshot"] == Snapshot.objects.get().pk
    found = desk.post(address("check", source.pk), {"text": TRUE_WORDS, "language": "en"})
    assert found.json()["verdict"] == "exact"


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (None, "There is no file. Nothing was kept."),
        (("words.txt", b""), "Only PDF, text and HTML files of up to 20 MB can be read."),
        (("words.exe", b"MZ"), "Only PDF, text and HTML files of up to 20 MB can be read."),
        (("../../words", b"words"), "Only PDF, text and HTML files of up to 20 MB can be read."),
    ],
)
def test_a_file_that_cannot_be_read_is_not_kept(
    desk: Client, file: tuple[str, bytes] | None, message: str
) -> None:
    source = make_source()
    values = {"file": SimpleUploadedFile(*file)} if file else {}
    assert refusal(desk.post(address("upload", source.pk), values)) == message
    source.refresh_from_db()
    assert source.supplied_sha256 == ""


def test_where_the_archive_is_full_nothing_is_kept_and_it_is_said(
    desk: Client, archive_dir: Path
) -> None:
    archive_dir.write_text("A file, where a folder would have to be made.")
    source = make_source()
    file = SimpleUploadedFile("words.txt", b"words")
    for name, values in {"supply": {"text": TRUE_WORDS}, "upload": {"file": file}}.items():
        answer = desk.post(address(name, source.pk), values)
        assert refusal(answer) == "The archive is full. Nothing was kept."


def test_a_quotation_of_a_hundred_thousand_words_is_not_compared(desk: Client) -> None:
    source = make_copied_source()
    for name in ("check", "elsewhere"):
        answer = desk.post(address(name, source.pk), {"text": HUGE})
        assert refusal(answer) == "A quotation of so many words cannot be checked."


@pytest.mark.parametrize("text", ["", " ", "\0", "[...]", "…"])
def test_no_words_at_all_are_answered_without_a_verdict_that_accepts(
    desk: Client, text: str
) -> None:
    answer = desk.post(address("check", make_copied_source().pk), {"text": text})
    assert not answer.json()["is_accepted"]
    assert desk.post(address("elsewhere"), {"text": text}).json() == {"sources": []}


@pytest.mark.parametrize("words", ["", "\0", "%", "_", "'", "word " * 100_000, "(" * 5000])
def test_whatever_is_searched_for_is_answered(desk: Client, words: str) -> None:
    answer = desk.get(address("find"), {"q": words})
    assert (answer.status_code, answer.json()["sources"]) == (200, [])


def test_what_is_answered_is_escaped(desk: Client) -> None:
    script = "<script>alert(1)</script>"
    source = make_copied_source(f"{script} {TRUE_WORDS}", title=script, publisher=script)
    card = desk.get(address("card", source.pk)).json()
    words = f"{script} {ALTERED_WORDS}"
    line = desk.post(address("check", source.pk), {"text": words}).json()
    assert "&lt;script&gt;" in card["html"]
    for part in (card["html"], line["status"], line["html"]):
        assert "<script" not in part
    assert line["source_words"].endswith(TRUE_WORDS)


def test_the_answers_take_few_queries(desk: Client, django_assert_num_queries: Any) -> None:
    source = make_copied_source()
    for number in range(12):
        make_copied_source(f"Another text, number {number}")
    text = {"text": ALTERED_WORDS, "language": "en"}
    asked: list[tuple[str, int, dict[str, str]]] = [
        ("find", 1, {"q": "bridge"}),
        ("card", 3, {}),
        ("check", 2, text),
        ("elsewhere", 1, text),
        ("add", 6, {"url": "https://herald.example/new"}),
        ("add", 3, {"url": "https://herald.example/new"}),
        ("again", 5, {}),
    ]
    for name, number, values in asked:
        ask, before = (desk.get, READING) if name in READ else (desk.post, POSTING)
        with django_assert_num_queries(before + number, info=name):
            ask(address(name, source.pk), values)


def flags(desk: Client, source: Source) -> str:
    """Return what the card of a source says of the articles that use it."""
    html = desk.get(address("card", source.pk)).json()["html"]
    return " ".join(html.partition("already used in")[2].partition("</p>")[0].split())


def test_the_card_says_how_many_articles_are_flagged(desk: Client, front_page: FrontPage) -> None:
    source = make_copied_source()
    newer = copy_source(source, "Something else altogether.")
    pages = [publish(make_article()) for _number in range(3)]
    lost = make_check(newer, verdict=Verdict.NOT_FOUND)
    make_quotation(pages[0], source, latest_check=lost)
    make_quotation(pages[1], source)
    make_citation(pages[2], source, Relation.MENTIONS)
    assert "flagged" not in flags(desk, source)
    SourceEvent.objects.create(
        source=source, kind="passage_edited", severity=3, detected_at=clock.now()
    )
    assert flags(desk, source).startswith("3 articles")
    assert "1 flagged" in flags(desk, source)
    SourceEvent.objects.create(
        source=source, kind="notice_appeared", severity=3, detected_at=clock.now()
    )
    assert "2 flagged" in flags(desk, source)
    SourceEvent.objects.filter(source=source).update(handling="no_effect")
    assert "flagged" not in flags(desk, source)
