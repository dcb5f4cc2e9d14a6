"""What the publication says of errors in its articles: permanent, like the entries that record it."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from copydesk.editorial.models import Article


class NoticeKind(models.TextChoices):
    """What a notice is; the graver, the further down."""

    UPDATE = "update", _("Update")
    CLARIFICATION = "clarification", _("Clarification")
    CORRECTION = "correction", _("Correction")
    EDITORS_NOTE = "editors_note", _("Editor’s note")
    CONCERN = "concern", _("Expression of concern")
    RETRACTION = "retraction", _("Retraction")


class Severity(models.TextChoices):
    """Whether an error changes what an article says."""

    MINOR = "minor", _("Minor")
    SUBSTANTIVE = "substantive", _("Substantive")


class Position(models.TextChoices):
    """Where in the article a notice stands."""

    TOP = "top", _("Above the text")
    BOTTOM = "bottom", _("Below the text")


class Notice(models.Model):
    """A notice of an article. An error in it is corrected by another, which names it; its text goes by redaction alone.

    `wrong` and `right` are what was said and what is so; `places` are the ids of the blocks of the body that it is
    about, none for the whole. `learned_at` is when the error was first told. `entry` recorded the notice itself.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    # An article may be deleted; what was said of it stays.
    article = models.ForeignKey(
        Article, models.DO_NOTHING, db_constraint=False, related_name="notices"
    )
    kind = models.CharField(max_length=15, choices=NoticeKind)
    severity = models.CharField(max_length=11, choices=Severity)
    position = models.CharField(max_length=6, choices=Position)
    text = models.TextField()
    wrong = models.TextField(blank=True)
    right = models.TextField(blank=True)
    places = models.JSONField(default=list)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrected_by")
    learned_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    entry = models.OneToOneField("record.Entry", models.PROTECT, related_name="notice")

    class Meta:
        verbose_name = _("notice")
        ordering = ["-published_at", "-pk"]
        indexes = [
            models.Index(fields=["article", "published_at"], name="notice_of_article"),
            models.Index(fields=["-published_at", "-id"], name="notice_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text[:60]}"
