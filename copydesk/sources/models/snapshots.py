"""Copies of sources, as they were."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from copydesk.sources.models.sources import Source


class Method(models.TextChoices):
    """How a copy came to us."""

    HTTP = "http", _("Fetched")
    UPLOAD = "upload", _("Uploaded")
    PASTE = "paste", _("Pasted")


class Snapshot(models.Model):
    """What a source said at a moment: never changed, but for when it was last seen to say so, and who may see it."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="snapshots")
    method = models.CharField(max_length=10, choices=Method)
    captured_at = models.DateTimeField()
    # The last time the source was found to say exactly this.
    seen_at = models.DateTimeField()
    http_status = models.PositiveSmallIntegerField(null=True)
    final_url = models.URLField(max_length=2000, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=500, blank=True)
    # Of the bytes as sent, of the main text, and of the blobs in the archive that hold the text layers and the WARC.
    payload_sha256 = models.CharField(max_length=64)
    text_sha256 = models.CharField(max_length=64)
    layers_sha256 = models.CharField(max_length=64)
    warc_sha256 = models.CharField(max_length=64, blank=True)
    # Of the payload, in bytes.
    size = models.PositiveBigIntegerField(default=0)
    encoding = models.CharField(max_length=40, blank=True)
    extractor_version = models.PositiveSmallIntegerField()
    # Whether it holds enough text to compare with.
    has_text = models.BooleanField(default=True)
    is_paywalled = models.BooleanField(default=False)
    # Kept for editors alone: its publisher asks that no copy be shown.
    is_private = models.BooleanField(default=False)

    class Meta:
        ordering = ["-captured_at", "-pk"]
        indexes = [models.Index(fields=["source", "-captured_at"], name="snapshot_newest")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.captured_at:%Y-%m-%d %H:%M}"

    @property
    def is_supplied(self) -> bool:
        """Whether an editor supplied the text, rather than the source itself."""
        return self.method != Method.HTTP
