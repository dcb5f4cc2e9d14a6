"""What readers get follows what editors publish, in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import transaction
from wagtail.contrib.redirects.models import Redirect
from wagtail.rich_text import expand_db_html

from copydesk.editorial.actions import counting, expiring
from copydesk.editorial.actions.noting import NOTHING_SAID
from copydesk.editorial.actions.rendering import RenderedBody, render_body
from copydesk.editorial.actions.sourcing import sync_sources
from copydesk.editorial.backends import search
from copydesk.editorial.events import ArticlePublished, ArticleWithdrawn
from copydesk.editorial.models import (
    Publication,
    PublishedArticle,
    PublishedByline,
    PublishedTopic,
    StaticPage,
    WithdrawnAddress,
)
from copydesk.kit import events
from copydesk.sources.actions.syncing import withdraw_quotations

if TYPE_CHECKING:
    from datetime import datetime

    from copydesk.editorial.actions.noting import Change
    from copydesk.editorial.models import Article
    from copydesk.members.models import Member


@transaction.atomic
def publish_article(
    *,
    article: Article,
    at: datetime,
    by: Member | None = None,
    change: Change = NOTHING_SAID,
    adds_sources: bool = False,
) -> PublishedArticle:
    """Write what readers get of `article`, a live page, from its fields; safe to run twice.

    `by` is who publishes it, `change` what they say of it. With `adds_sources`, an address that a quotation
    names becomes a source, to be fetched:
    not where thousands of articles are written again, or come in with an archive.
    """
    expiring.begin()
    sync_sources(article=article, adds_sources=adds_sources, by=by, at=at)
    previous = PublishedArticle.objects.filter(article=article).first()
    changed = expiring.pages_with(previous)
    counting.uncount(previous)
    published, _created = PublishedArticle.objects.update_or_create(
        article=article,
        defaults=published_fields(article, render_body(article, language=article.language), at),
    )
    topics, bylines = published_links(published, article)
    published.topic_links.all().delete()
    PublishedTopic.objects.bulk_create(topics)
    published.byline_links.all().delete()
    PublishedByline.objects.bulk_create(bylines)
    counting.count(published)
    if previous is not None and previous.path != published.path:
        _lead_on(previous.path, article)
    WithdrawnAddress.objects.filter(path=published.path).delete()
    search.index_article(search_entry(published, topics, bylines))
    who = by.pk if by else None
    events.publish(ArticlePublished(article.pk, at, who, change.note, change.is_minor))
    expiring.expire_pages_with(changed | expiring.pages_with(published), at=at)
    return published


def draft_as_published(*, article: Article, at: datetime) -> PublishedArticle:
    """Return what readers would get of `article` as it stands, without writing anything."""
    rendered = render_body(article, language=article.language)
    published = PublishedArticle(article=article, **published_fields(article, rendered, at))
    topics, bylines = published_links(published, article)
    published.topics, published.bylines = [link.topic for link in topics], bylines
    return published


@transaction.atomic
def publish_static_page(
    *, page: StaticPage, at: datetime, by: Member | None = None, adds_sources: bool = False
) -> None:
    """Render the body of a static page that went live, and keep what it quotes; the rest as of an article."""
    expiring.begin()
    sync_sources(article=page, adds_sources=adds_sources, by=by, at=at)
    StaticPage.objects.filter(pk=page.pk).update(body_html=render_body(page).html)
    WithdrawnAddress.objects.filter(path=page_path(page)).delete()
    note_layout_change(at=at)


def is_in_layout(picture_pk: int) -> bool:
    """Whether a picture is the publication's logo, which every page shows."""
    return bool(Publication.objects.filter(logo_id=picture_pk).exists())


@transaction.atomic
def note_layout_change(*, at: datetime) -> None:
    """Let every process know that the layout shows something new: settings, or a page they name."""
    expiring.begin()
    Publication.objects.update(version=uuid4().hex)
    expiring.expire_everything(at=at)


