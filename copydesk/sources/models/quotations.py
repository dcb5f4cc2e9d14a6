"""Words that an article quotes, and what checking them found."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from copydesk.sources.logic.matching import ALGORITHM_VERSION
from copydesk.sources.logic.verdicts import Layer, Verdict
from copydesk.sources.models.snapshots import Snapshot
from copydesk.sources.models.sources import Source


class Trigger(models.TextChoices):
    """Why a check was made."""

    SAVE = "save", _("Saved")
    PUBLISH = "publish", _("Published")
    SCHEDULE = "schedule", _("On schedule")
    MANUAL = "manual", _("Asked for")
    UPGRADE = "upgrade", _("The way of checking has changed")


class QuotationKind(models.TextChoices):
    """How the words came into the article."""

    DIRECT = "direct", _("The source’s own words")
    # Cannot be compared with the source: a translation is never word for word.
    TRANSLATED = "translated", _("Our translation")
    TRANSCRIPT = "transcript", _("Our transcript")


class Relation(models.TextChoices):
    """How an article relies on a source."""

    QUOTES = "quotes", _("Quotes")
    CITES = "cites", _("Cites")
    BASED_ON = "based_on", _("Is based on")
    DATA_FROM = "data_from", _("Takes data from")
    DISPUTES = "disputes", _("Disputes")
    MENTIONS = "mentions", _("Mentions")


def _values(of: type[Verdict | Layer]) -> list[tuple[str, str]]:
    return [(member.value, member.value) for member in of]


class Check(models.Model):
    """What comparing some words with a snapshot found: written once, never changed.

    The same words, snapshot and algorithm give the same, so no such triple is computed twice.
    """

    # Of the words and their language, see logic.
    quote_sha256 = models.CharField(max_length=64)
    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="checks")
    algorithm_version = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=12, choices=_values(Verdict))
    layer = models.CharField(max_length=10, choices=_values(Layer), blank=True)
    # [[start, end], …] in code points of the layer's text.
    spans = models.JSONField(default=list)
    # The rest of what `logic.verdicts.Finding` says, in its own words.
    evidence = models.JSONField(default=dict)
    trigger = models.CharField(max_length=10, choices=Trigger)
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["quote_sha256", "snapshot", "algorithm_version"], name="one_check"
            )
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.checked_at:%Y-%m-%d}"


class Quotations(models.QuerySet["Quotation"]):
    """Narrows quotations."""

    def comparable(self) -> Quotations:
        """Those of live articles whose words can be those of the source: a translation is never word for word."""
        return self.filter(is_live=True).exclude(kind=QuotationKind.TRANSLATED)

    def outdated(self) -> Quotations:
        """Those that an older algorithm judged."""
        pinned = models.Q(check_result__algorithm_version__lt=ALGORITHM_VERSION)
        latest = models.Q(latest_check__algorithm_version__lt=ALGORITHM_VERSION)
        return self.comparable().filter(pinned | latest)

    def with_checks(self) -> Quotations:
        """Load what is known of their words, and the copies that were compared, with them; the first comes first."""
        checks = ("check_result", "latest_check")
        loaded = [f"{name}__snapshot__source" for name in checks]
        return self.select_related("snapshot", *loaded).order_by("pk")


class Quotation(models.Model):
    """A passage that a published article quotes; kept after it leaves the article, since its address was public."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="quotations")
    # The block of the article's body that holds it.
    block_id = models.CharField(max_length=36)
    position = models.PositiveIntegerField(default=0)
    is_live = models.BooleanField(default=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="quotations")
    # The copy its words were compared with when they were published; later copies never take its place.
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, related_name="+")
    check_result = models.ForeignKey(Check, models.SET_NULL, null=True, related_name="+")
    # What the newest copy says of the words, where that is another than the pinned one.
    latest_check = models.ForeignKey(Check, models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    quote_sha256 = models.CharField(max_length=64)
    language = models.CharField(max_length=20, blank=True)
    speaker = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=12, choices=QuotationKind, default=QuotationKind.DIRECT)
    # Where in the snapshot's text: exact, prefix, suffix, start, end.
    selector = models.JSONField(default=dict)

    objects = Quotations.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "block_id"], name="one_quotation_a_block")
        ]
        indexes = [models.Index(fields=["source", "is_live"], name="quotation_of_source")]

    def __str__(self) -> str:
        return self.text[:60]


class Citation(models.Model):
    """A published article relies on a source in some way; quotations are counted here, too."""

    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="citations")
    source = models.ForeignKey(Source, models.PROTECT, related_name="citations")
    relation = models.CharField(max_length=10, choices=Relation)
    claim = models.TextField(blank=True)
    note = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["page", "source", "relation"], name="one_citation")
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.relation} {self.source_id}"


class Override(models.Model):
    """Somebody put their name to words that a check did not accept: written once, never changed."""

    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+")
    block_id = models.CharField(max_length=36)
    quote_sha256 = models.CharField(max_length=64)
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="+")
    verdict = models.CharField(max_length=12, choices=_values(Verdict))
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["page", "quote_sha256"], name="override_of_quote")]

    def __str__(self) -> str:
        return f"{self.verdict}: {self.reason[:60]}"
