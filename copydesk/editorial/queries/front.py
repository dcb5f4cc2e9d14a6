"""The front page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection

from copydesk.editorial.models import Topic
from copydesk.editorial.queries.cards import Card, cards_by_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FEATURED, LATEST, SECTIONS, IN_SECTION = 4, 10, 3, 3
# One article alone under a heading looks forgotten.
LEAST_IN_SECTION = 2


@dataclass(frozen=True)
class Section:
    """A topic on the front page."""

    name: str
    url: str
    cards: list[Card]


@dataclass(frozen=True)
class Front:
    """The front page; no article stands on it twice."""

    lead: Card | None
    featured: list[Card]
    latest: list[Card]
    sections: list[Section]


def front_page() -> Front:
    """Return the front page, in four queries: what stands on it in two, and its cards in two."""
    topics = list(Topic.objects.order_by("-article_count", "name")[:SECTIONS])
    plan = _plan(_newest(topics))
    cards = cards_by_id(plan.ids, first=plan.lead)
    sections = [
        Section(topic.name, topic.get_absolute_url(), _standing(ids, cards))
        for topic, ids in zip(topics, plan.sections, strict=True)
    ]
    return Front(
        lead=cards.get(plan.lead) if plan.lead else None,
        featured=_standing(plan.featured, cards),
        latest=_standing(plan.latest, cards),
        sections=[found for found in sections if len(found.cards) >= LEAST_IN_SECTION],
    )


def _standing(ids: Iterable[int], cards: Mapping[int, Card]) -> list[Card]:
    return [cards[pk] for pk in ids if pk in cards]


@dataclass(frozen=True)
class _Newest:
    """The newest articles of each list the front page draws on, by id."""

    featured: list[int] = field(default_factory=list)
    latest: list[int] = field(default_factory=list)
    topics: list[list[int]] = field(default_factory=list)


# One statement for all lists, each answered by a few steps along an index. Written by hand, since the ORM would
# need five and spend more time composing them than the database does answering.
NEWEST_FEATURED = """
SELECT * FROM (SELECT -1, article_id FROM editorial_publishedarticle
    WHERE is_featured ORDER BY published_at DESC, article_id DESC LIMIT %s) AS featured
"""
NEWEST = """
SELECT * FROM (SELECT -2, article_id FROM editorial_publishedarticle
    ORDER BY published_at DESC, article_id DESC LIMIT %s) AS latest
"""
NEWEST_OF_TOPIC = """
SELECT * FROM (SELECT {place}, published_id FROM editorial_publishedtopic
    WHERE topic_id = %s ORDER BY published_at DESC, published_id DESC LIMIT %s) AS topic_{place}
"""


def _newest(topics: Sequence[Topic]) -> _Newest:
    shown = LATEST + FEATURED + 1
    parts = [NEWEST_FEATURED, NEWEST]
    asked = [FEATURED + 1, shown]
    for place, topic in enumerate(topics):
        parts.append(NEWEST_OF_TOPIC.format(place=place))
        # As many as may stand further up, and then those of the section.
        asked += [topic.pk, shown + SECTIONS * IN_SECTION]
    found = _Newest(topics=[[] for _topic in topics])
    lists = {-1: found.featured, -2: found.latest} | dict(enumerate(found.topics))
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), asked)
        for place, pk in cursor.fetchall():
            lists[place].append(pk)
    return found


@dataclass(frozen=True)
class _Plan:
    """Which article stands where on the front page."""

    lead: int | None
    featured: list[int]
    latest: list[int]
    sections: list[list[int]]

    @property
    def ids(self) -> list[int]:
        lead = [self.lead] if self.lead else []
        return [*lead, *self.featured, *self.latest, *(pk for ids in self.sections for pk in ids)]


def _plan(newest: _Newest) -> _Plan:
    """Give each article one place."""
    lead = next(iter([*newest.featured, *newest.latest]), None)
    featured = newest.featured[1:]
    latest = [pk for pk in newest.latest if pk != lead and pk not in featured][:LATEST]
    taken = {lead, *featured, *latest}
    sections = []
    for ids in newest.topics:
        section = [pk for pk in ids if pk not in taken][:IN_SECTION]
        taken |= set(section)
        sections.append(section)
    return _Plan(lead, featured, latest, sections)
