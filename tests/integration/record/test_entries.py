"""Anybody can read the entries, and what they recorded where everybody may."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from copydesk.editorial.models import Article, Visibility
from copydesk.record.actions.redacting import redact_content
from copydesk.record.logic.canonical import canonical, digest
from copydesk.record.logic.lines import read_line
from copydesk.record.models import Entry
from copydesk.record.views import proofs
from tests.factories.editorial import make_article, publish
from tests.factories.record import START, append, record

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client
    from pytest_django import Settings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_key(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def entries(client: Client, asked: str = "") -> list[dict[str, Any]]:
    response = client.get(f"/record/entries.jsonl{asked}")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/jsonl"
    for line in response.content.splitlines(keepends=True):
        read_line(line)
    return [json.loads(line) for line in response.content.splitlines()]


def publish_words(visibility: str = Visibility.PUBLIC) -> Article:
    article = make_article("On bridges", body=["Secret words."], visibility=visibility)
    publish(article)
    return article


def test_an_entry_is_given_with_what_it_recorded(client: Client) -> None:
    publish_words()
    (line,) = entries(client)
    assert line["content"]["text"] == "Secret words."
    assert line["why"] == ""
    assert digest(canonical(line["content"])) == line["entry"]["payload"]
    assert line["hash"] == Entry.objects.get().hash


def test_words_for_members_are_withheld_and_it_is_said_why(client: Client) -> None:
    article = publish_words(Visibility.MEMBERS)
    assert [(line["content"], line["why"]) for line in entries(client)] == [(None, "gated")]
    article.visibility = Visibility.PUBLIC
    article.save_revision().publish()
    # What was for members stays so; the version that everybody gets is everybody's.
    assert [line["why"] for line in entries(client)] == ["gated", ""]
    article.visibility = Visibility.PAID
    article.save_revision().publish()
    response = client.get("/record/entries.jsonl").content
    assert [json.loads(line)["why"] for line in response.splitlines()] == ["gated"] * 3
    assert b"Secret" not in response


def test_what_is_withdrawn_is_withheld_and_what_is_redacted_is_gone(client: Client) -> None:
    article = publish_words()
    article.refresh_from_db()
    article.unpublish()
    found = entries(client)
    assert [(line["entry"]["kind"], line["why"]) for line in found] == [
        ("published", "withdrawn"),
        ("withdrawn", ""),
    ]
    redact_content(entry=Entry.objects.get(pk=0), reason="A court.", by_id=7, at=START)
    found = entries(client)
    assert [line["why"] for line in found] == ["redacted", "", ""]
    assert found[2]["content"] == {"reason": "A court.", "redacts": found[0]["entry"]["payload"]}
    assert found[2]["entry"]["by"] == 7


def test_entries_come_in_pages(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    record(7)
    assert [line["entry"]["index"] for line in entries(client, "?from=2&count=3")] == [2, 3, 4]
    assert entries(client, "?from=7") == []
    monkeypatch.setattr(proofs, "MOST_ENTRIES", 4)
    assert len(entries(client, "?count=1000000")) == 4
    monkeypatch.setattr(proofs, "MOST_BYTES", 1)
    assert len(entries(client, "?from=3")) == 1


def test_many_entries_cost_few_queries(client: Client) -> None:
    record(90)
    with CaptureQueriesContext(connection) as asked:
        assert len(entries(client)) == 90
    # The ETag, the entries, what they recorded, whether their articles are live, and a look for more.
    assert len(asked) == 5


def test_other_sites_pages_may_read_it(client: Client) -> None:
    append(0)
    assert client.get("/record/entries.jsonl")["Access-Control-Allow-Origin"] == "*"


def test_the_page_says_how_long_the_record_is(client: Client) -> None:
    record(3)
    client.get("/record/")
    head = json.loads(client.get("/record/head.json").content)
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/record/").content.decode()
    assert f"<code>{head['root']}</code>" in page
    assert "verify-record --from http://localhost:8000" in page
    assert len(asked) == 2
