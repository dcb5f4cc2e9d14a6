"""Members: everybody with an account, from a reader who signs in to the owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterable


class Role(models.TextChoices):
    """What a member is on this publication. Each is a group of the same name, with permissions of its own."""

    OWNER = "owner", _("Owner")
    EDITOR = "editor", _("Editor")
    WRITER = "writer", _("Writer")
    CONTRIBUTOR = "contributor", _("Contributor")
    MODERATOR = "moderator", _("Moderator")


class Tier(models.TextChoices):
    """What a member may read."""

    FREE = "free", _("Free")
    PAID = "paid", _("Paid")


class MemberManager(BaseUserManager["Member"]):
    """Makes members by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Member:
        """Create a member; with no password they sign in by code or passkey."""
        member = self.model(email=self.normalize_email(email).lower(), **fields)
        member.set_password(password)
        member.save(force_insert=True)
        return member

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Member:
        """Create a member who may do everything."""
        return self.create_user(email, password, is_superuser=True, **fields)


class Member(AbstractBaseUser, PermissionsMixin):
    """Somebody with an account."""

    # Where codes are sent; lower case, unique whatever the case.
    email = models.EmailField(_("e-mail address"), unique=True)
    # How the member is called in public.
    name = models.CharField(_("name"), max_length=100, blank=True)
    # What the member may read.
    tier = models.CharField(_("tier"), max_length=10, choices=Tier, default=Tier.FREE)
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects = MemberManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [models.UniqueConstraint(Lower("email"), name="member_email_any_case")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """Return the name as Wagtail shows it."""
        return self.name or self.email.partition("@")[0]

    def get_short_name(self) -> str:
        """Return the first word of the name."""
        return self.get_full_name().partition(" ")[0]

    @property
    def first_name(self) -> str:
        """The name as Wagtail's templates ask for it."""
        return self.get_full_name()

    @property
    def last_name(self) -> str:
        """Nothing: a name is one field here, since not everybody's has two parts."""
        return ""

    @property
    def is_staff(self) -> bool:
        """Whether the member may open the desk."""
        return self.has_perm("wagtailadmin.access_admin")

    def role_names(self) -> set[str]:
        """Return the roles the member holds, by one query at most per request."""
        groups: Iterable[str] = self.groups.values_list("name", flat=True)
        return set(groups)
