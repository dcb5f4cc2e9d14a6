"""Pages of accounts that allauth has not."""

from __future__ import annotations

from copydesk.members.views.account import account
from copydesk.members.views.links import use_link

__all__ = ["account", "use_link"]
