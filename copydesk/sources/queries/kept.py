"""Sources as the desk keeps them: the list of all, one with its copies and articles, and the text of a copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db.models import Count

from copydesk.sources.logic.verdicts import Layer
from copydesk.sources.models import Quotation, Source
from copydesk.sources.queries.cards import having
from copydesk.sources.queries.copies import sources_at
from copydesk.sources.queries.texts import layers_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.core.paginator import Page as PageOfRows
    from django.db.models import QuerySet

    from copydesk.sources.models import Check, Snapshot

PER_PAGE = 25
# Of each kind of row a page lists no more than this.
MOST = 100
# Characters of a text that a page shows at once; around a passage, where one is asked for.
LONGEST_SHOWN = 300_000
# The layer that offsets count in where nothing else is said: what verdicts are about first.
LAYERS = (Layer.SUPPLIED, Layer.VISIBLE, Layer.MAIN, Layer.EMBEDDED)


@dataclass(frozen=True)
class KeptSource:
    """A source with what is kept of it, and live words of ours that are its."""

    source: Source
    copies: Sequence[Snapshot]
    quotations: Sequence[Quotation]
    citing: Sequence[tuple[int, str]]

    @property
    def has_text(self) -> bool:
        """Whether there is anything to compare words with."""
        return any(copy.has_text for copy in self.copies)


@dataclass(frozen=True)
class Part:
    """A piece of a text, and whether it is of the passage that was asked for."""

    text: str
    is_marked: bool = False


@dataclass(frozen=True)
class TextOfCopy:
    """The text of a copy, in pieces. `is_cut` is whether it goes on before or after them."""

    layer: Layer
    layers: Sequence[Layer]
    parts: Sequence[Part]
    is_cut: bool

    @property
    def is_marked(self) -> bool:
        """Whether the passage that was asked for is in it."""
        return self.first_marked is not None

    @property
    def first_marked(self) -> Part | None:
        """The piece where that passage begins."""
        return next((part for part in self.parts if part.is_marked), None)


def kept_sources(words: str, *, number: str | int = 1) -> PageOfRows[Source]:
    """Return a page of the sources that have each of these words, or this address; the newest first. Three queries.

    `number` is a page's, or anything a reader types for one.
    """
    rows = Source.objects.order_by("-created_at", "-pk")
    is_address = "://" in words
    found = rows.filter(pk__in=sources_at([words]).values()) if is_address else having(rows, words)
    counted: QuerySet[Source] = found.annotate(
        article_count=Count("citations__page", distinct=True)
    )
    return Paginator(counted, PER_PAGE).get_page(number)


def kept_source(source: Source) -> KeptSource:
    """Return a source with its newest copies, and the live articles that rely on it. Three queries."""
    citing = source.citations.filter(page__live=True).order_by("-page_id")
    return KeptSource(
        source=source,
        copies=list(source.snapshots.all()[:MOST]),
        quotations=live_words(source),
        citing=list(citing.values_list("page_id", "page__title").distinct()[:MOST]),
    )


def live_words(source: Source) -> list[Quotation]:
    """Return what live articles quote from a source; one query."""
    rows = source.quotations.filter(is_live=True, page__live=True).select_related("page")
    return list(rows.order_by("-page_id", "position")[:MOST])


def passage_of(uuid: UUID, copy: Snapshot) -> tuple[Layer | None, Sequence[tuple[int, int]]]:
    """Return where in a copy the words of a quotation were found: the layer, and the spans in it; none if nowhere."""
    rows = Quotation.objects.filter(uuid=uuid, source_id=copy.source_id)
    for row in rows.select_related("check_result", "latest_check"):
        for check in (row.check_result, row.latest_check):
            if check is not None and check.snapshot_id == copy.pk and check.layer:
                return Layer(check.layer), _spans(check)
    return None, ()


def _spans(check: Check) -> list[tuple[int, int]]:
    return [(int(start), int(end)) for start, end in check.spans]


def text_of(
    copy: Snapshot, *, layer: Layer | None, spans: Sequence[tuple[int, int]] = ()
) -> TextOfCopy:
    """Return the text of a copy with its `spans` (start and end, in code points) marked. Raises Missing, Damaged.

    A layer that the copy lacks gives the one that it has. Spans that are not in the text mark nothing.
    """
    texts = layers_of(copy)
    there = [name for name in LAYERS if texts.get(name)]
    shown = layer if layer in there else next(iter(there), Layer.VISIBLE)
    text = texts.get(shown, "")
    # Offsets count in the layer they were found in, and mean nothing in another.
    sound = _sound(spans, len(text)) if layer in {None, shown} else []
    first = max(0, sound[0][0] - LONGEST_SHOWN // 2) if sound else 0
    last = min(len(text), first + LONGEST_SHOWN)
    return TextOfCopy(
        layer=shown,
        layers=there,
        parts=_parts(text, first, last, sound),
        is_cut=first > 0 or last < len(text),
    )


def _sound(spans: Sequence[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """Return the spans that are in a text of this length, in its order, those that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(span for span in spans if 0 <= span[0] < span[1] <= length):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _parts(text: str, first: int, last: int, spans: Sequence[tuple[int, int]]) -> list[Part]:
    parts, at = [], first
    for start, end in spans:
        if start >= last:
            break
        parts += [Part(text[at:start]), Part(text[start : min(end, last)], is_marked=True)]
        at = min(end, last)
    return [part for part in [*parts, Part(text[at:last])] if part.text]
