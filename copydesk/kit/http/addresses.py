"""Which addresses may be connected to.

`ipaddress.is_global` alone will not do: Python 3.11.7 says yes to 64:ff9b:1::1, 2002::1, 192.0.0.8, 3fff::1 and 5f00::1
(measured). So the networks that are not the public Internet are listed, from IANA's registries of special-purpose
addresses.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

NOT_PUBLIC = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/3",
    )
)  # fmt: skip
# All other IPv6 is reserved, local, or a disguise of IPv4.
UNICAST6 = ipaddress.IPv6Network("2000::/3")
NOT_PUBLIC6 = tuple(
    ipaddress.IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)


def is_public(address: Address) -> bool:
    """Whether an address is one of the public Internet's."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        return address in UNICAST6 and not any(address in network for network in NOT_PUBLIC6)
    return not any(address in network for network in NOT_PUBLIC)


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
