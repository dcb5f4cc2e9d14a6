"""Entries, which nobody changes: the database refuses to, too (see the triggers in the migrations)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class EntryKind(models.TextChoices):
    """What has happened."""

    PUBLISHED = "published", _("Published")
    CHANGED = "changed", _("Changed")
    MOVED = "moved", _("Moved to another address")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    NOTICE = "notice", _("Notice")
    REDACTION = "redaction", _("Redaction")
    SETTING = "setting", _("Setting of the record")


# What holds a version of an article, and what holds words that readers got. Other entries say what was done.
WITH_TEXT = (EntryKind.PUBLISHED, EntryKind.CHANGED, EntryKind.MOVED)
REDACTABLE = (*WITH_TEXT, EntryKind.NOTICE)


class Payload(models.Model):
    """What an entry recorded, as canonical JSON under its SHA-256. The same content is kept once.

    It is apart from the entries so that a redaction can take it away and leave the chain of hashes whole.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    content = models.TextField()

    class Meta:
        verbose_name = _("recorded content")

    def __str__(self) -> str:
        return self.sha256


class Entry(models.Model):
    """One entry. `hash` is that of the canonical header; `previous_hash` is that of the entry before it.

    An article is named by its number alone, and whoever did it by the number of the account: entries outlive both.
    """

    index = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=10, choices=EntryKind)
    article_id = models.BigIntegerField(null=True)
    path = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    note = models.TextField(blank=True)
    is_minor = models.BooleanField(default=False)
    payload_sha256 = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("entry of the record")
        verbose_name_plural = _("entries of the record")
        indexes = [
            models.Index(fields=["article_id", "index"], name="entry_of_article"),
            models.Index(fields=["payload_sha256"], name="entry_of_payload"),
        ]

    def __str__(self) -> str:
        return f"{self.index}: {self.kind} {self.path}"


class Node(models.Model):
    """A whole node of the tree over the entries, above its leaves: what proofs are made of."""

    level = models.PositiveSmallIntegerField()
    position = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("node of the record’s tree")
        constraints = [models.UniqueConstraint(fields=["level", "position"], name="one_node")]

    def __str__(self) -> str:
        return f"{self.level}/{self.position}"


class Head(models.Model):
    """Where the record ends: the row that whoever appends holds until the commit, so that there is one chain.

    All of it follows from the entries; it is kept so that appending costs the same however long the record is.
    """

    size = models.BigIntegerField(default=0)
    last_hash = models.CharField(max_length=64)
    last_at = models.DateTimeField(null=True)
    # The roots of the whole subtrees, the largest first.
    peaks = models.JSONField(default=list)

    class Meta:
        verbose_name = _("head of the record")

    def __str__(self) -> str:
        return str(self.size)


class Redaction(models.Model):
    """Content that was taken out of the record: the entry that says why, and what lets the database allow it."""

    payload_sha256 = models.CharField(max_length=64, db_index=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="redaction")

    class Meta:
        verbose_name = _("redaction")

    def __str__(self) -> str:
        return self.payload_sha256
