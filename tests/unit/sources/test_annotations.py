from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from copydesk.sources.logic.annotations import (
    MAX_EXACT,
    CheckedQuotation,
    citation_ld,
    quotation_ld,
    web_annotation,
)
from copydesk.sources.logic.exports import Reference

QUOTATION = CheckedQuotation(
    id_url="https://desk.example/quotes/7f3.jsonld",
    body_url="https://desk.example/article#q-7f3",
    source_url="https://publisher.example/page",
    vocabulary_url="https://desk.example/ns#",
    captured_at=datetime(2026, 11, 19, 11, 2, 11, 5, tzinfo=timezone(timedelta(hours=1))),
    cached_url="https://desk.example/sources/42/20261119100211",
    exact="the words",
    prefix="before ",
    suffix=" after",
    start=1201,
    end=1210,
    verdict="exact_marked",
    checked_at=datetime(2026, 11, 23, 8, tzinfo=UTC),
    text_sha256="ab12",
)


def test_a_quotation_is_a_web_annotation() -> None:
    assert web_annotation(QUOTATION) == {
        "@context": ["http://www.w3.org/ns/anno.jsonld", {"v": "https://desk.example/ns#"}],
        "id": "https://desk.example/quotes/7f3.jsonld",
        "type": "Annotation",
        "motivation": "identifying",
        "body": {"type": "SpecificResource", "source": "https://desk.example/article#q-7f3"},
        "target": {
            "type": "SpecificResource",
            "source": "https://publisher.example/page",
            "state": {
                "type": "TimeState",
                "sourceDate": "2026-11-19T10:02:11Z",
                "cached": "https://desk.example/sources/42/20261119100211",
            },
            "selector": [
                {"type": "TextQuoteSelector", "exact": "the words", "prefix": "before ", "suffix": " after"},
                {"type": "TextPositionSelector", "start": 1201, "end": 1210},
            ],
        },
        "v:verdict": "exact_marked",
        "v:checked": "2026-11-23T08:00:00Z",
        "v:textSha256": "ab12",
    }  # fmt: skip


def selectors_of(quotation: CheckedQuotation) -> object:
    target = web_annotation(quotation)["target"]
    assert isinstance(target, dict)
    return target.get("selector")


def test_a_quotation_without_a_place_has_no_selectors() -> None:
    assert selectors_of(replace(QUOTATION, exact="", start=None)) is None
    assert selectors_of(replace(QUOTATION, prefix="", suffix="", end=None)) == [
        {"type": "TextQuoteSelector", "exact": "the words"}
    ]


def test_a_place_at_the_beginning_is_a_place() -> None:
    assert selectors_of(replace(QUOTATION, exact="x" * (MAX_EXACT + 1), start=0, end=9)) == [
        {"type": "TextPositionSelector", "start": 0, "end": 9}
    ]


def test_hostile_words_can_be_written_and_keep_their_length() -> None:
    text = 'a\x00"</script>\u202e\ud800b'
    annotation = web_annotation(replace(QUOTATION, exact=text, prefix=text, suffix=text))
    assert json.dumps(annotation, ensure_ascii=False).encode()
    (quote, _) = annotation["target"]["selector"]  # type: ignore[index]
    assert len(quote["exact"]) == len(text)


def test_a_quotation_is_a_part_of_its_article() -> None:
    assert quotation_ld(
        id_url="#q-7f3", text="the\nwords", speaker="Ada Lovelace", source_id="/sources/42"
    ) == {
        "@type": "Quotation",
        "@id": "#q-7f3",
        "text": "the words",
        "creator": {"@type": "Person", "name": "Ada Lovelace"},
        "isBasedOn": {"@id": "/sources/42"},
    }
    bare = quotation_ld(id_url="#q", text="words", speaker=" ", source_id="")
    assert bare == {"@type": "Quotation", "@id": "#q", "text": "words"}


def test_a_source_is_a_citation() -> None:
    reference = Reference(
        id="42",
        kind="paper",
        title="On the Engine",
        byline=("Lovelace, Ada", "BBC News", " "),
        publisher="Memoirs",
        published_on=date(1843, 9, 1),
        url="https://example.org/engine",
        archived_url="https://desk.example/sources/42/2026-11-19",
        doi="10.1000/182",
        language="en",
    )
    assert citation_ld(reference, id_url="https://desk.example/sources/42") == {
        "@type": "ScholarlyArticle",
        "@id": "https://desk.example/sources/42",
        "name": "On the Engine",
        "url": "https://example.org/engine",
        "author": [{"@type": "Person", "name": "Ada Lovelace"}, "BBC News"],
        "publisher": {"@type": "Organization", "name": "Memoirs"},
        "datePublished": "1843-09-01",
        "inLanguage": "en",
        "sameAs": "https://doi.org/10.1000/182",
        "archivedAt": "https://desk.example/sources/42/2026-11-19",
    }


@pytest.mark.parametrize(
    ("kind", "type_"), [("article", "Article"), ("book", "Book"), ("video", "VideoObject"), ("?", "WebPage")]
)  # fmt: skip
def test_each_kind_has_its_type_of_schema_org(kind: str, type_: str) -> None:
    node = citation_ld(Reference("1", kind, "T", isbn="123"), id_url="/1")
    assert node["@type"] == type_
    assert ("isbn" in node) is (kind == "book")
