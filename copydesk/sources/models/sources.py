"""A source: whatever an article quotes, or rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from copydesk.sources.logic.matching import ALGORITHM_VERSION
from copydesk.sources.logic.schedule import Liveness

if TYPE_CHECKING:
    from datetime import datetime


class SourceKind(models.TextChoices):
    """What sort of thing a source is."""

    ARTICLE = "article", _("Article")
    REPORT = "report", _("Report")
    PAPER = "paper", _("Paper")
    BOOK = "book", _("Book")
    POST = "post", _("Post")
    VIDEO = "video", _("Video")
    INTERVIEW = "interview", _("Interview")
    EVENT = "event", _("Event")
    DOCUMENT = "document", _("Document")


class Access(models.TextChoices):
    """Who can get at a source."""

    FREE = "free", _("Free to read")
    REGISTRATION = "registration", _("After registration")
    PAYWALLED = "paywalled", _("Behind a paywall")
    OFFLINE = "offline", _("Not on the web")


class Standing(models.TextChoices):
    """What its publisher says of it, as far as we know; all but `ok` are confirmed by an editor."""

    OK = "ok", _("Stands")
    CHANGED = "changed", _("Changed")
    CORRECTED = "corrected", _("Corrected")
    CONCERN = "concern", _("Under an expression of concern")
    RETRACTED = "retracted", _("Retracted")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REPLACED = "replaced", _("Replaced")


class Sources(models.QuerySet["Source"]):
    """Narrows sources."""

    def due(self, at: datetime) -> Sources:
        """Those to be looked at now that nobody is looking at, the longest waiting first."""
        free = models.Q(claimed_until__isnull=True) | models.Q(claimed_until__lte=at)
        return self.filter(free, next_check_at__lte=at).order_by("next_check_at", "pk")

    def asked_for(self) -> Sources:
        """Those that somebody at the desk waits for: an address just pasted, a file just uploaded."""
        return self.filter(models.Q(is_asked_for=True) | ~models.Q(supplied_sha256=""))

    def to_compare(self, at: datetime) -> Sources:
        """Those an older algorithm was the last to go through, and that nobody goes through now."""
        free = models.Q(compare_at__isnull=True) | models.Q(compare_at__lte=at)
        behind = self.filter(free, algorithm_version__lt=ALGORITHM_VERSION)
        return behind.order_by("algorithm_version", "pk")


class Source(models.Model):
    """Something that can be quoted: a page on the web, or a book, an interview, an event."""

    kind = models.CharField(
        _("kind"), max_length=12, choices=SourceKind, default=SourceKind.ARTICLE
    )
    url = models.URLField(_("address"), max_length=2000, blank=True)
    canonical_url = models.URLField(max_length=2000, blank=True)
    # By which two addresses of one page are found to be the same; "" for what is not on the web.
    url_key = models.CharField(max_length=500, blank=True)
    title = models.CharField(_("title"), max_length=500, blank=True)
    # Names in the order of the source.
    byline = models.JSONField(_("authors"), default=list, blank=True)
    publisher = models.CharField(_("publisher"), max_length=300, blank=True)
    # As exact as the source says: "2026", "2026-11" or "2026-11-19".
    published_on = models.CharField(_("date"), max_length=10, blank=True)
    modified_on = models.CharField(max_length=10, blank=True)
    language = models.CharField(_("language"), max_length=20, blank=True)
    doi = models.CharField("DOI", max_length=200, blank=True)
    isbn = models.CharField("ISBN", max_length=20, blank=True)
    # Where in a book, a recording or a day the words are to be found.
    locator = models.CharField(_("page, chapter or time"), max_length=200, blank=True)
    # Field -> where its value comes from: jsonld, citation, opengraph, microdata, guess, or editor.
    origins = models.JSONField(default=dict, blank=True)

    access = models.CharField(_("access"), max_length=12, choices=Access, default=Access.FREE)
    liveness = models.CharField(
        max_length=10,
        choices=[(state.value, state.value) for state in Liveness],
        default=Liveness.LIVE.value,
    )
    standing = models.CharField(_("standing"), max_length=12, choices=Standing, default=Standing.OK)
    standing_at = models.DateTimeField(null=True)
    standing_note = models.TextField(blank=True)
    standing_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    # When it is to be looked at (again); None for what cannot be fetched.
    next_check_at = models.DateTimeField(null=True)
    # Whether somebody asked for that, who has read the page: then robots.txt has no say.
    is_asked_for = models.BooleanField(default=False)
    claimed_until = models.DateTimeField(null=True)
    check_count = models.PositiveIntegerField(default=0)
    checked_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    # A file that an editor uploaded and that is still to be read: its blob in the archive and its type.
    supplied_sha256 = models.CharField(max_length=64, blank=True)
    supplied_type = models.CharField(max_length=100, blank=True)
    # Why it could not be read the last time: a code, and the words for the log; "" once it could.
    trouble = models.CharField(max_length=40, blank=True)
    trouble_detail = models.TextField(blank=True)
    change_count = models.PositiveIntegerField(default=0)
    # The algorithm that last went through all its quotations, and when the present one may (again), if not at once.
    algorithm_version = models.PositiveSmallIntegerField(default=0)
    compare_at = models.DateTimeField(null=True)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()

    objects = Sources.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            models.UniqueConstraint(
                fields=["url_key"], condition=~models.Q(url_key=""), name="one_source_an_address"
            )
        ]
        indexes = [
            models.Index(
                fields=["next_check_at"],
                condition=models.Q(next_check_at__isnull=False),
                name="source_due",
            ),
            models.Index(fields=["-created_at"], name="source_newest"),
            models.Index(fields=["algorithm_version", "id"], name="source_algorithm"),
        ]

    def __str__(self) -> str:
        return self.title or self.url

    def get_absolute_url(self) -> str:
        """Return the path of its public page."""
        return reverse("sources:source", args=[self.pk])
