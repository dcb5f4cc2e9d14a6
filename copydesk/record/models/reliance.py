"""What articles rest on, and flags at those whose ground has moved.

What an article rests on outside the publication is in `sources` (quotations and citations); here are its links to other
articles of ours.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from copydesk.editorial.models import Article
from copydesk.record.models.notices import Notice
from copydesk.sources.models import Source, SourceEvent

# How the cause of a flag begins that opened because another site says it corrected a page; what it says is in `path`.
ELSEWHERE = "elsewhere"


class Tie(models.TextChoices):
    """How an article rests on another of ours."""

    LINK = "link", _("links to it")
    SYNDICATED = "syndicated", _("is its original elsewhere")


class Reliance(models.Model):
    """A live article that rests on another article."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="relies")
    on = models.ForeignKey(Article, models.CASCADE, related_name="relied_on_by")
    tie = models.CharField(max_length=10, choices=Tie)

    class Meta:
        verbose_name = _("reliance")
        constraints = [
            models.UniqueConstraint(fields=["article", "on", "tie"], name="one_reliance")
        ]

    def __str__(self) -> str:
        return f"{self.article_id} → {self.on_id}"


class Gravity(models.IntegerChoices):
    """How much a cause matters to who relies on it."""

    SOURCE_CHANGED = 1, _("The source changed")
    SOURCE_CORRECTED = 2, _("Corrected elsewhere")
    PASSAGE_CHANGED = 3, _("A passage we quote was edited")
    RETRACTED = 4, _("Retracted")


class FlagState(models.TextChoices):
    """What became of a flag."""

    OPEN = "open", _("Open")
    NO_EFFECT = "no_effect", _("No effect")
    UPDATED = "updated", _("Article updated")
    CORRECTED = "corrected", _("Correction published")
    # What it is about was marked since: another flag says so.
    SUPERSEDED = "superseded", _("Taken up by a graver flag")


class Flag(models.Model):
    """Something an article relies on has moved; its editors decide what follows.

    `cause` names what has moved, such as "event:7", "source:3:retracted", "notice:5" or "elsewhere:…": an article is
    flagged once for each. `path` is the way from there to the article, as steps of {"kind", "id", "title"}.
    """

    # No index of its own: `one_flag` begins with it, and each index costs where thousands are flagged at once.
    article = models.ForeignKey(Article, models.CASCADE, related_name="flags", db_index=False)
    cause = models.CharField(max_length=100)
    source = models.ForeignKey(Source, models.CASCADE, null=True, related_name="flags")
    event = models.ForeignKey(SourceEvent, models.CASCADE, null=True, related_name="flags")
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, related_name="flags")
    path = models.JSONField(default=list)
    gravity = models.PositiveSmallIntegerField(choices=Gravity)
    state = models.CharField(max_length=10, choices=FlagState, default=FlagState.OPEN)
    note = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    # The notice that answered it.
    answer = models.ForeignKey(Notice, models.PROTECT, null=True, related_name="answers")

    class Meta:
        verbose_name = _("flag")
        constraints = [models.UniqueConstraint(fields=["article", "cause"], name="one_flag")]
        indexes = [
            models.Index(
                fields=["-gravity", "due_at"],
                condition=models.Q(state="open"),
                name="flag_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.cause} → {self.article_id}"
