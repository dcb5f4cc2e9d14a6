"""Members: everybody with an account, from a reader who signs in to the owner."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import datetime


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


class Member(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]
    """Somebody with an account."""

    # Where codes are sent; lower case, unique whatever the case.
    email = models.EmailField(_("e-mail address"), unique=True)
    # How the member is called in public.
    name = models.CharField(_("name"), max_length=100, blank=True)
    # What the member may read.
    tier = models.CharField(_("tier"), max_length=10, choices=Tier, default=Tier.FREE)
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(
        _("joined"),
        default=timezone.now,  # noqa: TID251 - allauth makes members too, and passes no time
        editable=False,
    )

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
        """Return the roles the member holds."""
        return {group.name for group in self.groups.all()} & set(Role.values)

    @property
    def role(self) -> Role | None:
        """What the member is on this publication; None for a reader."""
        held = self.role_names()
        return next((role for role in Role if role in held), None)


class SignInLinks(models.QuerySet["SignInLink"]):
    """Narrows one-time links."""

    def usable(self, *, token: str, at: datetime) -> SignInLinks:
        """Only the link of this token, and only if it still opens something."""
        return self.filter(
            digest=SignInLink.digest_of(token),
            used_at=None,
            expires_at__gt=at,
            member__is_active=True,
        )


class SignInLink(models.Model):
    """A link that signs its member in once. It is kept as a digest: who reads the table can sign in as nobody."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="sign_in_links")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = SignInLinks.as_manager()

    class Meta:
        verbose_name = _("sign-in link")
        verbose_name_plural = _("sign-in links")

    def __str__(self) -> str:
        return str(self.member)

    @staticmethod
    def digest_of(token: str) -> str:
        """Return what is stored of a token. It is 256 random bits, which no guessing of digests can find."""
        return sha256(token.encode()).hexdigest()


class CacheEntry(models.Model):
    """The table of Django's database cache, which counts attempts to sign in; made here so that migrations make it."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.cache_key
