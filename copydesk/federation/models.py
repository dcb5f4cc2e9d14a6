"""What other sites are told and tell us, and how far that has got: the state is on the row, so nothing is lost."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from copydesk.record.models import Notice


class MentionState(models.TextChoices):
    """How far telling another site has got."""

    WAITING = "waiting", _("Waits for its turn")
    SENT = "sent", _("Sent")
    # Nothing there takes Webmentions, or whoever does refuses this one: trying again changes nothing.
    UNWANTED = "unwanted", _("Not wanted there")
    FAILED = "failed", _("Given up")


class Mention(models.Model):
    """A Webmention: a page elsewhere is told of a notice in an article of ours that cites it, or that it cites."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="mentions")
    target = models.URLField(max_length=2000)
    target_sha256 = models.CharField(max_length=64)
    # Whether it is told because it cites our article; else our article cites it.
    is_citing = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=MentionState, default=MentionState.WAITING)
    attempt_count = models.PositiveSmallIntegerField(default=0)
    # When it is tried (again); whoever tries it moves this on first, so that nobody else does.
    next_try_at = models.DateTimeField()
    detail = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Webmention")
        constraints = [
            models.UniqueConstraint(fields=["notice", "target_sha256"], name="one_mention")
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(state="waiting"),
                name="mention_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.target}: {self.state}"


class ReceivedState(models.TextChoices):
    """How far looking at what another site told us has got."""

    WAITING = "waiting", _("Waits to be looked at")
    VERIFIED = "verified", _("Links to us")
    FAILED = "failed", _("Not confirmed")
    # It did link to us once.
    GONE = "gone", _("Links to us no more")


class Tale(models.TextChoices):
    """What the page says happened to it, or to another of its host."""

    NOTHING = "", _("Nothing corrected")
    CORRECTION = "correction", _("A correction")
    RETRACTION = "retraction", _("A retraction")


class ReceivedMention(models.Model):
    """A Webmention that came in: a page elsewhere is said to link to a page of ours. One row for each two pages.

    `verified_at` is when it last did, None for what never did or does no more; words and titles are text, cleaned.
    """

    source = models.URLField(max_length=2000)
    target = models.URLField(max_length=2000)
    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+")
    pair_sha256 = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=8, choices=ReceivedState, default=ReceivedState.WAITING)
    attempt_count = models.PositiveSmallIntegerField(default=0)
    # As `Mention.next_try_at`.
    next_try_at = models.DateTimeField()
    detail = models.CharField(max_length=500, blank=True)
    title = models.CharField(max_length=300, blank=True)
    tale = models.CharField(max_length=10, choices=Tale, default=Tale.NOTHING, blank=True)
    words = models.CharField(max_length=500, blank=True)
    corrected_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    received_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("received Webmention")
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(state="waiting"),
                name="received_due",
            ),
            models.Index(
                fields=["received_at"],
                condition=models.Q(verified_at__isnull=True),
                name="received_unverified",
            ),
            models.Index(fields=["-received_at", "-id"], name="received_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}: {self.state}"


class Receipt(models.Model):
    """That a Webmention came: counted for an hour, then forgotten. `sender` tells two apart, and not who they are."""

    host = models.CharField(max_length=300)
    sender = models.CharField(max_length=64)
    received_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("receipt")

    def __str__(self) -> str:
        return f"{self.host} {self.received_at:%Y-%m-%d %H:%M}"
