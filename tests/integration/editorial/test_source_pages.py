"""The public page of a source, and what other programs read of sources."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from selectolax.lexbor import LexborHTMLParser

from copydesk.editorial.actions import withdraw_static_page
from copydesk.kit import clock
from copydesk.sources.logic.changes import ChangeKind
from copydesk.sources.logic.verdicts import Finding, Layer, Verdict
from copydesk.sources.models import Quotation, Relation, SourceEvent
from copydesk.sources.queries.texts import archive
from tests.factories.editorial import block, make_article, make_static_page, publish
from tests.factories.quoting import TRUE_WORDS, make_copied_source, quotation
from tests.factories.sources import (
    make_check,
    make_checked_quotation,
    make_citation,
    make_offline_source,
    make_quotation,
    make_snapshot,
    make_source,
)

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from copydesk.editorial.models import PublishedArticle
    from copydesk.sources.models import Source

pytestmark = pytest.mark.django_db

COPIED = datetime(2026, 11, 19, 12, tzinfo=UTC)
TEXT = "The bridge will hold."


@pytest.fixture
def published() -> PublishedArticle:
    return publish(make_article("Bridges"))


def text_of(client: Client, source: Source) -> str:
    response = client.get(source.get_absolute_url())
    assert response.status_code == 200
    main = LexborHTMLParser(response.content).css_first("main")
    assert main is not None
    return " ".join(main.text(separator=" ").split())


def test_a_source_shows_the_articles_that_quote_it(
    client: Client, published: PublishedArticle
) -> None:
    source = make_source(doi="10.1000/x", byline=["Ann Author"])
    make_checked_quotation(published.article, source, captured_at=COPIED)
    other = publish(make_article("Rivers"))
    make_citation(other.article, source, Relation.DATA_FROM, claim="Levels of the river")
    said = text_of(client, source)
    assert (
        "Bridges Quoted The bridge will hold. Words match the archived copy of Nov. 19, 2026."
        in said
    )
    assert "Rivers Data from it: Levels of the river" in said
    assert "Ann Author" in said
    assert "10.1000/x" in said


def test_guessed_fields_are_marked(client: Client, published: PublishedArticle) -> None:
    source = make_source(origins={"published_on": "guess", "publisher": "opengraph"})
    make_citation(published.article, source)
    said = text_of(client, source)
    assert "Nov. 19, 2026 our guess" in said
    assert said.count("our guess") == 1


def test_a_source_that_is_only_cited_has_a_page(
    client: Client, published: PublishedArticle
) -> None:
    source = make_offline_source(published_on="1859")
    make_citation(published.article, source)
    said = text_of(client, source)
    assert "We keep no copy of it yet." in said
    assert "1859" in said
    assert "Not on the web" in said


def test_a_source_no_live_article_relies_on_has_no_page(
    client: Client, published: PublishedArticle
) -> None:
    source = make_source()
    assert client.get(source.get_absolute_url()).status_code == 404
    make_checked_quotation(published.article, source)
    assert client.get(source.get_absolute_url()).status_code == 200
    published.article.unpublish()
    assert client.get(source.get_absolute_url()).status_code == 404


def checked_within(published: PublishedArticle, source: Source, **snapshot: Any) -> Quotation:
    row = make_quotation(published.article, source, text=TEXT)
    row.snapshot = make_snapshot(source, **snapshot)
    finding = Finding(Verdict.EXACT, layer=Layer.VISIBLE, before="We asked her.", after="x" * 5000)
    row.check_result = make_check(row.snapshot, TEXT, finding=finding)
    row.save(update_fields=["snapshot", "check_result"])
    return row


def test_the_sentences_around_a_passage_are_shown_and_no_more(
    client: Client, published: PublishedArticle
) -> None:
    source = make_source()
    checked_within(published, source)
    said = text_of(client, source)
    assert f"We asked her. {TEXT}" in said
    assert "x" * 400 + "…" in said
    assert "x" * 401 not in said


def test_of_a_private_copy_nothing_is_shown_but_its_fingerprint(
    client: Client, published: PublishedArticle
) -> None:
    source = make_source()
    row = checked_within(published, source, is_private=True)
    assert row.snapshot is not None
    said = text_of(client, source)
    assert "We asked her." not in said
    assert row.snapshot.payload_sha256 in said
    assert client.get(f"/quotations/{row.uuid}.jsonld").status_code == 404


def test_history_is_told_in_plain_words(client: Client, published: PublishedArticle) -> None:
    source = make_source(standing="retracted", standing_at=COPIED, standing_note="By its editors.")
    make_citation(published.article, source)
    for kind in ChangeKind:
        SourceEvent.objects.create(source=source, kind=kind, severity=1, detected_at=COPIED)
    said = text_of(client, source)
    assert "A passage that we quote was edited." in said
    assert "It was no longer to be found." in said
    assert "Retracted by its publisher, Nov. 19, 2026. By its editors." in said
    for kind in ChangeKind:
        assert kind.value not in said.split()


def test_a_source_of_many_articles_takes_as_many_queries_as_one_of_one(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    source = make_source()
    for number in range(4):
        page = publish(make_article(f"Bridges {number}"))
        make_checked_quotation(page.article, source)
    with django_assert_max_num_queries(9):
        response = client.get(source.get_absolute_url())
    assert response.text.count('class="use"') == 4


# --- For programs


def test_a_quotation_is_a_web_annotation(client: Client, published: PublishedArticle) -> None:
    row = make_checked_quotation(published.article, captured_at=COPIED)
    row.selector = {"exact": TEXT, "prefix": "said: ", "suffix": " She", "start": 12, "end": 33}
    row.save(update_fields=["selector"])
    response = client.get(f"/quotations/{row.uuid}.jsonld")
    assert response["Content-Type"] == "application/ld+json"
    node = json.loads(response.content)
    assert node["body"]["source"] == f"http://localhost:8000{published.path}#q-{row.block_id[:8]}"
    assert node["target"]["source"] == row.source.url
    assert node["target"]["state"]["sourceDate"] == "2026-11-19T12:00:00Z"
    kinds = {selector["type"]: selector for selector in node["target"]["selector"]}
    assert kinds["TextQuoteSelector"]["exact"] == TEXT
    assert (kinds["TextPositionSelector"]["start"], kinds["TextPositionSelector"]["end"]) == (
        12,
        33,
    )
    assert node["v:verdict"] == "exact"
    vocabulary = node["@context"][1]["v"]
    terms = LexborHTMLParser(client.get(vocabulary.partition("#")[0]).content)
    for name in ("verdict", "checked", "layer", "textSha256", node["v:verdict"], "visible"):
        assert terms.css_first(f"dl > #{name} dd") is not None


@pytest.mark.usefixtures("archive_dir")
def test_the_offsets_of_an_annotation_count_in_the_text_whose_hash_it_gives(
    client: Client, published: PublishedArticle
) -> None:
    said = f"Menu\nBridges\nShe said: {TEXT} And so on."
    layers = {Layer.VISIBLE: said, Layer.MAIN: "Another text."}
    source = make_source()
    snapshot = make_snapshot(source, layers=layers, archive=archive())
    start = said.index(TEXT)
    found = Finding(Verdict.EXACT, layer=Layer.VISIBLE, spans=((start, start + len(TEXT)),))
    row = make_quotation(
        published.article,
        source,
        snapshot=snapshot,
        check_result=make_check(snapshot, TEXT, finding=found),
        selector={"exact": TEXT, "start": start, "end": start + len(TEXT)},
    )
    node = json.loads(client.get(f"/quotations/{row.uuid}.jsonld").content)
    assert node["v:layer"] == "visible"
    assert node["v:textSha256"] == hashlib.sha256(said.encode()).hexdigest()


def test_a_source_says_to_programs_what_it_is_and_who_cites_it(
    client: Client, published: PublishedArticle
) -> None:
    source = make_source("</script>Köln & more", byline=["Ann Author"])
    make_checked_quotation(published.article, source)
    tree = LexborHTMLParser(client.get(source.get_absolute_url()).content)
    script = tree.css_first('script[type="application/ld+json"]')
    assert script is not None
    page, cited, article = json.loads(script.text())["@graph"]
    url = f"http://localhost:8000{source.get_absolute_url()}"
    assert page["mainEntity"] == {"@id": url} == article["citation"]
    assert (cited["@id"], cited["name"]) == (url, "</script>Köln & more")
    assert article["url"] == f"http://localhost:8000{published.path}"
    shown = {
        node.attributes["property"]: node.attributes["content"]
        for node in tree.css('meta[property^="og:"]')
    }
    assert shown["og:url"] == url
    assert shown["og:title"] == "</script>Köln & more"


@pytest.mark.usefixtures("front_page", "archive_dir")
def test_a_static_page_shows_what_it_quotes_and_its_sources_show_it(
    client: Client,
) -> None:
    source = make_copied_source()
    page = make_static_page("About us", body=[quotation(TRUE_WORDS, source)])
    row = Quotation.objects.get(page_id=page.pk)
    assert (row.check_result.verdict if row.check_result else "") == "exact"
    tree = LexborHTMLParser(client.get(f"/{page.slug}/").content)
    said = " ".join(tree.body.text(separator=" ").split()) if tree.body else ""
    assert "Words match the archived copy" in said
    assert tree.css_first(f"#sources #source-{source.pk}") is not None
    script = tree.css_first('script[type="application/ld+json"]')
    assert script is not None
    (part,) = json.loads(script.text())["@graph"][0]["hasPart"]
    assert part["isBasedOn"]["@id"].endswith(source.get_absolute_url())
    assert "About us Quoted" in text_of(client, source)
    assert client.get(f"/quotations/{row.uuid}.jsonld").status_code == 200
    withdraw_static_page(page=page, at=clock.now())
    row.refresh_from_db()
    assert not row.is_live


def test_a_quotation_nobody_checked_or_that_is_gone_has_no_annotation(
    client: Client, published: PublishedArticle
) -> None:
    unchecked = make_quotation(published.article, make_source())
    assert client.get(f"/quotations/{unchecked.uuid}.jsonld").status_code == 404
    assert client.get(f"/quotations/{uuid4()}.jsonld").status_code == 404
    gone = make_checked_quotation(published.article)
    Quotation.objects.filter(pk=gone.pk).update(is_live=False)
    assert client.get(f"/quotations/{gone.uuid}.jsonld").status_code == 404


def test_sources_go_into_reference_managers(client: Client, published: PublishedArticle) -> None:
    make_checked_quotation(published.article, make_source("Bridges of Köln"), captured_at=COPIED)
    make_citation(published.article, make_offline_source("Weirs", published_on="1859"), position=1)
    answer = client.get(f"/sources/of/{published.pk}.csl.json")
    assert answer["Content-Type"] == "application/vnd.citationstyles.csl+json"
    first, second = json.loads(answer.content)
    assert first["title"] == "Bridges of Köln"
    assert first["issued"] == {"date-parts": [[2026, 11, 19]]}
    assert first["archive_location"].startswith("http://localhost:8000/sources/")
    assert "issued" not in second
    ris = client.get(f"/sources/of/{published.pk}.ris")
    assert ris["Content-Type"].startswith("application/x-research-info-systems")
    assert ris.text.count("TY  - ") == ris.text.count("ER  - ") == 2


def test_structured_data_names_sources_and_quotations(client: Client) -> None:
    body = block("quotation", {"text": f"<p>{TEXT}</p>", "speaker": ""})
    page = publish(make_article("Bridges", body=[body]))
    row = make_checked_quotation(page.article, block_id=body["id"])
    Quotation.objects.filter(pk=row.pk).update(speaker="Jane Doe")
    tree = LexborHTMLParser(client.get(page.path).content)
    script = tree.css_first('script[type="application/ld+json"]')
    assert script is not None
    work = json.loads(script.text())["@graph"][0]
    source_id = f"http://localhost:8000{row.source.get_absolute_url()}"
    assert [cited["@id"] for cited in work["citation"]] == [source_id]
    (part,) = work["hasPart"]
    assert part["@id"] == f"http://localhost:8000{page.path}#q-{row.block_id[:8]}"
    assert (part["@type"], part["text"]) == ("Quotation", TEXT)
    assert part["creator"]["name"] == "Jane Doe"
    assert part["isBasedOn"] == {"@id": source_id}
