"""Mail by SMTP that waits for the transaction it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.mail.message import EmailMessage


class AfterCommit(EmailBackend):
    """Sends what is written inside a transaction once that is committed, and never when it is not.

    A slow mail server must not hold SQLite's one write lock, and nobody should hear of what did not happen.
    A mail that cannot be sent by then is logged; outside of a transaction the sender learns of it.
    """

    def open(self) -> bool | None:
        """Connect, unless a transaction makes the mail wait."""
        return None if transaction.get_connection().in_atomic_block else super().open()

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        """Send the messages now, or after the commit."""
        if not transaction.get_connection().in_atomic_block:
            return super().send_messages(messages)
        waiting = list(messages)
        transaction.on_commit(lambda: self._send_late(waiting), robust=True)
        return len(waiting)

    def _send_late(self, messages: Sequence[EmailMessage]) -> None:
        super().send_messages(messages)
