"""Why a request came to nothing, in words for people and in codes that stay."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copydesk.kit.http.hops import Hop


class Reason(StrEnum):
    """The code of a failure; stored, so none is ever renamed."""

    # The address cannot be asked: no http or https, a user name in it, a host in no usual form.
    BAD_ADDRESS = "bad_address"
    PRIVATE_ADDRESS = "private_address"
    BAD_PORT = "bad_port"
    # What the caller wants to send cannot stand in a header.
    BAD_HEADER = "bad_header"
    NO_SUCH_HOST = "no_such_host"
    REFUSED_CONNECTION = "refused_connection"
    TLS = "tls"
    TIMEOUT = "timeout"
    # The host hung up without an answer, or in the middle of it.
    DISCONNECTED = "disconnected"
    # What it sent is no HTTP.
    PROTOCOL = "protocol"
    # The body is compressed in a way that is not read, more than once, or wrongly.
    BAD_ENCODING = "bad_encoding"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    REDIRECT_LOOP = "redirect_loop"
    # A redirect to nowhere, or to what is no web address.
    BAD_REDIRECT = "bad_redirect"
    BAD_STATUS = "bad_status"
    TOO_LARGE = "too_large"
    WRONG_TYPE = "wrong_type"


class FetchError(Exception):
    """A request that came to nothing: its reason, and the hops that were made before.

    Where an answer broke off, the last of `hops` is that answer without its body.
    """

    def __init__(self, message: str, *, reason: Reason, hops: tuple[Hop, ...] = ()) -> None:
        super().__init__(message)
        self.reason = reason
        self.hops = hops


class FetchRefused(FetchError):
    """The address may not be asked, or what it sent may not be kept; the message says why."""


class FetchFailed(FetchError):
    """The other host did not answer as it should; trying again later may help."""
