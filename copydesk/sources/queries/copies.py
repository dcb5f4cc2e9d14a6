"""Which copies of sources there are."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery

from copydesk.sources.logic.addresses import BadAddress, clean_url, url_key
from copydesk.sources.models import Citation, Snapshot, Source

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

NEWS = timedelta(days=30)
LARGEST_KEY = 2**63 - 1  # Of every database.


def newest_with_text(source_ids: Iterable[int]) -> dict[int, Snapshot]:
    """Return the newest copy with text of each source that has one, with its source; one query."""
    copies = Snapshot.objects.filter(source=OuterRef("pk"), has_text=True)
    newest = copies.order_by("-captured_at", "-pk").values("pk")[:1]
    wanted = Source.objects.filter(pk__in=set(source_ids)).values_list(Subquery(newest))
    found = Snapshot.objects.filter(pk__in=wanted).select_related("source")
    return {snapshot.source_id: snapshot for snapshot in found}


def is_in_the_news(source: Source, *, at: datetime) -> bool:
    """Whether a live article of the last 30 days relies on a source: most of an article's readers come by then.

    Who reads what is not counted, so an article's age stands for its readers.
    """
    young = {"page__live": True, "page__first_published_at__gt": at - NEWS}
    return Citation.objects.filter(source=source, **young).exists()


def existing_sources(numbers: Iterable[int | None]) -> dict[int, Source]:
    """Return the sources of these numbers; a number that no row has, or could have, is left out."""
    return Source.objects.in_bulk({one for one in numbers if one and one <= LARGEST_KEY})


def sources_at(urls: Iterable[str]) -> dict[str, int]:
    """Return the number of the source at each of these addresses, where there is one; one query."""
    keys = {url: key for url in urls if (key := _key_of(url))}
    known = dict(
        Source.objects.filter(url_key__in=set(keys.values())).values_list("url_key", "pk")
        if keys
        else ()
    )
    return {url: known[key] for url, key in keys.items() if key in known}


def _key_of(url: str) -> str:
    try:
        return url_key(clean_url(url))
    except BadAddress:
        return ""
