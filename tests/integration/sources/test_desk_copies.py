"""Copies of sources at the desk: read as text, and taken away as files."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from copydesk.sources.actions.adding import add_source
from copydesk.sources.logic.verdicts import Finding, Layer, Verdict
from copydesk.sources.queries.texts import archive
from tests.factories.editorial import make_article, publish
from tests.factories.sources import make_check, make_quotation, make_snapshot, make_source

if TYPE_CHECKING:
    from django.test import Client

    from copydesk.sources.models import Snapshot, Source
    from tests.factories.publisher import Publisher
    from tests.integration.sources.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("front_page", "archive_dir")]

URL = "/desk/sources/"
HOSTILE = "<script>alert(1)</script> The bridge & the <b>river</b>."


def page_of(client: Client, url: str, **query: str | int) -> str:
    response = client.get(url, query)
    assert response.status_code == 200, response
    return response.content.decode()


def copy_with(text: str, *, source: Source | None = None, **layers: str) -> Snapshot:
    given = {Layer.VISIBLE: text, **{Layer(name): value for name, value in layers.items()}}
    return make_snapshot(source or make_source(), layers=given, archive=archive())


def copy_url(copy: Snapshot) -> str:
    return f"{URL}{copy.source_id}/copies/{copy.pk}/"


# --- The text of a copy


def test_the_text_of_a_copy_is_text_and_nothing_else(desk: Client) -> None:
    page = page_of(desk, copy_url(copy_with(HOSTILE)))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; The bridge &amp; the &lt;b&gt;" in page
    assert "<script>alert(1)" not in page


def test_a_passage_is_marked_by_its_place(desk: Client) -> None:
    copy = copy_with(HOSTILE)
    page = page_of(desk, copy_url(copy), span="0-8")
    assert '<mark id="passage">&lt;script&gt;</mark>alert(1)' in page


@pytest.mark.parametrize(
    "query",
    [
        {"span": "8-0"},
        {"span": "0-999999999"},
        {"span": "9" * 5000 + "-1"},
        {"span": "-1-3"},
        {"span": "²-3"},
        {"layer": "passwords"},
        {"quotation": str(uuid4())},
    ],
)
def test_what_is_no_place_marks_nothing(desk: Client, query: dict[str, str]) -> None:
    page = page_of(desk, f"{copy_url(copy_with(HOSTILE))}?{urlencode(query)}")
    assert "<mark" not in page
    assert "The bridge &amp; the" in page


def test_the_words_of_a_quotation_are_marked_where_the_check_found_them(desk: Client) -> None:
    article = make_article("On bridges")
    publish(article)
    copy = copy_with("One two. Three four five. Six.", main="Three four five.")
    finding = Finding(Verdict.EXACT_MARKED, spans=((9, 14), (20, 24)), layer=Layer.VISIBLE)
    check = make_check(copy, finding=finding)
    row = make_quotation(article, copy.source, check_result=check, snapshot=copy)
    page = page_of(desk, copy_url(copy), quotation=str(row.uuid))
    assert 'two. <mark id="passage">Three</mark> four <mark >five</mark>. Six.' in page
    assert "On bridges" in page
    other = copy_with("Nothing of it.", source=copy.source)
    assert "The passage is not in this text." in page_of(
        desk, copy_url(other), quotation=str(row.uuid)
    )


def test_a_very_long_text_is_shown_around_the_passage(desk: Client) -> None:
    copy = copy_with("a " * 400_000 + "needle" + " b" * 400_000)
    page = page_of(desk, copy_url(copy), span="800000-800006")
    assert '<mark id="passage">needle</mark>' in page
    assert "this is a part of it" in page
    assert len(page) < 500_000


def test_no_copy_is_shown_as_that_of_another_source(desk: Client) -> None:
    copy = copy_with("Some words.")
    assert desk.get(f"{URL}{make_source().pk}/copies/{copy.pk}/").status_code == 404
    assert desk.get(f"{URL}{'9' * 30}/").status_code == 404
    assert desk.get(f"{copy_url(copy)}?quotation=x").status_code == 404


def test_a_copy_that_the_archive_lost_is_said_to_be_lost(desk: Client) -> None:
    copy = make_snapshot(make_source(), layers={Layer.VISIBLE: "Gone."}, warc_sha256="0" * 64)
    for url in (copy_url(copy), f"{copy_url(copy)[:-1]}.warc.gz", f"{copy_url(copy)[:-1]}.wacz"):
        response = desk.get(url, follow=True)
        assert "The archive has lost this copy" in response.content.decode(), url


# --- Files


def test_a_copy_is_taken_away_as_warc_and_wacz(
    desk: Client, publisher: Publisher, clock: Clock
) -> None:
    source, _is_new = add_source(url=publisher.show("/a"), by=None, at=clock.at)
    clock.look()
    copy = source.snapshots.get()
    warc, wacz = (desk.get(f"{copy_url(copy)[:-1]}.{ending}") for ending in ("warc.gz", "wacz"))
    for response in (warc, wacz):
        assert response.status_code == 200
        assert response.headers["Content-Disposition"].startswith("attachment; filename=")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert warc.content == archive().get(copy.warc_sha256)
    with zipfile.ZipFile(io.BytesIO(wacz.content)) as package:
        assert package.read("archive/data.warc.gz") == warc.content


def test_a_supplied_text_has_no_files(desk: Client) -> None:
    copy = copy_with("Some words.")
    assert desk.get(f"{copy_url(copy)[:-1]}.warc.gz").status_code == 404
    assert desk.get(f"{copy_url(copy)[:-1]}.wacz").status_code == 404
