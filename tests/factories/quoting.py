"""Articles that quote, for tests: their blocks, and sources with a text to compare them with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from copydesk.sources.logic.verdicts import Layer
from copydesk.sources.queries.texts import archive
from tests.factories.editorial import block
from tests.factories.sources import make_snapshot, make_source

if TYPE_CHECKING:
    from copydesk.sources.models import Snapshot, Source

REPORT = (
    "The council met on Tuesday to hear what the engineers had found. The bridge over the river carries 12,400 "
    "vehicles a day, and there is no evidence that it will fail this winter, said Ada Marsh, who led the survey. "
    "Two of its nine piers have moved by less than three millimetres since 1987."
)
TRUE_WORDS = "The bridge over the river carries 12,400 vehicles a day"
ALTERED_WORDS = "The bridge over the river carries 21,400 vehicles a day"
FOREIGN_WORDS = "Nobody in this town has ever seen a penguin cross a motorway on its own"


def quotation(
    words: str = TRUE_WORDS, source: Source | None = None, **fields: Any
) -> dict[str, Any]:
    """Return a quotation block."""
    value = {"text": f"<p>{words}</p>", "source": source.pk if source else None, **fields}
    return block("quotation", value)


def make_copied_source(text: str = REPORT, **fields: Any) -> Source:
    """Return a source of which a copy is kept."""
    source = make_source(**fields)
    copy_source(source, text)
    return source


def copy_source(source: Source, text: str = REPORT, **fields: Any) -> Snapshot:
    """Keep a copy of what a source says."""
    return make_snapshot(
        source, layers={Layer.VISIBLE: text, Layer.MAIN: text}, archive=archive(), **fields
    )
