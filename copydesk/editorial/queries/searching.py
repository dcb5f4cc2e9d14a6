"""What a search finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import ngettext

from copydesk.editorial.backends import search
from copydesk.editorial.logic.spelling import nearest_word
from copydesk.editorial.queries.cards import Card, cards_by_id
from copydesk.editorial.queries.publication import Link
from copydesk.kit.html import trusted

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

PAGE_SIZE = 15
LAST_PAGE = 20
LONGEST_QUERY = 200


@dataclass(frozen=True)
class Result:
    """An article found and where the words stand in it."""

    card: Card
    headline_html: SafeString
    snippet_html: SafeString


@dataclass(frozen=True)
class Search:
    """A page of results."""

    query: str
    did_search: bool
    results: list[Result] = field(default_factory=list)
    total_label: str = ""
    suggestion: Link | None = None
    older_url: str | None = None
    newer_url: str | None = None
    page_number: int = 1


def search_articles(query: str, page_number: int = 1) -> Search:
    """Return what a reader's words find in public text, best first; ranks beyond 300 are not looked up.

    Where nothing has all the words, misspelt ones are set right and the nearest query is offered.
    """
    query = query.strip()[:LONGEST_QUERY]
    if not search.query_words(query):
        return Search(query, did_search=False)
    page_number = max(1, min(page_number, LAST_PAGE))
    hits = search.find_articles(query, limit=PAGE_SIZE + 1, offset=(page_number - 1) * PAGE_SIZE)
    cards = cards_by_id([hit.article_id for hit in hits[:PAGE_SIZE]])
    total = search.count_articles(query, at_most=PAGE_SIZE * LAST_PAGE)
    return Search(
        query,
        did_search=True,
        results=[
            Result(cards[hit.article_id], _marked(hit.headline), _marked(hit.snippet))
            for hit in hits[:PAGE_SIZE]
            if hit.article_id in cards
        ],
        total_label=ngettext("%(count)d article", "%(count)d articles", total) % {"count": total},
        suggestion=_suggestion(query) if total == 0 else None,
        older_url=_url(query, page_number + 1)
        if len(hits) > PAGE_SIZE and page_number < LAST_PAGE
        else None,
        newer_url=_url(query, page_number - 1) if page_number > 1 else None,
        page_number=page_number,
    )


def _url(query: str, page_number: int) -> str:
    asked = {"q": query} | ({"page": page_number} if page_number > 1 else {})
    return f"{reverse('editorial:search')}?{urlencode(asked)}"


def _marked(snippet: str) -> SafeString:
    """Escape a passage, then let its hits be marked."""
    return trusted(escape(snippet).replace(search.START, "<mark>").replace(search.STOP, "</mark>"))


def _suggestion(query: str) -> Link | None:
    words = search.query_words(query)
    known = search.known_words(words)
    better = [
        word if word in known else nearest_word(word, search.similar_words(word)) or word
        for word in words
    ]
    if better == words:
        return None
    suggested = " ".join(better)
    return (
        Link(suggested, _url(suggested, 1)) if search.count_articles(suggested, at_most=1) else None
    )
