"""Which pages show something of what has changed.

Lists have tags of their own, since what joins a list is on no page of it yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copydesk.editorial.models import Person, Picture, Series, Topic
from copydesk.editorial.queries.neighbors import adjacent_ids
from copydesk.pagestore.actions import expire_tags, keep_commit_order
from copydesk.pagestore.logic.tags import LAYOUT, tag

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import Model

    from copydesk.editorial.models import PublishedArticle

# Any list of all articles by date, and whatever counts them.
LATEST = "latest"
# What has a name or a look of its own on pages, by the kind its tags have.
NAMED_ON_PAGES: dict[type[Model], str] = {
    Topic: "topic",
    Person: "person",
    Series: "series",
    Picture: "picture",
}


def pages_with(published: PublishedArticle | None) -> set[str]:
    """Return the tags of all pages that show a published article, or would: its own, its lists, its neighbors'."""
    if published is None:
        return set()
    return {
        LATEST,
        tag("article", published.pk),
        *(tag("article", pk) for pk in adjacent_ids(published)),
        *(tag("list-topic", pk) for pk in published.topic_links.values_list("topic_id", flat=True)),
        *(
            tag("list-person", pk)
            for pk in published.byline_links.values_list("person_id", flat=True)
        ),
        *({tag("list-series", published.series_id)} if published.series_id else ()),
    }


def expire_pages_with(tags: Iterable[str], *, at: datetime) -> None:
    """Let pages with any of the tags be made anew."""
    expire_tags(tags, at=at)


def expire_everything(*, at: datetime) -> None:
    """Let every page be made anew: the layout has changed, or too much to tell."""
    expire_tags([LAYOUT], at=at)


def begin() -> None:
    """Take this transaction's turn among all that let pages expire; call it before anything is written."""
    keep_commit_order()


def expire_named(kind: str, pk: int, *, at: datetime) -> None:
    """Let pages that name a topic, a person or a series, or show a picture, be made anew; lists of all of them, too."""
    expire_tags([tag(kind, pk), f"all-{kind}"], at=at)
