"""Who may see how the site runs."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from copydesk.members.models import Member


def may_see_operations(member: Member | AnonymousUser) -> bool:
    """Whether somebody may see how the site runs: owners may."""
    return member.is_active and member.is_superuser


def is_monitor(authorization: str) -> bool:
    """Whether a request with this header comes from the site's own monitor."""
    token = settings.COPYDESK_METRICS_TOKEN
    scheme, _blank, given = authorization.partition(" ")
    # In a time that tells nothing of how much of it was right.
    is_token = secrets.compare_digest(given.strip().encode(), token.encode())
    return bool(token) and scheme.lower() == "bearer" and is_token
