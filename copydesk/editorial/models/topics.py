"""What articles are about, and the series they belong to."""

from __future__ import annotations

from functools import lru_cache

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index


class Topic(index.Indexed, models.Model):
    """Something articles are about; an article names its topics in the editor's order."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("address"), max_length=100, unique=True)
    # One or two sentences on the topic's page and in search engines.
    description = models.TextField(_("description"), blank=True)
    # How many published articles name it; kept by publishing, so that no page has to count.
    article_count = models.PositiveIntegerField(default=0, editable=False)

    panels = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("description")]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the path of the topic's page."""
        return topic_path(self.slug)


@lru_cache(maxsize=1_000)
def topic_path(slug: str) -> str:
    """Return the path of a topic's page; remembered, since a list of articles asks for dozens."""
    return reverse("editorial:topic", args=[slug])


class Series(index.Indexed, models.Model):
    """Articles that belong together and are read in order of publication."""

    name = models.CharField(_("name"), max_length=150)
    slug = models.SlugField(_("address"), max_length=100, unique=True)
    description = models.TextField(_("description"), blank=True)

    panels = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("description")]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the path of the series' page."""
        return reverse("editorial:series", args=[self.slug])
