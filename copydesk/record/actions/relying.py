"""What a live article rests on among our own, kept in the transaction that publishes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from copydesk.editorial.models import PublishedArticle
from copydesk.record.actions.flagging import RESTS_NOTHING
from copydesk.record.logic.links import own_addresses, own_path
from copydesk.record.models import Reliance, Tie
from copydesk.record.queries.resolving import articles_at
from copydesk.sources.models import Citation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from copydesk.editorial.events import ArticlePublished, ArticlesMovedIn, ArticleWithdrawn

# Articles gone through in one transaction when all are.
BATCH = 200
COLUMNS = ("article_id", "path", "body_html", "canonical_url")


def keep_reliance(event: ArticlePublished) -> None:
    """Keep what an article that is published rests on from now on."""
    rest_anew([event.article_id])


def keep_reliance_of_arrivals(event: ArticlesMovedIn) -> None:
    """Keep what articles rest on that moved in with an archive."""
    for first in range(0, len(event.article_ids), BATCH):
        rest_anew(event.article_ids[first : first + BATCH])


def forget_reliance(event: ArticleWithdrawn) -> None:
    """Forget what an article rested on that readers do not get any more; who relied on it still does."""
    Reliance.objects.filter(article=event.article_id).delete()


def rebuild_reliance(*, tell: Callable[[int], None] = lambda _count: None) -> int:
    """Find anew what every live article rests on; return how many there are. May be stopped and run again.

    `tell` gets the number of articles that are done.
    """
    last, count = 0, 0
    while keys := list(_keys_after(last)):
        rest_anew(keys)
        last, count = keys[-1], count + len(keys)
        tell(count)
    Reliance.objects.filter(article__published__isnull=True).delete()
    return count


def _keys_after(last: int) -> Iterable[int]:
    rows = PublishedArticle.objects.filter(pk__gt=last).order_by("pk")
    return rows.values_list("pk", flat=True)[:BATCH]


@transaction.atomic
def rest_anew(article_ids: Sequence[int]) -> None:
    """Write what these live articles rest on among our own, and nothing that is written already; a few queries for all.

    Found are links in the body, sources that are our own articles, and the original of an article that was syndicated.
    """
    rows = PublishedArticle.objects.filter(pk__in=article_ids).values_list(*COLUMNS)
    base_url = settings.COPYDESK_BASE_URL
    wanted: list[tuple[int, str, Tie]] = []
    for pk, path, body_html, canonical_url in rows:
        linked = own_addresses(body_html, base_url=base_url, path=path)
        wanted += [(pk, address, Tie.LINK) for address in linked]
        if canonical_url and (address := own_path(canonical_url, base_url=base_url)):
            wanted.append((pk, address, Tie.SYNDICATED))
    wanted += _own_sources(article_ids, base_url)
    found = articles_at({address for _pk, address, _tie in wanted}, base_url=base_url)
    ties = {(pk, found[address], tie) for pk, address, tie in wanted if address in found}
    _write(article_ids, {(pk, on, tie) for pk, on, tie in ties if pk != on})


def _own_sources(article_ids: Sequence[int], base_url: str) -> list[tuple[int, str, Tie]]:
    """Return our own addresses among the sources that articles rest on."""
    host = base_url.partition("://")[2]
    rows = (
        Citation.objects.filter(page__in=article_ids, source__url__icontains=host)
        .exclude(relation__in=RESTS_NOTHING)
        .order_by()
    )
    named = rows.values_list("page_id", "source__url").distinct()
    return [
        (pk, address, Tie.LINK)
        for pk, url in named
        if (address := own_path(url, base_url=base_url))
    ]


def _write(article_ids: Sequence[int], ties: set[tuple[int, int, Tie]]) -> None:
    rows = Reliance.objects.filter(article__in=article_ids).values_list(
        "pk", "article", "on", "tie"
    )
    kept = {(article, on, Tie(tie)): pk for pk, article, on, tie in rows}
    gone = [pk for tie, pk in kept.items() if tie not in ties]
    if gone:
        Reliance.objects.filter(pk__in=gone).delete()
    new = [Reliance(article_id=pk, on_id=on, tie=tie) for pk, on, tie in sorted(ties - kept.keys())]
    Reliance.objects.bulk_create(new, ignore_conflicts=True)
