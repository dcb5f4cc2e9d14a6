"""Who may decide about members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copydesk.members.models import Member, Role, SignInLink

if TYPE_CHECKING:
    from datetime import datetime


class LinkSpent(Exception):
    """The link was used, has expired, or never was."""


def get_link_member(*, token: str, at: datetime) -> Member:
    """Return whom the one-time link of `token` would sign in; looking does not use it up.

    Raises LinkSpent.
    """
    link = SignInLink.objects.usable(token=token, at=at).select_related("member").first()
    if link is None:
        raise LinkSpent
    return link.member


def may_give_roles(member: Member) -> bool:
    """Whether `member` may give roles to others."""
    return member.is_active and member.is_superuser


def is_last_owner(member: Member) -> bool:
    """Whether nobody could look after the publication's accounts if `member` were owner no more."""
    owners = Member.objects.filter(is_active=True, groups__name=Role.OWNER)
    return owners.filter(pk=member.pk).exists() and not owners.exclude(pk=member.pk).exists()
