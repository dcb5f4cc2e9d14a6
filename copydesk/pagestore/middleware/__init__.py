"""What stands in front of Django."""

from __future__ import annotations

from copydesk.pagestore.middleware.front import Front
from copydesk.pagestore.middleware.refill import Refiller

__all__ = ["Front", "Refiller"]
