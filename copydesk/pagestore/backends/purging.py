"""Telling those who keep copies of pages between us and the reader which to drop, by the tags pages carry."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Protocol
from urllib.parse import urlsplit

from copydesk.kit import http

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    MayConnect = Callable[[http.Address], bool]

# For each step of a request. Few requests are made for one purge, so that a lease (`actions.LEASE`) outlasts it.
TIMEOUT_SECONDS = 5.0


class PurgeFailed(Exception):
    """The network could not be told; the message says why and holds no key."""


class Network(Protocol):
    """Somebody who keeps copies of pages."""

    # How many tags a request may name.
    most_tags: ClassVar[int]

    def purge(self, tags: Sequence[str]) -> None:
        """Have every copy dropped that carries one of the tags. Raises PurgeFailed."""


@dataclass(frozen=True)
class Varnish:
    """A Varnish with vmod-xkey, at `address` (host and port), whose VCL knows our PURGE (docs/operate/page-store.md).

    Its address is the operator's own, so it may be one of the local network.
    """

    # A tag has at most some sixty letters, a header of Varnish's 8 KiB.
    most_tags: ClassVar[int] = 100

    address: str

    def purge(self, tags: Sequence[str]) -> None:
        """Have every copy dropped that carries one of the tags. Raises PurgeFailed."""
        _send(
            "PURGE",
            f"http://{self.address}/",
            {"xkey-purge": " ".join(tags)},
            may_connect=http.is_any,
        )


@dataclass(frozen=True)
class Fastly:
    """A service of Fastly's."""

    most_tags: ClassVar[int] = 256

    service: str
    token: str = field(repr=False)
    api: str = "https://api.fastly.com"
    may_connect: MayConnect = http.is_public

    def purge(self, tags: Sequence[str]) -> None:
        """Have every copy dropped that carries one of the tags. Raises PurgeFailed."""
        _send(
            "POST",
            f"{self.api}/service/{self.service}/purge",
            {"Fastly-Key": self.token, "Accept": "application/json"},
            {"surrogate_keys": list(tags)},
            may_connect=self.may_connect,
        )


@dataclass(frozen=True)
class Cloudflare:
    """A zone of Cloudflare's."""

    # It takes a hundred by now, and took thirty for years; four requests instead of one are no loss.
    most_tags: ClassVar[int] = 30

    zone: str
    token: str = field(repr=False)
    api: str = "https://api.cloudflare.com/client/v4"
    may_connect: MayConnect = http.is_public

    def purge(self, tags: Sequence[str]) -> None:
        """Have every copy dropped that carries one of the tags. Raises PurgeFailed."""
        _send(
            "POST",
            f"{self.api}/zones/{self.zone}/purge_cache",
            {"Authorization": f"Bearer {self.token}"},
            {"tags": list(tags)},
            may_connect=self.may_connect,
        )


def network_at(url: str, token: str) -> Network | None:
    """Return the network that COPYDESK_PURGE_URL names; None for none."""
    parts = urlsplit(url)
    match parts.scheme:
        case "varnish":
            return Varnish(parts.netloc)
        case "fastly":
            return Fastly(parts.netloc, token)
        case "cloudflare":
            return Cloudflare(parts.netloc, token)
    return None


def purge_all(network: Network, tags: Sequence[str]) -> None:
    """Have every copy dropped that carries one of the tags, in as many requests as it takes. Raises PurgeFailed."""
    for start in range(0, len(tags), network.most_tags):
        network.purge(tags[start : start + network.most_tags])


def _send(
    method: str,
    url: str,
    headers: Mapping[str, str],
    content: Mapping[str, Sequence[str]] | None = None,
    *,
    may_connect: MayConnect,
) -> None:
    kind = {"Content-Type": "application/json"} if content else {}
    try:
        http.send(
            method,
            url,
            headers={**headers, **kind},
            content=json.dumps(content).encode() if content else b"",
            timeout_s=TIMEOUT_SECONDS,
            may_connect=may_connect,
        )
    except (http.FetchFailed, http.FetchRefused) as error:
        raise PurgeFailed(str(error)) from error
