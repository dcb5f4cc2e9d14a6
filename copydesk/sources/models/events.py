"""What happened to sources, and what was done about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from copydesk.sources.logic.changes import ChangeKind
from copydesk.sources.models.snapshots import Snapshot
from copydesk.sources.models.sources import Source


class Handling(models.TextChoices):
    """What the desk made of an event."""

    OPEN = "open", _("Open")
    NO_EFFECT = "no_effect", _("No effect")
    UPDATED = "updated", _("Quotation updated")
    MARKED = "marked", _("Source marked")
    # Of no weight by itself: kept for the history alone.
    LOGGED = "logged", _("Logged")


class SourceEvent(models.Model):
    """A source changed in a way that was noticed."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="events")
    kind = models.CharField(
        max_length=20, choices=[(kind.value, kind.value) for kind in ChangeKind]
    )
    # 0 to 3, the higher the graver: see logic.changes.
    severity = models.PositiveSmallIntegerField()
    before = models.ForeignKey(Snapshot, models.SET_NULL, null=True, related_name="+")
    after = models.ForeignKey(Snapshot, models.SET_NULL, null=True, related_name="+")
    # The passages that differ, as logic.changes gives them.
    excerpt = models.JSONField(default=list)
    detected_at = models.DateTimeField()
    handling = models.CharField(max_length=10, choices=Handling, default=Handling.OPEN)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    handled_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["-severity", "-detected_at"],
                condition=models.Q(handling="open"),
                name="event_open",
            ),
            models.Index(fields=["source", "-detected_at"], name="event_of_source"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_id}"
