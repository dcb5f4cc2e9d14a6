"""Which other sources hold the same words."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from copydesk.sources.backends.archive import Damaged, Missing
from copydesk.sources.logic.matching import check_layers
from copydesk.sources.models import Snapshot
from copydesk.sources.queries.texts import indexes_of

if TYPE_CHECKING:
    from copydesk.sources.models import Source

logger = logging.getLogger("copydesk.sources")

# A millisecond or two each, once they are indexed (quotations.md 6.1); the first search pays for indexing them. No more
# than are remembered: of more, in turn, none would be there the next time.
MOST_COPIES = 24


def holders_of(text: str, *, language: str) -> list[Source]:
    """Return the sources of the newest `MOST_COPIES` copies that hold these words; one query."""
    if not text.strip():
        return []
    rows = Snapshot.objects.filter(has_text=True).select_related("source")[:MOST_COPIES]
    found = {row.source_id: row.source for row in rows if _holds(row, text, language)}
    return list(found.values())


def _holds(copy: Snapshot, text: str, language: str) -> bool:
    try:
        return check_layers(text, indexes_of(copy), language=language).is_accepted
    except (Missing, Damaged, OSError):
        logger.exception("Snapshot %s cannot be searched", copy.pk)
        return False
