"""Members for tests: each role has a name that stays the same through the suite."""

from __future__ import annotations

from typing import Any

from copydesk.kit import clock
from copydesk.members.actions import create_member, set_role
from copydesk.members.models import Member, Role

NAMES = {
    "olga": ("Olga Owner", Role.OWNER),
    "ada": ("Ada Editor", Role.EDITOR),
    "wanda": ("Wanda Writer", Role.WRITER),
    "carl": ("Carl Contributor", Role.CONTRIBUTOR),
    "mo": ("Mo Moderator", Role.MODERATOR),
    "ben": ("Ben Member", None),
}


def make_member(first: str, **fields: Any) -> Member:
    """Return the member of this first name, made when first asked for; a name of `NAMES` brings its role."""
    name, role = NAMES.get(first, (first.title(), None))
    email = f"{first}@example.org"
    member = Member.objects.filter(email=email).first()
    if member is None:
        member = create_member(email=email, name=name)
        if role is not None:
            set_role(member=member, role=role, by=None, at=clock.now())
    if fields:
        Member.objects.filter(pk=member.pk).update(**fields)
    # A fresh one, with no permissions remembered from before it had its role.
    return Member.objects.get(pk=member.pk)
