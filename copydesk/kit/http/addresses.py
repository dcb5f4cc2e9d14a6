"""Which addresses are the public Internet's, and which forms of a host's name are taken."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# From IANA's registries of special-purpose addresses. `ipaddress.is_global` follows older ones, by Python's patch
# level: that of 3.11.7 calls 192.0.0.8, 2002::1 and 3fff::1 global.
_NOT_PUBLIC_IPV4 = tuple(
    ipaddress.IPv4Network(network)
    for network in [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    ]
)
# All else is local, reserved, or another notation of an IPv4 address: 64:ff9b::/96 and 64:ff9b:1::/48 (NAT64) too.
_PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC_IPV6 = tuple(
    ipaddress.IPv6Network(network)
    for network in ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]
)

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
# What the C library reads as an address when the last label is one of these: 127.1, 0x7f000001, 017700000001.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


def is_public(address: Address) -> bool:
    """Whether an address is one of the public Internet's."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_IPV4)
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    return address in _PUBLIC_IPV6 and not any(address in network for network in _NOT_PUBLIC_IPV6)


def is_any(_address: Address) -> bool:
    """Whether an address may be asked: always. Only for a host the operator named, and with `send`.

    A service of the site's own often has a private address. `send` follows no redirect, so nothing but that host is
    reached by it.
    """
    return True


@dataclass(frozen=True)
class _Networks:
    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]

    def __call__(self, address: Address) -> bool:
        return is_public(address) or any(address in network for network in self.networks)


def may_connect_to(networks: Sequence[str]) -> Callable[[Address], bool]:
    """Return a policy that allows the public Internet and these networks, such as "10.1.0.0/16".

    Raises ValueError for what is no network.
    """
    return _Networks(tuple(ipaddress.ip_network(network) for network in networks))


def admits_port(
    port: int,
    addresses: list[Address],
    may_connect: Callable[[Address], bool],
    ports: frozenset[int],
) -> bool:
    """Whether a port may be asked of a host with these addresses.

    Public addresses are asked on `ports` alone; what only the caller's own test admits, on any port.
    """
    if may_connect is is_any or port in ports:
        return True
    return may_connect is not is_public and not any(is_public(address) for address in addresses)


def literal(host: str) -> Address | None:
    """Return the address `host` writes out in the usual form, if it does."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_well_formed(host: str) -> bool:
    """Whether `host` is a name in ASCII (after IDNA), or an address in its usual form.

    Not taken: decimal, hexadecimal, octal and short forms of addresses, escapes, zones, and the dot at the end, by
    which one host has two names.
    """
    address = literal(host)
    if address is not None:
        return getattr(address, "scope_id", None) is None
    labels = host.split(".")
    return (
        len(host) <= 253
        and all(_LABEL.fullmatch(label) for label in labels)
        and not _NUMBER.fullmatch(labels[-1])
    )
