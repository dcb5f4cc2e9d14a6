"""The one way out: fetching from other hosts, and telling them something, guarded.

Every connection, those after a redirect too, is checked at the socket: the name is looked up once, each address
must be public, and the connection goes to the address that was checked, so a name that changes its mind between
check and use (DNS rebinding) gains nothing.
"""

from __future__ import annotations

from copydesk.kit.http.addresses import Address, is_any, is_public, may_connect_to
from copydesk.kit.http.answers import Hop
from copydesk.kit.http.fetching import Fetched, fetch, send
from copydesk.kit.http.refusals import FetchFailed, FetchRefused
from copydesk.kit.http.visiting import Visit, visit

__all__ = [
    "Address",
    "FetchFailed",
    "FetchRefused",
    "Fetched",
    "Hop",
    "Visit",
    "fetch",
    "is_any",
    "is_public",
    "may_connect_to",
    "send",
    "visit",
]
