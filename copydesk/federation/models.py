"""What other sites are told, and how far that has got: the state is on the row, so nothing is lost and all ends."""

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
    """A Webmention: a page elsewhere that an article of ours cites is told of a notice in the article."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="mentions")
    target = models.URLField(max_length=2000)
    target_sha256 = models.CharField(max_length=64)
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
