"""What the publication relies on: sources, the copies kept of them, the words quoted, and what checks found."""

from __future__ import annotations

from copydesk.sources.models.events import Handling, SourceEvent
from copydesk.sources.models.hosts import Host
from copydesk.sources.models.policy import QuotationPolicy
from copydesk.sources.models.quotations import (
    Check,
    Citation,
    Override,
    Quotation,
    QuotationKind,
    Relation,
    Trigger,
)
from copydesk.sources.models.snapshots import Method, Snapshot
from copydesk.sources.models.sources import Access, Source, SourceKind, Standing

__all__ = [
    "Access",
    "Check",
    "Citation",
    "Handling",
    "Host",
    "Method",
    "Override",
    "Quotation",
    "QuotationKind",
    "QuotationPolicy",
    "Relation",
    "Snapshot",
    "Source",
    "SourceEvent",
    "SourceKind",
    "Standing",
    "Trigger",
]
