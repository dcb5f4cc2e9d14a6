"""What stands in front of Django, and the one piece within that it needs."""

from __future__ import annotations

from copydesk.pagestore.middleware.compression import Compression
from copydesk.pagestore.middleware.front import Front
from copydesk.pagestore.middleware.refill import Refiller

__all__ = ["Compression", "Front", "Refiller"]
