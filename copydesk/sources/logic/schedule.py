"""When a source is looked at again, and when it counts as dead."""

from __future__ import annotations

from enum import StrEnum


class Liveness(StrEnum):
    LIVE = "live"
    SUSPECT1 = "suspect1"
    SUSPECT2 = "suspect2"
    DEAD = "dead"
    BLOCKED = "blocked"
