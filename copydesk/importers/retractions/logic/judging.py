"""What several lines about one paper come to."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from copydesk.importers.retractions.logic.reader import Nature

if TYPE_CHECKING:
    from collections.abc import Iterable

    from copydesk.importers.retractions.logic.reader import Entry

#: The standings of sources (see `Standing`), the graver the higher.
RANKS: Final = {
    "ok": 0, "changed": 1, "corrected": 2, "replaced": 2, "concern": 3, "retracted": 4, "withdrawn": 4,
}  # fmt: skip
STANDINGS: Final = {
    Nature.CORRECTION: "corrected",
    Nature.CONCERN: "concern",
    Nature.RETRACTION: "retracted",
}
#: How evidence from the list begins: by it a mark of the list is known from an editor's.
SIGNED: Final = "Retraction Watch"


def judge(entries: Iterable[Entry]) -> tuple[str, Entry]:
    """Return the standing that the lines about one paper come to, of which there is one at least, and the line why.

    The gravest counts, until a later line reinstates the paper.
    """
    standing, why = "ok", None
    for entry in sorted(entries, key=_order):
        if entry.nature == Nature.REINSTATEMENT:
            standing, why = "ok", entry
        elif why is None or RANKS[STANDINGS[entry.nature]] >= RANKS[standing]:
            standing, why = STANDINGS[entry.nature], entry
    if why is None:
        raise ValueError("no lines")
    return standing, why


def _order(entry: Entry) -> tuple[date, bool, int]:
    """What cannot be dated comes last, and a reinstatement before what happened the same day."""
    return entry.on or date.max, entry.nature != Nature.REINSTATEMENT, entry.line


def evidence(entry: Entry) -> str:
    """Return on what a mark rests, for the desk."""
    parts = [
        f"{SIGNED}: {entry.nature.value}",
        entry.on.isoformat() if entry.on else "",
        f"https://doi.org/{entry.notice_doi}" if entry.notice_doi else "",
        entry.reason,
        f"record {entry.record_id}" if entry.record_id else "",
    ]
    return ", ".join(part for part in parts if part)


def is_lists(note: str) -> bool:
    """Whether the list made a mark that has this note."""
    return note.startswith(SIGNED)
