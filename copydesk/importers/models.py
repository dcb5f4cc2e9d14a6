"""What was imported from where, so that an import can be repeated, resumed, and told apart from edits."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    """How far an import got. One that was killed stays `running`; the next one goes on."""

    RUNNING = "running", _("running")
    FINISHED = "finished", _("finished")


class ImportRun(models.Model):
    """One run of an importer, with its report."""

    kind = models.CharField(max_length=20)
    source = models.CharField(max_length=300)
    file_name = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.RUNNING)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    report = models.JSONField(default=dict)

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.kind} {self.source} {self.started_at:%Y-%m-%d %H:%M}"


class ItemKind(models.TextChoices):
    """What an imported item was."""

    ARTICLE = "article", _("article")
    PAGE = "page", _("page")
    MEDIA = "media", _("medium")
    PERSON = "person", _("person")
    TOPIC = "topic", _("topic")


class ItemState(models.TextChoices):
    """How far an item got."""

    CLAIMED = "claimed", _("its place is taken, its content is still to come")
    DONE = "done", _("imported")
    PARTIAL = "partial", _("imported, but media were missing")
    FAILED = "failed", _("could not be imported")


class ImportedItem(models.Model):
    """One item of a source and what it became here. What editors delete here stays deleted."""

    source = models.CharField(max_length=300)
    kind = models.CharField(max_length=10, choices=ItemKind)
    external_id = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=ItemState)
    content_hash = models.CharField(max_length=64, blank=True)
    # By what it is known again, besides its number: two sites may have had the same address and numbers.
    fingerprint = models.TextField(blank=True)

    page = models.ForeignKey("wagtailcore.Page", models.SET_NULL, null=True, related_name="+")
    person = models.ForeignKey("editorial.Person", models.SET_NULL, null=True, related_name="+")
    topic = models.ForeignKey("editorial.Topic", models.SET_NULL, null=True, related_name="+")
    picture = models.ForeignKey("editorial.Picture", models.SET_NULL, null=True, related_name="+")
    attachment = models.ForeignKey(
        "editorial.Attachment", models.SET_NULL, null=True, related_name="+"
    )
    # The revision the import wrote: when the page has a later one, somebody has edited it here.
    revision_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "kind", "external_id"], name="one_item_per_source_id"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.external_id}"


class ImportedAddress(models.Model):
    """An address at the source, by which its own links find what they meant."""

    source = models.CharField(max_length=300)
    address = models.CharField(max_length=500)
    item = models.ForeignKey(ImportedItem, models.CASCADE, related_name="addresses")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "address"], name="one_item_per_address")
        ]

    def __str__(self) -> str:
        return self.address
