"""Comparing words with what a source said."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from copydesk.sources.logic.matching import ALGORITHM_VERSION, check_layers
from copydesk.sources.logic.quoting import quote_sha256
from copydesk.sources.models import Check
from copydesk.sources.queries.texts import indexes_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from copydesk.sources.logic.verdicts import Finding
    from copydesk.sources.models import Quotation, Snapshot, Trigger

COLUMNS = {"verdict", "layer", "spans"}
# The words and their language as one hash, and the copy.
Key = tuple[str, int]


def compare(*, text: str, snapshot: Snapshot, language: str) -> Finding:
    """Return what comparing `text` with a snapshot finds, without keeping it. Raises Missing, Damaged."""
    return check_layers(text, indexes_of(snapshot), language=language)


def check_words(
    *, text: str, snapshot: Snapshot, language: str, trigger: Trigger, at: datetime
) -> Check:
    """Return the check of these words against a snapshot: the one that is kept, or a new one.

    Raises Missing, Damaged where the archive has lost the text.
    """
    key = {
        "quote_sha256": quote_sha256(text, language),
        "snapshot": snapshot,
        "algorithm_version": ALGORITHM_VERSION,
    }
    kept = Check.objects.filter(**key).first()
    if kept is not None:
        return kept
    finding = compare(text=text, snapshot=snapshot, language=language)
    check, _is_new = Check.objects.get_or_create(
        **key, defaults={**_fields(finding), "trigger": trigger, "checked_at": at}
    )
    return check


def kept_checks(keys: Iterable[Key]) -> dict[Key, Check]:
    """Return the checks by the present algorithm that are kept of these words and copies, and of others; one query."""
    wanted = list(keys)
    found = Check.objects.filter(
        quote_sha256__in={sha256 for sha256, _ in wanted},
        snapshot__in={snapshot_id for _, snapshot_id in wanted},
        algorithm_version=ALGORITHM_VERSION,
    )
    return {(check.quote_sha256, check.snapshot_id): check for check in found}


def new_check(*, row: Quotation, snapshot: Snapshot, trigger: Trigger, at: datetime) -> Check:
    """Return a check of a quotation's words against a snapshot, not kept yet. Raises Missing, Damaged."""
    finding = compare(text=row.text, snapshot=snapshot, language=row.language)
    return Check(
        quote_sha256=row.quote_sha256,
        snapshot=snapshot,
        algorithm_version=ALGORITHM_VERSION,
        trigger=trigger,
        checked_at=at,
        **_fields(finding),
    )


def _fields(finding: Finding) -> dict[str, object]:
    said = asdict(finding)
    return {
        "verdict": finding.verdict.value,
        "layer": finding.layer.value if finding.layer else "",
        "spans": [list(span) for span in finding.spans],
        "evidence": {name: value for name, value in said.items() if name not in COLUMNS},
    }
