"""How much a cause matters to who relies on it, and whether it travels on: from values alone."""

from __future__ import annotations

from typing import Final

# The same numbers as `models.Gravity`.
LIGHT: Final = 1
CORRECTED: Final = 2
PASSAGE: Final = 3
RETRACTED: Final = 4

OF_STANDING: Final = {
    "changed": LIGHT,
    "corrected": CORRECTED,
    "replaced": CORRECTED,
    "concern": CORRECTED,
    "withdrawn": RETRACTED,
    "retracted": RETRACTED,
}
# A notice of a source that reads like a retraction.
GRAVE_EVENT: Final = 3
SUBSTANTIVE: Final = "substantive"


def of_standing(standing: str) -> int | None:
    """Return the gravity of what a publisher says of a source; None where there is nothing to look at."""
    return OF_STANDING.get(standing)


def of_event(*, kind: str, severity: int, is_hit: bool) -> int:
    """Return the gravity of a change that was noticed, for an article whose own quotation it hit, or for another."""
    if kind == "notice_appeared":
        return RETRACTED if severity >= GRAVE_EVENT else max(CORRECTED, PASSAGE if is_hit else 0)
    return PASSAGE if is_hit else LIGHT


def of_notice(*, kind: str, severity: str) -> int | None:
    """Return the gravity of a notice of ours for who relies on the article; None for one that stays where it is.

    Retractions and expressions of concern travel, and substantive corrections; updates, clarifications and errors that
    change nothing of what the article says do not.
    """
    if kind == "retraction":
        return RETRACTED
    if kind == "concern" or (kind == "correction" and severity == SUBSTANTIVE):
        return CORRECTED
    return None


def one_hop_on(gravity: int, *, before: int) -> int:
    """Return the gravity one article further on: less than it was there, and never nothing."""
    return max(LIGHT, min(gravity, before - 1))
