"""Sources and what is known of them, for tests."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from copydesk.kit import clock
from copydesk.sources.logic.quoting import quote_sha256
from copydesk.sources.logic.verdicts import Finding, Layer, Verdict
from copydesk.sources.models import (
    Check,
    Citation,
    Method,
    Override,
    Quotation,
    Relation,
    Snapshot,
    Source,
    Trigger,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wagtail.models import Page

    from copydesk.members.models import Member
    from copydesk.sources.backends.archive import Archive

# No algorithm has this number, so a made check is never taken for a real one.
ALGORITHM = 9999
COLUMNS = ("verdict", "layer", "spans")
_number = count(1)


def make_source(title: str = "The bridge report", *, url: str = "", **fields: Any) -> Source:
    """Return a source at an address of its own; `url_key=""` and `url=""` given make one that is not on the web."""
    number = next(_number)
    address = url or f"https://herald.example/report-{number}"
    return Source.objects.create(
        **{
            "url": address,
            "url_key": address.partition("://")[2][:500],
            "title": title,
            "publisher": "The Herald",
            "published_on": "2026-11-19",
            "origins": {"title": "opengraph", "publisher": "opengraph", "published_on": "guess"},
            "created_at": clock.now(),
            **fields,
        }
    )


def make_offline_source(title: str = "The book of bridges", **fields: Any) -> Source:
    """Return a source that is not on the web."""
    number = next(_number)
    source = make_source(f"{title} {number}", access="offline", kind="book", **fields)
    Source.objects.filter(pk=source.pk).update(url="", url_key="")
    source.refresh_from_db()
    return source


def make_snapshot(
    source: Source,
    *,
    layers: Mapping[Layer, str] | None = None,
    archive: Archive | None = None,
    **fields: Any,
) -> Snapshot:
    """Return a copy of a source. With an `archive` its text layers are kept there, as capturing keeps them."""
    blob = json.dumps(
        {layer.value: text for layer, text in sorted((layers or {}).items())}, sort_keys=True
    ).encode()
    sha256 = hashlib.sha256(blob).hexdigest()
    main = (layers or {}).get(Layer.MAIN, "")
    at = fields.pop("captured_at", None) or clock.now()
    return Snapshot.objects.create(
        source=source,
        **{
            "method": Method.HTTP,
            "captured_at": at,
            "seen_at": at,
            "http_status": 200,
            "final_url": source.url,
            "content_type": "text/html",
            "title": source.title,
            "payload_sha256": hashlib.sha256(f"{sha256} {next(_number)}".encode()).hexdigest(),
            "text_sha256": hashlib.sha256(main.encode()).hexdigest(),
            "layers_sha256": archive.put(blob) if archive else sha256,
            "size": len(blob),
            "encoding": "utf-8",
            "extractor_version": 1,
            **fields,
        },
    )


def make_check(
    snapshot: Snapshot,
    text: str = "The bridge will hold.",
    *,
    verdict: Verdict = Verdict.EXACT,
    language: str = "",
    finding: Finding | None = None,
    **fields: Any,
) -> Check:
    """Return a check of words against a copy, as comparing them would have found it."""
    found = finding or Finding(verdict, layer=Layer.VISIBLE, source_words=text)
    evidence = {name: value for name, value in asdict(found).items() if name not in COLUMNS}
    return Check.objects.create(
        **{
            "quote_sha256": quote_sha256(text, language),
            "snapshot": snapshot,
            "algorithm_version": ALGORITHM,
            "verdict": found.verdict.value,
            "layer": found.layer.value if found.layer else "",
            "spans": [list(span) for span in found.spans],
            "evidence": evidence,
            "trigger": Trigger.PUBLISH,
            "checked_at": fields.pop("checked_at", None) or clock.now(),
            **fields,
        }
    )


def make_quotation(
    page: Page,
    source: Source,
    *,
    text: str = "The bridge will hold.",
    block_id: str = "",
    language: str = "",
    **fields: Any,
) -> Quotation:
    """Return a live quotation of a page, with the citation that goes with it; unchecked unless a check is given."""
    make_citation(page, source, Relation.QUOTES)
    return Quotation.objects.create(
        **{
            "page_id": page.pk,
            "source": source,
            "block_id": block_id or str(uuid4()),
            "text": text,
            "language": language,
            "quote_sha256": quote_sha256(text, language),
            **fields,
        }
    )


def make_checked_quotation(
    page: Page,
    source: Source | None = None,
    *,
    text: str = "The bridge will hold.",
    block_id: str = "",
    verdict: Verdict = Verdict.EXACT,
    **snapshot: Any,
) -> Quotation:
    """Return a live quotation of a page whose words were checked against a copy when the copy was made."""
    row = make_quotation(page, source or make_source(), text=text, block_id=block_id)
    row.snapshot = make_snapshot(row.source, **snapshot)
    row.check_result = make_check(
        row.snapshot, text, verdict=verdict, checked_at=row.snapshot.captured_at
    )
    row.save(update_fields=["snapshot", "check_result"])
    return row


def make_citation(
    page: Page, source: Source, relation: Relation = Relation.CITES, **fields: Any
) -> Citation:
    """Return what says that a page relies on a source in some way."""
    citation, _is_new = Citation.objects.get_or_create(
        page_id=page.pk, source=source, relation=relation, defaults=fields
    )
    return citation


def make_override(
    quotation: Quotation,
    *,
    by: Member,
    reason: str = "Shortened by the speaker’s office.",
    **fields: Any,
) -> Override:
    """Return somebody's name under words that a check did not accept."""
    return Override.objects.create(
        **{
            "page_id": quotation.page_id,
            "block_id": quotation.block_id,
            "quote_sha256": quotation.quote_sha256,
            "source": quotation.source,
            "verdict": Verdict.ALTERED.value,
            "reason": reason,
            "by": by,
            "created_at": fields.pop("created_at", None) or clock.now(),
            **fields,
        }
    )