@transaction.atomic
def withdraw_article(*, article: Article, at: datetime, by: Member | None = None) -> None:
    """Take `article` from readers: its address answers 410 from now on."""
    expiring.begin()
    published = PublishedArticle.objects.filter(article=article).first()
    if published is None:
        return
    withdraw_quotations(page_id=article.pk, at=at)
    WithdrawnAddress.objects.update_or_create(
        path=published.path,
        defaults={"withdrawn_at": at, "history_path": published.history_path},
    )
    changed = expiring.pages_with(published)
    search.forget_article(article.pk)
    counting.uncount(published)
    published.delete()
    by_id = by.pk if by else None
    events.publish(ArticleWithdrawn(article_id=article.pk, path=published.path, at=at, by_id=by_id))
    expiring.expire_pages_with(changed, at=at)


@transaction.atomic
def withdraw_static_page(*, page: StaticPage, at: datetime) -> None:
    """Take a static page from readers: its address answers 410 from now on."""
    expiring.begin()
    withdraw_quotations(page_id=page.pk, at=at)
    WithdrawnAddress.objects.update_or_create(path=page_path(page), defaults={"withdrawn_at": at})
    note_layout_change(at=at)


def page_path(page: Article | StaticPage) -> str:
    """Return the path readers find the page at: Wagtail's path within the tree, less the root's slug."""
    return path_of(page.url_path)


def path_of(url_path: str) -> str:
    """Return the path readers find a page at, from its path within Wagtail's tree."""
    inside = url_path.strip("/").partition("/")[2]
    return f"/{inside}/" if inside else "/"


def published_fields(article: Article, rendered: RenderedBody, at: datetime) -> dict[str, object]:
    return {
        "path": page_path(article),
        "headline": article.title,
        "standfirst": article.standfirst,
        "kind": article.kind,
        "visibility": article.visibility,
        "discussion": article.discussion,
        "language": article.language,
        "is_featured": article.is_featured,
        "published_at": article.dated_at or article.first_published_at or at,
        "first_published_at": article.first_published_at or at,
        "updated_at": article.last_published_at or at,
        "lead_picture_id": article.lead_picture_id,
        "lead_alt": article.lead_alt,
        "lead_caption_html": expand_db_html(article.lead_caption),
        "lead_credit": article.lead_credit,
        "series_id": article.series_id,
        "canonical_url": article.canonical_url,
        "seo_title": article.seo_title,
        "description": article.search_description,
        "share_title": article.share_title,
        "share_description": article.share_description,
        "share_picture_id": article.share_picture_id,
        "body_html": rendered.html,
        "preview_html": rendered.preview_html,
        "text": rendered.text,
        "preview_text": rendered.preview_text,
        "word_count": rendered.word_count,
        "reading_minutes": rendered.reading_minutes,
    }


def _lead_on(old_path: str, article: Article) -> None:
    # Wagtail writes a redirect too, but after the commit: a crash in between would lose it.
    old_path = Redirect.normalise_path(old_path)
    Redirect.objects.update_or_create(
        old_path=old_path,
        site=None,
        defaults={"redirect_page": article, "automatically_created": True},
    )


def published_links(
    published: PublishedArticle, article: Article
) -> tuple[list[PublishedTopic], list[PublishedByline]]:
    at = published.published_at
    topics = [
        PublishedTopic(published=published, topic=link.topic, position=position, published_at=at)
        for position, link in enumerate(article.article_topics.all())
    ]
    bylines = [
        PublishedByline(
            published=published,
            person=link.person,
            role=link.role,
            position=position,
            published_at=at,
        )
        for position, link in enumerate(article.bylines.all())
    ]
    return topics, bylines


def search_entry(
    published: PublishedArticle, topics: list[PublishedTopic], bylines: list[PublishedByline]
) -> search.Entry:
    names = [link.topic.name for link in topics] + [link.person.name for link in bylines]
    return search.Entry(
        article_id=published.pk,
        headline=published.headline,
        standfirst=published.standfirst,
        names=", ".join(names),
        body=published.public_text,
    )
