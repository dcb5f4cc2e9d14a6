"""Full-text search by the database's own engine: FTS5 in SQLite, tsvector in PostgreSQL.

Only text that everybody may read is ever written here, so nothing gated can leak from it.
"""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Private-use characters mark hits in snippets, so that the text can be escaped before they become <mark>.
START, STOP = "\ue000", "\ue001"
WORD = re.compile(r"\w+")
LONGEST_WORD = 40
# PostgreSQL takes a megabyte of distinct words at most; beyond a long book's first chapters nothing is indexed.
LONGEST_BODY = 400_000
MOST_WORDS = 12

_SAVE = {
    "sqlite": "INSERT OR REPLACE INTO editorial_search (rowid, headline, standfirst, names, body) "
    "VALUES (%s, %s, %s, %s, %s)",
    "postgresql": "INSERT INTO editorial_search (article_id, headline, standfirst, names, body) "
    "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (article_id) DO UPDATE SET headline = excluded.headline, "
    "standfirst = excluded.standfirst, names = excluded.names, body = excluded.body",
}
_FORGET = {
    "sqlite": "DELETE FROM editorial_search WHERE rowid = %s",
    "postgresql": "DELETE FROM editorial_search WHERE article_id = %s",
}
_FIND = {
    # Columns 3 and 1 are the body and the standfirst; topics and people would be a row of names.
    "sqlite": "SELECT rowid, highlight(editorial_search, 0, %s, %s), snippet(editorial_search, 3, %s, %s, '…', 32), "
    "snippet(editorial_search, 1, %s, %s, '…', 64) FROM editorial_search "
    "WHERE editorial_search MATCH %s AND rank MATCH 'bm25(10.0, 4.0, 6.0, 1.0)' ORDER BY rank LIMIT %s OFFSET %s",
    # The snippet is made for the rows shown alone: ts_headline reads the whole text.
    "postgresql": "WITH hits AS (SELECT article_id, body, standfirst, headline, ts_rank(vector, query) AS score, query "
    "FROM editorial_search, to_tsquery('simple', %(query)s) query WHERE vector @@ query "
    "ORDER BY score DESC, article_id DESC LIMIT %(limit)s OFFSET %(offset)s) "
    "SELECT article_id, ts_headline('simple', headline, query, %(whole)s), "
    "ts_headline('simple', concat_ws(' … ', nullif(standfirst, ''), body), query, %(options)s) "
    "FROM hits ORDER BY score DESC, article_id DESC",
}
_COUNT = {
    "sqlite": "SELECT count(*) FROM (SELECT 1 FROM editorial_search WHERE editorial_search MATCH %s LIMIT %s)",
    "postgresql": "SELECT count(*) FROM (SELECT 1 FROM editorial_search "
    "WHERE vector @@ to_tsquery('simple', %s) LIMIT %s) hits",
}


@dataclass(frozen=True)
class Entry:
    """What can be found of an article. `names` are its topics and people."""

    article_id: int
    headline: str
    standfirst: str
    names: str
    body: str


@dataclass(frozen=True)
class Hit:
    """An article found, with its headline and a passage, in which the hits stand between START and STOP."""

    article_id: int
    headline: str
    snippet: str


def index_article(entry: Entry) -> None:
    """Make an article findable, in place of what was known of it."""
    index_articles([entry])


def index_articles(entries: Sequence[Entry]) -> None:
    """Make articles findable, in place of what was known of them."""
    with connection.cursor() as cursor:
        cursor.executemany(_SAVE[connection.vendor], [_row(entry) for entry in entries])
    _learn_words(entries)


def forget_article(article_id: int) -> None:
    """Make an article unfindable."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET[connection.vendor], [article_id])


def find_articles(query: str, *, limit: int, offset: int = 0) -> list[Hit]:
    """Return the best matches; every word must be there, the last one may be the beginning of a word."""
    words = query_words(query)
    if not words:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(_FIND["sqlite"], [*(START, STOP) * 3, _fts5(words), limit, offset])
        else:
            marks = f"StartSel={START}, StopSel={STOP}"
            options = f"{marks}, MaxWords=34, MinWords=20, MaxFragments=1"
            whole = f"{marks}, HighlightAll=true"
            cursor.execute(
                _FIND["postgresql"],
                {
                    "query": _tsquery(words),
                    "limit": limit,
                    "offset": offset,
                    "options": options,
                    "whole": whole,
                },
            )
        return [
            Hit(int(pk), headline, _telling(passages))
            for pk, headline, *passages in cursor.fetchall()
        ]


def count_articles(query: str, *, at_most: int) -> int:
    """Return how many articles match, counting no further than `at_most`."""
    words = query_words(query)
    if not words:
        return 0
    with connection.cursor() as cursor:
        asked = _fts5(words) if connection.vendor == "sqlite" else _tsquery(words)
        cursor.execute(_COUNT[connection.vendor], [asked, at_most])
        return int(cursor.fetchone()[0])


def query_words(query: str) -> list[str]:
    """Return the words of a query as they are looked up: lower case, a dozen at most."""
    return [word[:LONGEST_WORD] for word in WORD.findall(query.lower())][:MOST_WORDS]


def similar_words(word: str) -> list[str]:
    """Return known words that share the beginning of `word` and are about as long, for the caller to choose from."""
    lengths = range(max(1, len(word) - 2), len(word) + 3)
    like = [word[:1] + "%"] if len(word) < 4 else [word[:1] + "%", "_" + word[1:3] + "%"]
    clauses = " OR ".join(["word LIKE %s"] * len(like))
    sql = f"SELECT word FROM editorial_searchterm WHERE ({clauses}) AND length(word) BETWEEN %s AND %s"  # noqa: S608 - placeholders only
    with connection.cursor() as cursor:
        cursor.execute(sql, [*like, lengths.start, lengths.stop - 1])
        return [row[0] for row in cursor.fetchall()]


def known_words(words: Iterable[str]) -> set[str]:
    """Return those of `words` that stand in some public text."""
    asked = list(words)
    marks = ", ".join(["%s"] * len(asked))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT word FROM editorial_searchterm WHERE word IN ({marks})", asked)  # noqa: S608 - placeholders only
        return {row[0] for row in cursor.fetchall()}


def _telling(passages: Sequence[str]) -> str:
    """Choose the first passage with a hit; where only names have one, the last says best what it is about."""
    return next((passage for passage in passages if START in passage), passages[-1] or passages[0])


def _fts5(words: Sequence[str]) -> str:
    quoted = [f'"{word}"' for word in words]
    return " ".join([*quoted[:-1], quoted[-1] + "*"])


def _tsquery(words: Sequence[str]) -> str:
    return " & ".join([*words[:-1], words[-1] + ":*"])


def _learn_words(entries: Iterable[Entry]) -> None:
    words = sorted(set().union(*map(_words_of, entries)))
    insert = "INSERT INTO editorial_searchterm (word) VALUES (%s) ON CONFLICT DO NOTHING"
    with connection.cursor() as cursor:
        cursor.executemany(insert, [(word,) for word in words])


def _row(entry: Entry) -> tuple[int | str, ...]:
    return astuple(replace(entry, body=entry.body[:LONGEST_BODY]))


def _words_of(entry: Entry) -> set[str]:
    text = f"{entry.headline} {entry.standfirst} {entry.names} {entry.body}".lower()
    return {
        word
        for word in set(WORD.findall(text))
        if 2 < len(word) <= LONGEST_WORD and not word.isdigit()
    }
