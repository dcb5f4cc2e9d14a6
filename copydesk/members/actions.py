"""Members get roles, and a first way in."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.urls import reverse
from wagtail.log_actions import log

from copydesk.members.models import Member, Role, SignInLink
from copydesk.members.policies import LinkSpent, is_last_owner

if TYPE_CHECKING:
    from datetime import datetime

LINK_LASTS = timedelta(hours=24)


class LastOwner(Exception):
    """The change would leave the publication without an owner."""


@transaction.atomic
def create_owner(*, email: str, name: str, at: datetime) -> str:
    """Make the member of this address an owner, and return a link that signs them in once within a day.

    For who has the machine's console: it needs no mail server and no password. A member who exists already
    keeps their name; links made for them before stop working.
    """
    member = Member.objects.filter(email__iexact=email).first() or create_member(
        email=email, name=name
    )
    Member.objects.filter(pk=member.pk).update(is_active=True)
    set_role(member=member, role=Role.OWNER, by=None, at=at)
    SignInLink.objects.filter(member=member, used_at=None).delete()
    token = token_urlsafe(32)
    SignInLink.objects.create(
        member=member, digest=SignInLink.digest_of(token), expires_at=at + LINK_LASTS
    )
    return settings.COPYDESK_BASE_URL + reverse("members:link", args=[token])


@transaction.atomic
def create_member(*, email: str, name: str) -> Member:
    """Create a member whose address is known to be theirs, with no password: they sign in by code."""
    member = Member.objects.create_user(email, name=name)
    EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
    return member


@transaction.atomic
def set_role(*, member: Member, role: Role | None, by: Member | None, at: datetime) -> None:
    """Make `role` the one role of `member` (None: a reader); `by` is None on the machine's console.

    Raises LastOwner rather than leave the publication without one.
    """
    if role != Role.OWNER and is_last_owner(member):
        raise LastOwner
    former = member.role
    member.groups.remove(*Group.objects.filter(name__in=Role.values))
    if role is not None:
        member.groups.add(Group.objects.get_or_create(name=role.value)[0])
    member.is_superuser = role == Role.OWNER
    member.save(update_fields=["is_superuser"])
    if role != former:
        data = {"from": former or "", "to": role or ""}
        log(member, "members.role", user=by, data=data, timestamp=at)


@transaction.atomic
def use_link(*, token: str, at: datetime) -> Member:
    """Return the member of a one-time link, which opens nothing from now on.

    Raises LinkSpent; of two who come with the same link at once, one gets it.
    """
    links = SignInLink.objects.usable(token=token, at=at).select_related("member")
    link = links.first()
    if link is None or not links.update(used_at=at):
        raise LinkSpent
    return link.member
