"""Why nothing was fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copydesk.kit.http.answers import Hop


class _Trouble(Exception):
    """`reason` is a code that stays; `hops` are the answers that came before, where several were asked for."""

    default = ""

    def __init__(self, message: str, *, reason: str = "", hops: Sequence[Hop] = ()) -> None:
        super().__init__(message)
        self.reason = reason or self.default
        self.hops = tuple(hops)


class FetchRefused(_Trouble):
    """The address may not be asked, or what it sent may not be kept; the message says why."""

    default = "refused"


class FetchFailed(_Trouble):
    """The other host did not answer as it should; trying again later may help."""

    default = "failed"
