"""An archive moves in: thousands of articles of the past, written a batch at a time.

What one article costs through the desk (Wagtail's saving of pages, revisions and their tasks) would make a large
archive take hours. Here each table is written once for the whole batch, and the result is the same. Nobody is told:
nothing was published today.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F
from wagtail.models import Page, ReferenceIndex, Revision
from wagtail.search.backends import get_search_backends
from wagtail_footnotes.models import Footnote

from copydesk.editorial.actions import expiring
from copydesk.editorial.actions.counting import month_of
from copydesk.editorial.actions.publishing import (
    page_path,
    publish_article,
    publish_static_page,
    published_fields,
    published_links,
    search_entry,
)
from copydesk.editorial.actions.rendering import render_body
from copydesk.editorial.actions.rows import insert_rows, update_rows
from copydesk.editorial.backends import search
from copydesk.editorial.events import ArticlesMovedIn
from copydesk.editorial.models import (
    Article,
    ArticleTopic,
    Byline,
    Person,
    PublishedArticle,
    PublishedByline,
    PublishedMonth,
    PublishedTopic,
    StaticPage,
    Topic,
    WithdrawnAddress,
)
from copydesk.kit import events

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from django.db import models

# What a page's fields are, less its key and the counter treebeard keeps.
PAGE_FIELDS = [field.attname for field in Page._meta.concrete_fields if not field.primary_key]
KEPT_BY_THE_TREE = {
    "path",
    "depth",
    "numchild",
    "url_path",
    "content_type_id",
    "translation_key",
    "locale_id",
}


@transaction.atomic
def plant_drafts(*, parent: Page, articles: Sequence[Article]) -> None:
    """Give new articles their places under `parent`, as drafts with a title and a slug and nothing else.

    The slugs must be free. Afterwards each article has its key, so that links to it can be written.
    """
    if not articles:
        return
    # The row is locked so that nobody takes the same place; treebeard's counters on the instance may be old.
    parent = Page.objects.select_for_update().get(pk=parent.pk)
    last = parent.get_last_child()
    path = last._inc_path() if last else Page._get_path(parent.path, parent.depth + 1, 1)  # noqa: SLF001 - as treebeard's own add_child does
    locale = parent.locale
    for article in articles:
        article.path, article.depth, article.numchild = path, parent.depth + 1, 0
        article.url_path = f"{parent.url_path}{article.slug}/"
        article.draft_title, article.live, article.locale = article.title, False, locale
        path = article._inc_path()  # noqa: SLF001
    rows = [Page(**{name: getattr(article, name) for name in PAGE_FIELDS}) for article in articles]
    for article, row in zip(articles, Page.objects.bulk_create(rows), strict=True):
        article.pk = article.page_ptr_id = row.pk
    insert_rows(Article, articles)
    Page.objects.filter(pk=parent.pk).update(numchild=F("numchild") + len(articles))


@transaction.atomic
def fill_articles(*, articles: Sequence[Article], at: datetime) -> None:
    """Write what `articles` hold, bylines, topics and footnotes too, each with a revision of its own.

    One that is `live` is given to readers; one with `go_live_at` ahead of it is scheduled; the others are drafts.
    """
    _write_children(articles)
    _write_pages(articles, at)
    give_to_readers(articles=[article for article in articles if article.live], at=at)
    _index_for_desk(articles)


@transaction.atomic
def fill_static_page(*, page: StaticPage, at: datetime) -> None:
    """Write what a static page holds, as `fill_articles` does for articles."""
    Footnote.objects.filter(page_id=page.pk).delete()
    Footnote.objects.bulk_create(page.footnotes.all())
    _write_pages([page], at)
    if page.live:
        publish_static_page(page=page, at=at)
    _index_for_desk([page])


@transaction.atomic
def give_to_readers(*, articles: Sequence[Article], at: datetime) -> None:
    """Write what readers get of live articles, as `publish_article` does, but many at a time and for the past."""
    expiring.begin()
    known = set(PublishedArticle.objects.filter(article__in=articles).values_list("pk", flat=True))
    for article in articles:
        if article.pk in known:
            publish_article(article=article, at=at)
    new = [article for article in articles if article.pk not in known]
    rows = [
        PublishedArticle(article=a, **published_fields(a, render_body(a, language=a.language), at))
        for a in new
    ]
    insert_rows(PublishedArticle, rows)
    links = [(row, *published_links(row, article)) for row, article in zip(rows, new, strict=True)]
    insert_rows(PublishedTopic, [topic for _row, topics, _bylines in links for topic in topics])
    insert_rows(PublishedByline, [byline for _row, _topics, bylines in links for byline in bylines])
    _count_all(links)
    WithdrawnAddress.objects.filter(path__in=[page_path(article) for article in new]).delete()
    search.index_articles([search_entry(*link) for link in links])
    if new:
        keys = tuple(article.pk for article in new)
        events.publish(ArticlesMovedIn(article_ids=keys, at=at))
    if articles:
        # Two hundred articles of the past stand beside thousands of others: telling which costs more than making anew.
        expiring.expire_everything(at=at)


def _write_children(articles: Sequence[Article]) -> None:
    keys = [article.pk for article in articles]
    Byline.objects.filter(article_id__in=keys).delete()
    ArticleTopic.objects.filter(article_id__in=keys).delete()
    Footnote.objects.filter(page_id__in=keys).delete()
    # Revisions and the reference index name these by their keys, so the rows have to learn them.
    Byline.objects.bulk_create(child for article in articles for child in article.bylines.all())
    ArticleTopic.objects.bulk_create(
        child for article in articles for child in article.article_topics.all()
    )
    Footnote.objects.bulk_create(child for article in articles for child in article.footnotes.all())


def _write_revisions(pages: Sequence[Article | StaticPage], at: datetime) -> list[Revision]:
    base = ContentType.objects.get_for_model(Page)
    rows = [
        Revision(
            content_type=ContentType.objects.get_for_model(page),
            base_content_type=base,
            object_id=str(page.pk),
            created_at=at,
            object_str=str(page),
            content=page.serializable_data(),
            approved_go_live_at=None if page.live else page.go_live_at,
        )
        for page in pages
    ]
    written: list[Revision] = Revision.objects.bulk_create(rows)
    return written


def _write_pages(pages: Sequence[Article | StaticPage], at: datetime) -> None:
    """Write the rows of pages of one type, in both tables, and a revision of each."""
    for page, revision in zip(pages, _write_revisions(pages, at), strict=True):
        page.latest_revision_id = revision.pk
        page.live_revision_id = revision.pk if page.live else None
        page.has_unpublished_changes = not page.live
        page.draft_title = page.title
    if pages:
        update_rows(Page, pages, [name for name in PAGE_FIELDS if name not in KEPT_BY_THE_TREE])
        update_rows(type(pages[0]), pages, _own_fields(type(pages[0])))


def _own_fields(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.local_concrete_fields if not field.primary_key]


def _count_all(
    links: Iterable[tuple[PublishedArticle, list[PublishedTopic], list[PublishedByline]]],
) -> None:
    """What `counting.count` does for one article, with each counter written once."""
    topics: Counter[int] = Counter()
    people: Counter[int] = Counter()
    months: Counter[date] = Counter()
    for row, row_topics, row_bylines in links:
        topics.update({link.topic_id for link in row_topics})
        people.update({link.person_id for link in row_bylines})
        months[month_of(row.published_at)] += 1
    _raise_counts(Topic, topics)
    _raise_counts(Person, people)
    PublishedMonth.objects.bulk_create(
        [PublishedMonth(begins_on=month) for month in months], ignore_conflicts=True
    )
    for month, number in months.items():
        PublishedMonth.objects.filter(pk=month).update(article_count=F("article_count") + number)


def _raise_counts(model: type[models.Model], counts: Counter[int]) -> None:
    by_step: dict[int, list[int]] = {}
    for key, number in counts.items():
        by_step.setdefault(number, []).append(key)
    for number, keys in by_step.items():
        model._default_manager.filter(pk__in=keys).update(article_count=F("article_count") + number)


def _index_for_desk(pages: Sequence[Article | StaticPage]) -> None:
    """Let editors find the pages, and see what uses a picture, a person or a topic."""
    if not pages:
        return
    for backend in get_search_backends(with_auto_update=True):
        backend.add_bulk(type(pages[0]), pages)
    _write_references(pages)


def _write_references(pages: Sequence[Article | StaticPage]) -> None:
    """What `ReferenceIndex.create_or_update_for_object` does for one page, in two queries for all of them."""
    base = ContentType.objects.get_for_model(Page)
    keys = [str(page.pk) for page in pages]
    ReferenceIndex.objects.filter(base_content_type=base, object_id__in=keys).delete()
    references = [
        ReferenceIndex(
            content_type=ContentType.objects.get_for_model(page),
            base_content_type=base,
            object_id=page.pk,
            to_content_type_id=to_type,
            to_object_id=to_key,
            model_path=model_path,
            content_path=content_path,
            content_path_hash=ReferenceIndex._get_content_path_hash(content_path),  # noqa: SLF001 - as Wagtail's own
        )
        for page in pages
        for to_type, to_key, model_path, content_path in _references_of(page)
    ]
    insert_rows(ReferenceIndex, references)


def _references_of(page: Article | StaticPage) -> set[tuple[int, str, str, str]]:
    return set(ReferenceIndex._extract_references_from_object(page))  # noqa: SLF001 - as Wagtail's own
