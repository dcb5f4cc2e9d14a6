"""What `copydesk doctor` found, and how it is shown."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Finding:
    """What one check found; `way_out` matters only when it is not well."""

    name: str
    detail: str
    is_well: bool
    way_out: str = ""


def make_lines(findings: Sequence[Finding]) -> str:
    """Return one line for each finding, and its way out under what is not well."""
    width = max(len(finding.name) for finding in findings)
    return "\n".join(_lines(finding, width) for finding in findings)


def make_json(findings: Sequence[Finding]) -> str:
    """Return the findings for programs."""
    rows = [
        asdict(finding) | {"way_out": "" if finding.is_well else finding.way_out}
        for finding in findings
    ]
    return json.dumps(
        {"well": all(finding.is_well for finding in findings), "checks": rows}, indent=2
    )


def _lines(finding: Finding, width: int) -> str:
    line = f"{'✓' if finding.is_well else '✗'} {finding.name:<{width}}  {finding.detail}"
    return (
        line
        if finding.is_well or not finding.way_out
        else f"{line}\n  {'':<{width}}  → {finding.way_out}"
    )
