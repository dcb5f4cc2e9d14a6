"""What readers and staff ask for and somebody else decides."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from copydesk.editorial.models import Article
from copydesk.record.models.notices import Notice


class RequestState(models.TextChoices):
    """What became of a reader's request."""

    UNCONFIRMED = "unconfirmed", _("Waits for the reader’s confirmation")
    RECEIVED = "received", _("Received")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")


class CorrectionRequest(models.Model):
    """A reader says that something is wrong. `sender` is a keyed hash of the address it came from, for limits alone."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    article = models.ForeignKey(Article, models.CASCADE, related_name="correction_requests")
    passage = models.TextField(blank=True)
    wrong = models.TextField()
    evidence = models.TextField(blank=True)
    email = models.EmailField(blank=True)
    sender = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=11, choices=RequestState, default=RequestState.RECEIVED)
    reason = models.TextField(blank=True)
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, related_name="requests")
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("request for a correction")
        indexes = [
            models.Index(fields=["state", "created_at"], name="request_by_state"),
            models.Index(fields=["sender", "created_at"], name="request_by_sender"),
        ]

    def __str__(self) -> str:
        return self.wrong[:60]


class ApprovalKind(models.TextChoices):
    """What takes two people."""

    WITHDRAW = "withdraw", _("Withdraw an article")
    REDACT = "redact", _("Take text out of the record")
    SETTINGS = "settings", _("Change the settings of the record")


class ApprovalState(models.TextChoices):
    """What became of it."""

    ASKED = "asked", _("Waits for a second person")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Refused")
    EXPIRED = "expired", _("Expired")


class Approval(models.Model):
    """Something one person asked for and a second must confirm before it is done. `what` says it in ids and values."""

    kind = models.CharField(max_length=10, choices=ApprovalKind)
    what = models.JSONField()
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=ApprovalState, default=ApprovalState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("request for a second person")
        indexes = [models.Index(fields=["state", "expires_at"], name="approval_by_state")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason[:60]}"


class RecordSettings(models.Model):
    """How the record is kept; there is one row."""

    needs_two_people = models.BooleanField(_("some steps need a second person"), default=False)
    # Minutes after the first version in which a change needs no note.
    quiet_minutes = models.PositiveSmallIntegerField(_("minutes without a note"), default=15)
    due_days = models.PositiveSmallIntegerField(_("days to decide on a flag"), default=7)

    class Meta:
        verbose_name = _("settings of the record")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
