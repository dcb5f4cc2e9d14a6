"""How many articles a topic, a person, a month has: kept up to date by publishing, so that no page counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F
from django.utils import timezone

from copydesk.editorial.models import Person, PublishedArticle, PublishedMonth, Topic

if TYPE_CHECKING:
    from datetime import date, datetime


def count(published: PublishedArticle) -> None:
    """Count an article whose links have just been written."""
    _add(published, 1)


def uncount(published: PublishedArticle | None) -> None:
    """Take an article out of the counts, before its links change; None counts for nothing."""
    if published is not None:
        _add(published, -1)


def month_of(moment: datetime) -> date:
    """Return the first day of the month a moment lies in, in the publication's time zone."""
    return timezone.localtime(moment).date().replace(day=1)


def _add(published: PublishedArticle, step: int) -> None:
    topics = published.topic_links.values("topic")
    people = published.byline_links.values("person")
    Topic.objects.filter(pk__in=topics).update(article_count=F("article_count") + step)
    Person.objects.filter(pk__in=people).update(article_count=F("article_count") + step)
    begins_on = month_of(published.published_at)
    PublishedMonth.objects.get_or_create(begins_on=begins_on)
    PublishedMonth.objects.filter(begins_on=begins_on).update(
        article_count=F("article_count") + step
    )
