"""The publication's own settings: its name, its looks, its policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.fields import RichTextField, StreamField

from copydesk.editorial.blocks import NavigationLinks

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

POLICIES = {
    # Our field: schema.org's property of NewsMediaOrganization.
    "principles_page": "publishingPrinciples",
    "ethics_page": "ethicsPolicy",
    "corrections_page": "correctionsPolicy",
    "verification_page": "verificationFactCheckingPolicy",
    "unnamed_sources_page": "unnamedSourcesPolicy",
    "feedback_page": "actionableFeedbackPolicy",
    "diversity_page": "diversityPolicy",
    "ownership_page": "ownershipFundingInfo",
    "masthead_page": "masthead",
    "mission_page": "missionCoveragePrioritiesPolicy",
    "no_bylines_page": "noBylinesPolicy",
}


def _policy(label: StrOrPromise) -> models.ForeignKey[models.Model | None, models.Model | None]:
    return models.ForeignKey(
        "editorial.StaticPage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=label,
    )


@register_setting(icon="site", order=0)
class Publication(BaseGenericSetting):
    """What the publication is called and how it presents itself; one row."""

    name = models.CharField(_("name"), max_length=100, default="Copydesk")
    tagline = models.CharField(_("tagline"), max_length=200, blank=True)
    description = models.TextField(
        _("description"), blank=True, help_text=_("For search engines and feeds.")
    )
    logo = models.ForeignKey(
        "editorial.Picture",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("logo"),
    )
    accent = models.CharField(
        _("accent color"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Give a color such as #1f5fbf."))],
        help_text=_(
            "A color such as #1f5fbf for links and marks. Text in it is darkened or lightened until it can be read."
        ),
    )
    navigation = StreamField(NavigationLinks(), verbose_name=_("navigation"), blank=True)
    footer_links = StreamField(NavigationLinks(), verbose_name=_("links in the footer"), blank=True)
    footer_text = models.TextField(_("text in the footer"), blank=True)
    community_statement = RichTextField(
        _("community statement"),
        blank=True,
        features=["bold", "italic", "link"],
        help_text=_("Stands under every article, with a link to the guidelines."),
    )
    guidelines_page = _policy(_("Community guidelines"))
    principles_page = _policy(_("Publishing principles"))
    ethics_page = _policy(_("Ethics"))
    corrections_page = _policy(_("Corrections"))
    verification_page = _policy(_("Verification and fact-checking"))
    unnamed_sources_page = _policy(_("Unnamed sources"))
    feedback_page = _policy(_("Feedback"))
    diversity_page = _policy(_("Diversity"))
    ownership_page = _policy(_("Ownership and funding"))
    masthead_page = _policy(_("Masthead"))
    mission_page = _policy(_("Mission and coverage"))
    no_bylines_page = _policy(_("Articles without a byline"))
    # New with every change of anything the layout shows, so that each process knows when what it remembers is old.
    # Drawn, not counted: a number from a transaction that was rolled back would come again with other content.
    version = models.CharField(max_length=32, default="", editable=False)

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("name"),
                    FieldPanel("tagline"),
                    FieldPanel("description"),
                    FieldPanel("logo"),
                    FieldPanel("accent"),
                ],
                heading=_("Identity"),
            ),
            ObjectList(
                [FieldPanel("navigation"), FieldPanel("footer_links"), FieldPanel("footer_text")],
                heading=_("Navigation"),
            ),
            ObjectList(
                [
                    MultiFieldPanel(
                        [FieldPanel("community_statement"), FieldPanel("guidelines_page")],
                        heading=_("Community"),
                    ),
                    MultiFieldPanel([FieldPanel(name) for name in POLICIES], heading=_("Policies")),
                ],
                heading=_("Policies"),
            ),
        ]
    )

    class Meta:
        verbose_name = _("publication")
