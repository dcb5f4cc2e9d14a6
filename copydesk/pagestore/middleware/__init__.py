"""What stands in front of Django."""

from __future__ import annotations

from copydesk.pagestore.middleware.front import Front

__all__ = ["Front"]
