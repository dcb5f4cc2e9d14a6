"""What the desk gets of the record."""

from __future__ import annotations

from copydesk.record.wagtail_hooks import flags, notices, requests, versions

__all__ = ["flags", "notices", "requests", "versions"]
