"""Quotations and sources in the words of the W3C's Web Annotation and of schema.org (quotations.md 5.1, 5.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Final

from copydesk.sources.logic.exports import MAX_NAMES, Reference, name_parts
from copydesk.sources.logic.lines import one_line

if TYPE_CHECKING:
    from datetime import datetime

Node = dict[str, object]

#: A longer passage is named by its offsets alone.
MAX_EXACT: Final = 20_000

_SURROGATE = re.compile("[\ud800-\udfff]")
_TYPES = {
    "article": "Article",
    "own_article": "NewsArticle",
    "paper": "ScholarlyArticle",
    "report": "Report",
    "book": "Book",
    "post": "BlogPosting",
    "video": "VideoObject",
    "document": "DigitalDocument",
    "interview": "CreativeWork",
}


@dataclass(frozen=True)
class CheckedQuotation:
    """A quotation, where it stands, what it was compared with, and what the check said.

    `body_url` is its place in our article, `source_url` the page it is from, `cached_url` our copy of that. `exact`,
    `prefix` and `suffix` are the copy's words; `start` and `end` are offsets of code points in the copy's text of that
    `layer`, whose hash is `text_sha256`; None where the words have no one place. `vocabulary_url` is where our own
    terms are explained. Times carry their zone.
    """

    id_url: str
    body_url: str
    source_url: str
    vocabulary_url: str
    captured_at: datetime
    cached_url: str
    exact: str
    prefix: str
    suffix: str
    start: int | None
    end: int | None
    verdict: str
    checked_at: datetime
    text_sha256: str
    layer: str = ""


def web_annotation(quotation: CheckedQuotation) -> Node:
    """Return the quotation as a Web Annotation, which other programs can find in the page or in the copy."""
    state: Node = {
        "type": "TimeState",
        "sourceDate": _moment(quotation.captured_at),
        "cached": quotation.cached_url,
    }
    return _kept(
        {
            "@context": ["http://www.w3.org/ns/anno.jsonld", {"v": quotation.vocabulary_url}],
            "id": quotation.id_url,
            "type": "Annotation",
            "motivation": "identifying",
            "body": {"type": "SpecificResource", "source": quotation.body_url},
            "target": _kept(
                {
                    "type": "SpecificResource",
                    "source": quotation.source_url,
                    "state": _kept(state),
                    "selector": _selectors(quotation),
                }
            ),
            "v:verdict": quotation.verdict,
            "v:checked": _moment(quotation.checked_at),
            "v:layer": quotation.layer,
            "v:textSha256": quotation.text_sha256,
        }
    )


def quotation_ld(*, id_url: str, text: str, speaker: str, source_id: str) -> Node:
    """Return a quotation as a part of an article: its words, who said them, and the source's `@id`."""
    creator: Node = {"@type": "Person", "name": one_line(speaker)}
    return _kept(
        {
            "@type": "Quotation",
            "@id": id_url,
            "text": one_line(text, MAX_EXACT),
            "creator": creator if creator["name"] else None,
            "isBasedOn": {"@id": source_id} if source_id else None,
        }
    )


def citation_ld(reference: Reference, *, id_url: str) -> Node:
    """Return a source as an article cites it. Authors who may be no persons are named as they stand."""
    doi = one_line(reference.doi)
    return _kept(
        {
            "@type": _TYPES.get(reference.kind, "WebPage"),
            "@id": id_url,
            "name": one_line(reference.title),
            "url": one_line(reference.url),
            "author": [_author(name) for name in reference.byline[:MAX_NAMES] if one_line(name)],
            "publisher": _organization(one_line(reference.publisher)),
            "datePublished": reference.published_on.isoformat() if reference.published_on else "",
            "inLanguage": one_line(reference.language),
            "isbn": one_line(reference.isbn) if reference.kind == "book" else "",
            "sameAs": f"https://doi.org/{doi}" if doi.startswith("10.") else doi,
            "archivedAt": one_line(reference.archived_url),
        }
    )


def _selectors(quotation: CheckedQuotation) -> list[Node]:
    selectors: list[Node] = []
    if 0 < len(quotation.exact) <= MAX_EXACT:
        quote: Node = {
            "type": "TextQuoteSelector",
            "exact": _encodable(quotation.exact),
            "prefix": _encodable(quotation.prefix[-MAX_EXACT:]),
            "suffix": _encodable(quotation.suffix[:MAX_EXACT]),
        }
        selectors.append(_kept(quote))
    if quotation.start is not None and quotation.end is not None:
        selectors.append(
            {"type": "TextPositionSelector", "start": quotation.start, "end": quotation.end}
        )
    return selectors


def _author(name: str) -> Node | str:
    line = one_line(name, 300)
    parts = name_parts(line)
    if "literal" in parts:
        return line
    return {"@type": "Person", "name": f"{parts['given']} {parts['family']}"}


def _organization(name: str) -> Node | None:
    return {"@type": "Organization", "name": name} if name else None


def _encodable(text: str) -> str:
    """The text with half pairs replaced, one for one: offsets stay true."""
    return _SURROGATE.sub("\ufffd", text)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _kept(node: Node) -> Node:
    """Drop what is not known."""
    return {name: value for name, value in node.items() if value not in (None, "", [], {})}
