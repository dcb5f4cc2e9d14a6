"""What a view tells the front of the page it has made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copydesk.pagestore.logic.tags import Gathered


# Where the front leaves room for what a view says, and the view keeps who is really asking.
SLOT, READER = "copydesk.slot", "copydesk.reader"
# The cookie that holds what a reader is to be told once, on the next page they see.
MESSAGES_COOKIE = "messages"


@dataclass
class Slot:
    """Left in the request by the front; a view that lets its pages be stored fills it."""

    is_filled: bool = False
    parameters: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    is_gated: bool = False
    is_personal: bool = False

    def take(self, parameters: tuple[str, ...], gathered: Gathered) -> None:
        """Note what the view said."""
        self.is_filled = True
        self.parameters, self.tags = parameters, tuple(sorted(gathered.tags))
        self.is_gated, self.is_personal = gathered.is_gated, gathered.is_personal
