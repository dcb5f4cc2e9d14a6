"""Fills a scratch site with an archive of a given size, through bulk inserts of what publishing would write."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Collection

from copydesk.editorial.actions.setup import prepare_site
from copydesk.editorial.backends import search
from copydesk.editorial.models import (
    Article,
    FrontPage,
    Person,
    Picture,
    PublishedArticle,
    PublishedByline,
    PublishedMonth,
    PublishedTopic,
    Topic,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

NEWEST = datetime(2026, 11, 20, 12, tzinfo=UTC)
WORDS_EACH = 1_200
TOPICS_EACH, AUTHORS_EACH = 5, 3
TOPICS, PEOPLE, PICTURES = 40, 60, 5_000
BATCH = 500

SYLLABLES = [
    first + second
    for first in "bdfgklmnprstvz"
    for second in ("a", "e", "i", "o", "u", "an", "er", "os", "il")
]


def make_vocabulary(size: int, seed: int = 7) -> list[str]:
    """Return `size` different made-up words, the commonest first."""
    chance = random.Random(seed)
    words: dict[str, None] = {}
    while len(words) < size:
        words["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4)))] = None
    return list(words)


def make_text(chance: random.Random, vocabulary: list[str], words: int) -> list[str]:
    """Return paragraphs of about `words` words in all, common words commoner (Zipf)."""
    picked = [
        vocabulary[min(int(chance.paretovariate(0.6)) - 1, len(vocabulary) - 1)]
        for _ in range(words)
    ]
    return [
        " ".join(picked[start : start + 80]).capitalize() + "." for start in range(0, words, 80)
    ]


def fill(articles: int) -> None:
    """Bring the site to exactly `articles` published articles; adds what is missing."""
    front = prepare_site(at=NEWEST)
    topics, people, pictures = _topics(), _people(), _pictures()
    start = PublishedArticle.objects.count()
    for first in range(start, articles, BATCH):
        numbers = range(first, min(first + BATCH, articles))
        with transaction.atomic():
            _add(front, numbers, topics, people, pictures)


def _topics() -> list[Topic]:
    Topic.objects.bulk_create(
        [Topic(name=f"Topic {number}", slug=f"topic-{number}") for number in range(TOPICS)],
        ignore_conflicts=True,
    )
    return list(Topic.objects.order_by("pk"))


def _people() -> list[Person]:
    Person.objects.bulk_create(
        [
            Person(
                name=f"Person {number}",
                slug=f"person-{number}",
                bio="<p>Writes about rivers and towns.</p>",
            )
            for number in range(PEOPLE)
        ],
        ignore_conflicts=True,
    )
    return list(Person.objects.order_by("pk"))


def _pictures() -> list[Picture]:
    """Return rows of pictures; the pages only name their addresses, so there need be no files."""
    root = Collection.get_first_root_node()
    Picture.objects.bulk_create(
        [
            Picture(title=f"Picture {number}", file=f"original_images/{number}.jpg", width=2400, height=1600,
                    file_hash=f"{number:040x}", collection=root)
            for number in range(Picture.objects.count(), PICTURES)
        ]
    )  # fmt: skip
    return list(Picture.objects.order_by("pk"))


def _add(
    front: FrontPage, numbers: range, topics: list[Topic], people: list[Person], pictures: list[Picture]
) -> None:  # fmt: skip
    vocabulary = make_vocabulary(20_000)
    pages = _pages(front, numbers)
    rows, topic_links, bylines, entries = [], [], [], []
    for number, page in zip(numbers, pages, strict=True):
        chance = random.Random(number)
        row = _published(number, page, chance, vocabulary)
        row.lead_picture = pictures[number % len(pictures)]
        rows.append(row)
        chosen = chance.sample(topics, TOPICS_EACH)
        writers = chance.sample(people, AUTHORS_EACH)
        at = row.published_at
        topic_links += [
            PublishedTopic(published=row, topic=topic, position=place, published_at=at)
            for place, topic in enumerate(chosen)
        ]
        bylines += [
            PublishedByline(
                published=row, person=person, role="author", position=place, published_at=at
            )
            for place, person in enumerate(writers)
        ]
        entries.append(search.Entry(page.pk, row.headline, row.standfirst, "", row.text))
    PublishedArticle.objects.bulk_create(rows)
    PublishedTopic.objects.bulk_create(topic_links)
    PublishedByline.objects.bulk_create(bylines)
    search.index_articles(entries)
    _count(rows, topic_links, bylines)


def _pages(front: FrontPage, numbers: range) -> list[Article]:
    """Write the page rows as treebeard would: a path below the front page's for each."""
    parent = FrontPage.objects.get(pk=front.pk)
    kind = ContentType.objects.get_for_model(Article)
    pages = []
    for number in numbers:
        page = Article(
            title=f"Article {number}", slug=f"article-{number}", depth=parent.depth + 1, content_type=kind, live=True,
            path=Article._get_path(parent.path, parent.depth + 1, 1_000 + number),
            url_path=f"{parent.url_path}article-{number}/", locale=parent.locale, draft_title=f"Article {number}",
            translation_key=uuid4(), body="[]",
        )  # fmt: skip
        page.save_base(raw=False, force_insert=True)
        pages.append(page)
    FrontPage.objects.filter(pk=front.pk).update(numchild=parent.numchild + len(numbers))
    return pages


def _published(
    number: int, page: Article, chance: random.Random, vocabulary: list[str]
) -> PublishedArticle:
    paragraphs = make_text(chance, vocabulary, WORDS_EACH)
    at = NEWEST - timedelta(hours=3 * number)
    return PublishedArticle(
        article=page, path=f"/article-{number}/", headline=" ".join(paragraphs[0].split()[:8]),
        standfirst=" ".join(paragraphs[1].split()[:24]), kind="news", visibility="public", discussion="on",
        is_featured=number % 50 == 0, published_at=at, first_published_at=at, updated_at=at,
        body_html="".join(f"<p>{paragraph}</p>\n" for paragraph in paragraphs), text="\n".join(paragraphs),
        word_count=WORDS_EACH, reading_minutes=6,
    )  # fmt: skip


def _count(
    rows: list[PublishedArticle], topics: list[PublishedTopic], bylines: list[PublishedByline]
) -> None:
    for model, links, name in ((Topic, topics, "topic_id"), (Person, bylines, "person_id")):
        counts: dict[int, int] = {}
        for link in links:
            counts[getattr(link, name)] = counts.get(getattr(link, name), 0) + 1
        objects = {found.pk: found for found in model.objects.filter(pk__in=counts)}
        for pk, found in objects.items():
            found.article_count += counts[pk]
        model.objects.bulk_update(objects.values(), ["article_count"])
    for begins_on in _months(rows):
        month, _created = PublishedMonth.objects.get_or_create(begins_on=begins_on)
        month.article_count += sum(
            row.published_at.date().replace(day=1) == begins_on for row in rows
        )
        month.save(update_fields=["article_count"])


def _months(rows: list[PublishedArticle]) -> Iterator[date]:
    yield from sorted({row.published_at.date().replace(day=1) for row in rows})
