"""What a reader's request is limited by: where it comes from, and which mailbox is written to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

# A household or an office has a /64 of IPv6; an IPv4 address is one household's, or many strangers' behind one.
IPV6_PREFIX = 64
# Within an hour: of one sender, about one article, on the whole site.
HOUR = timedelta(hours=1)
MOST_OF_SENDER, MOST_OF_ARTICLE, MOST_OF_SITE = 5, 20, 100
# Links to confirm an address, within a day, to one mailbox.
DAY = timedelta(days=1)
MOST_MAILS = 3
# A form that comes back faster was filled in by no hand; one that is older was kept, and may be sent by anybody.
QUICKEST, SLOWEST = timedelta(seconds=4), timedelta(days=1)
# How long a link confirms; then the request is taken without the address.
LINK_LASTS = timedelta(days=3)
# How long an address is kept once it was decided, and a sender after the request.
ADDRESS_LASTS, SENDER_LASTS = timedelta(days=30), timedelta(days=1)


@dataclass(frozen=True)
class Said:
    """What a reader says is wrong with an article."""

    wrong: str
    passage: str = ""
    evidence: str = ""
    email: str = ""


def network_of(address: str) -> str:
    """Return the network that counts as one sender; text that is no address counts as itself."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ip_network((int(found), IPV6_PREFIX), strict=False))
    return str(found)


def mailbox_of(email: str) -> str:
    """Return what stands for a mailbox however its address is written: no tag behind a plus, no dots, no capitals.

    Two mailboxes may count as one by this; one never counts as two by the ways in which providers vary addresses.
    """
    local, _at, host = email.lower().rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{host}"
