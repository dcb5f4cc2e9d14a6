"""Which articles stand beside an article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from copydesk.editorial.models import PublishedArticle

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class NeighborIds:
    """The articles before and after by date, each one or none, and the newest of the same topic."""

    previous: Sequence[int]
    next: Sequence[int]
    related: Sequence[int]

    @property
    def adjacent(self) -> list[int]:
        """The articles before and after."""
        return [*self.previous, *self.next]


# One statement for three questions, each answered by a step or two along an index. Written by hand, since the
# ORM would need three and spend more time composing them than the database does answering.
NEIGHBORS = """
SELECT * FROM (SELECT 'previous', article_id FROM editorial_publishedarticle
    WHERE published_at <= %(at)s AND NOT (published_at = %(at)s AND article_id >= %(pk)s)
    ORDER BY published_at DESC, article_id DESC LIMIT 1) AS previous
UNION ALL
SELECT * FROM (SELECT 'next', article_id FROM editorial_publishedarticle
    WHERE published_at >= %(at)s AND NOT (published_at = %(at)s AND article_id <= %(pk)s)
    ORDER BY published_at, article_id LIMIT 1) AS following
UNION ALL
SELECT * FROM (SELECT 'related', published_id FROM editorial_publishedtopic
    WHERE topic_id = %(topic)s ORDER BY published_at DESC, published_id DESC LIMIT %(limit)s) AS related
"""


def neighbor_ids(published: PublishedArticle, *, topic_id: int, related: int) -> NeighborIds:
    """Return what stands beside an article, in one query; up to `related` others of a topic (0 for none)."""
    moment = PublishedArticle._meta.get_field("published_at")
    asked = {
        "at": moment.get_db_prep_value(published.published_at, connection),
        "pk": published.pk,
        "topic": topic_id,
        "limit": related + 3,  # The article itself and its two neighbors may be among them.
    }
    found: dict[str, list[int]] = {"previous": [], "next": [], "related": []}
    with connection.cursor() as cursor:
        cursor.execute(NEIGHBORS, asked)
        for kind, pk in cursor.fetchall():
            found[kind].append(pk)
    beside = {published.pk, *found["previous"], *found["next"]}
    others = [pk for pk in found["related"] if pk not in beside][:related]
    return NeighborIds(found["previous"], found["next"], others)


def adjacent_ids(published: PublishedArticle) -> list[int]:
    """Return the articles before and after by date."""
    return neighbor_ids(published, topic_id=0, related=0).adjacent
