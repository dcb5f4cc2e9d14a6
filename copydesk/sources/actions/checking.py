"""Comparing words with what a source said."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from copydesk.sources.logic.matching import ALGORITHM_VERSION, check_layers
from copydesk.sources.logic.quoting import quote_sha256
from copydesk.sources.models import Check
from copydesk.sources.queries.texts import indexes_of

if TYPE_CHECKING:
    from datetime import datetime

    from copydesk.sources.logic.verdicts import Finding
    from copydesk.sources.models import Snapshot, Trigger

COLUMNS = {"verdict", "layer", "spans"}


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


def _fields(finding: Finding) -> dict[str, object]:
    said = asdict(finding)
    return {
        "verdict": finding.verdict.value,
        "layer": finding.layer.value if finding.layer else "",
        "spans": [list(span) for span in finding.spans],
        "evidence": {name: value for name, value in said.items() if name not in COLUMNS},
    }
