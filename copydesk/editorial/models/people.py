"""People: whose names stand on articles. They need no account."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.search import index

from copydesk.editorial.blocks import ProfileLinks


class BylineRole(models.TextChoices):
    """What a person did for an article."""

    AUTHOR = "author", _("Author")
    PHOTOGRAPHER = "photographer", _("Photographer")
    ILLUSTRATOR = "illustrator", _("Illustrator")
    TRANSLATOR = "translator", _("Translator")
    EDITOR = "editor", _("Editor")


class Person(index.Indexed, models.Model):
    """Somebody whose name stands on articles, with or without an account."""

    name = models.CharField(_("name"), max_length=150)
    slug = models.SlugField(_("address"), max_length=100, unique=True)
    # What the person is to the publication, such as "Health correspondent".
    position = models.CharField(_("position"), max_length=150, blank=True)
    bio = RichTextField(_("biography"), blank=True, features=["bold", "italic", "link"])
    portrait = models.ForeignKey(
        "editorial.Picture",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("portrait"),
    )
    # A public address for readers' letters; never the address of an account.
    email = models.EmailField(_("public e-mail address"), blank=True)
    # Profiles elsewhere: the person's `sameAs` in structured data.
    links = StreamField(ProfileLinks(), verbose_name=_("profiles elsewhere"), blank=True)
    member = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="person",
        verbose_name=_("account"),
    )
    # How many published articles name the person; kept by publishing, so that no page has to count.
    article_count = models.PositiveIntegerField(default=0, editable=False)

    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("position"),
        FieldPanel("bio"),
        FieldPanel("portrait"),
        FieldPanel("email"),
        FieldPanel("links"),
        FieldPanel("member"),
    ]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the path of the person's page."""
        return person_path(self.slug)


@lru_cache(maxsize=1_000)
def person_path(slug: str) -> str:
    """Return the path of a person's page; remembered, since a list of articles asks for dozens."""
    return reverse("editorial:person", args=[slug])
