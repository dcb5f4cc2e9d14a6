"""The one way out: fetching from other hosts, and telling them something, guarded.

Every connection, those after a redirect too, is checked at the socket: the name is looked up once, each address
must be public, the connection goes to the address that was checked, and whom it reached is checked again. So a name
that changes its mind between check and use (DNS rebinding) gains nothing. Each request has a connection of its own,
carries no cookie, no password and no Referer, and takes no proxy from the environment. What comes back is bounded:
its head, its body after decompression, and the time it takes on the wall clock.

`visit` is for keeping evidence: it tells of every hop, whatever its status. `fetch` is for a file that is wanted,
`send` for telling a host something.
"""

from __future__ import annotations

from copydesk.kit.http.addresses import Address, is_any, is_public, may_connect_to
from copydesk.kit.http.client import SOURCE_TYPES, Fetched, fetch, send, visit
from copydesk.kit.http.errors import FetchFailed, FetchRefused, Reason
from copydesk.kit.http.hops import Hop, Truncation, Visit

__all__ = [
    "SOURCE_TYPES",
    "Address",
    "FetchFailed",
    "FetchRefused",
    "Fetched",
    "Hop",
    "Reason",
    "Truncation",
    "Visit",
    "fetch",
    "is_any",
    "is_public",
    "may_connect_to",
    "send",
    "visit",
]
