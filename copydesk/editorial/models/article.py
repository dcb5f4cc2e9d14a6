"""The article as writers and editors work on it. What readers get is `published.PublishedArticle`."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.forms import TextInput
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from copydesk.editorial.blocks import ArticleBody
from copydesk.editorial.models.pages import EditorialPage
from copydesk.editorial.models.people import BylineRole
from copydesk.sources.models import Relation

if TYPE_CHECKING:
    from wagtail.admin.panels import Panel


class Kind(models.TextChoices):
    """The kind of work an article is. Readers are told; search engines get the schema.org type."""

    NEWS = "news", _("News")
    REPORT = "report", _("Report")
    ANALYSIS = "analysis", _("Analysis")
    BACKGROUND = "background", _("Background")
    OPINION = "opinion", _("Opinion")
    REVIEW = "review", _("Review")
    INTERVIEW = "interview", _("Interview")
    ESSAY = "essay", _("Essay")
    SATIRE = "satire", _("Satire")
    BLOG = "blog", _("Blog post")
    PRESS_RELEASE = "press_release", _("Press release")
    ADVERTISEMENT = "advertisement", _("Advertisement")

    @property
    def schema_type(self) -> str:
        """The schema.org type of this kind of work."""
        return SCHEMA_TYPES[self]


SCHEMA_TYPES = {
    Kind.NEWS: "NewsArticle",
    Kind.REPORT: "ReportageNewsArticle",
    Kind.ANALYSIS: "AnalysisNewsArticle",
    Kind.BACKGROUND: "BackgroundNewsArticle",
    Kind.OPINION: "OpinionNewsArticle",
    Kind.REVIEW: "ReviewNewsArticle",
    Kind.INTERVIEW: "NewsArticle",
    Kind.ESSAY: "Article",
    Kind.SATIRE: "SatiricalArticle",
    Kind.BLOG: "BlogPosting",
    Kind.PRESS_RELEASE: "Article",
    Kind.ADVERTISEMENT: "AdvertiserContentArticle",
}


class Visibility(models.TextChoices):
    """Who may read an article to its end."""

    PUBLIC = "public", _("Everybody")
    MEMBERS = "members", _("Members")
    PAID = "paid", _("Paying members")


class Discussion(models.TextChoices):
    """Whether members may comment."""

    ON = "on", _("On")
    HELD = "held", _("On, each comment read first")
    OFF = "off", _("Off")


class ChangePanel(MultiFieldPanel):
    """What is said of a change; there is nothing to say before an article was out."""

    class BoundPanel(MultiFieldPanel.BoundPanel):
        """The panel of one article."""

        def is_shown(self) -> bool:
            """Show it once the article has been published."""
            return self.instance.first_published_at is not None and super().is_shown()


class Article(EditorialPage):
    """A piece of writing with a byline. The headline is Wagtail's `title`."""

    # The sentence or two under the headline; also the summary in lists and feeds.
    standfirst = models.TextField(_("standfirst"), blank=True)
    kind = models.CharField(_("kind of work"), max_length=20, choices=Kind, default=Kind.NEWS)
    body = StreamField(ArticleBody(), verbose_name=_("body"), blank=True)

    lead_picture = models.ForeignKey(
        "editorial.Picture",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lead picture"),
    )
    lead_alt = models.CharField(
        _("text for those who do not see it"),
        max_length=500,
        blank=True,
        help_text=_("Leave empty to use the picture's own description."),
    )
    lead_caption = RichTextField(_("caption"), blank=True, features=["bold", "italic", "link"])
    lead_credit = models.CharField(_("credit"), max_length=255, blank=True)

    series = models.ForeignKey(
        "editorial.Series",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("series"),
    )
    is_featured = models.BooleanField(_("featured on the front page"), default=False)
    visibility = models.CharField(
        _("who may read it"), max_length=10, choices=Visibility, default=Visibility.PUBLIC
    )
    discussion = models.CharField(
        _("discussion"), max_length=10, choices=Discussion, default=Discussion.ON
    )
    # The date readers are shown; empty means the moment of first publication.
    dated_at = models.DateTimeField(
        _("date shown"),
        null=True,
        blank=True,
        help_text=_("Leave empty to show when it was first published."),
    )
    # A BCP 47 tag; empty means the publication's language.
    language = models.CharField(
        _("language"),
        max_length=20,
        blank=True,
        help_text=_("A code such as de. Leave empty for the publication's own."),
    )
    canonical_url = models.URLField(
        _("canonical address"),
        blank=True,
        max_length=500,
        help_text=_("Where this was published first, if it was not here."),
    )
    share_title = models.CharField(_("title when shared"), max_length=200, blank=True)
    share_description = models.TextField(_("description when shared"), blank=True)
    share_picture = models.ForeignKey(
        "editorial.Picture",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture when shared"),
    )
    # Of the next version alone: publishing takes them out (`actions.noting`) and hands them on to the record.
    change_note = models.TextField(
        _("what changed, and why"),
        blank=True,
        max_length=1000,
        help_text=_(
            "Readers see it in the history of the article. It belongs to this version alone."
        ),
    )
    change_is_minor = models.BooleanField(
        _("only a small correction of form"),
        default=False,
        help_text=_(
            "A typing error, a comma, a broken link: nothing that changes what the article says."
        ),
    )

    parent_page_types: ClassVar[list[str]] = ["editorial.FrontPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "editorial/article.html"
    page_description = _("A piece of writing with a byline: news, opinion, a review…")

    search_fields: ClassVar[list[index.BaseField]] = [
        *Page.search_fields,
        index.SearchField("standfirst"),
    ]

    exclude_fields_in_copy: ClassVar[list[str]] = ["change_note", "change_is_minor"]

    writing_panels: ClassVar[list[Panel]] = [
        FieldPanel(
            "title",
            classname="title",
            heading=_("Headline"),
            widget=TextInput(attrs={"placeholder": _("Headline")}),
        ),
        FieldPanel("standfirst"),
        InlinePanel("bylines", heading=_("Bylines"), label=_("Byline")),
        InlinePanel(
            "article_topics",
            heading=_("Topics"),
            label=_("Topic"),
            help_text=_("The first stands above the headline."),
        ),
        MultiFieldPanel(
            [
                FieldPanel("lead_picture"),
                FieldPanel("lead_alt"),
                FieldPanel("lead_caption"),
                FieldPanel("lead_credit"),
            ],
            heading=_("Lead picture"),
        ),
        FieldPanel("body"),
        InlinePanel("footnotes", heading=_("Footnotes"), label=_("Footnote")),
        InlinePanel(
            "article_citations",
            heading=_("Sources"),
            label=_("Source"),
            help_text=_("What the article rests on without quoting it in a block of its own."),
        ),
        ChangePanel(
            [FieldPanel("change_note"), FieldPanel("change_is_minor")], heading=_("This change")
        ),
    ]
    placing_panels: ClassVar[list[Panel]] = [
        FieldPanel("kind"),
        FieldPanel("visibility"),
        FieldPanel("is_featured"),
        FieldPanel("series"),
        FieldPanel("discussion"),
        FieldPanel("dated_at"),
        FieldPanel("language"),
    ]
    sharing_panels: ClassVar[list[Panel]] = [
        MultiFieldPanel(
            [
                FieldPanel("slug"),
                FieldPanel("canonical_url"),
                FieldPanel("seo_title"),
                FieldPanel("search_description"),
            ],
            heading=_("In search engines"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("share_title"),
                FieldPanel("share_description"),
                FieldPanel("share_picture"),
            ],
            heading=_("When shared"),
        ),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(writing_panels, heading=_("Writing")),
            ObjectList(placing_panels, heading=_("Placing")),
            ObjectList(sharing_panels, heading=_("Sharing")),
        ]
    )

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")


class Byline(Orderable):
    """A person named on an article, and what they did for it."""

    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="bylines")
    person = models.ForeignKey(
        "editorial.Person", models.PROTECT, related_name="+", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=20, choices=BylineRole, default=BylineRole.AUTHOR)

    panels = [FieldPanel("person"), FieldPanel("role")]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["article", "person", "role"], name="one_byline_per_role"
            )
        ]


class ArticleTopic(Orderable):
    """A topic of an article, in the editor's order."""

    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="article_topics")
    topic = models.ForeignKey(
        "editorial.Topic", models.CASCADE, related_name="+", verbose_name=_("topic")
    )

    panels = [FieldPanel("topic")]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(fields=["article", "topic"], name="one_mention_per_topic")
        ]


class ArticleCitation(Orderable):
    """A source an article rests on without quoting it in a block; what is published is `sources.Citation`."""

    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="article_citations")
    # What is published holds on to its source; of a draft whose source is gone, this row goes, and the draft opens.
    source = models.ForeignKey(
        "sources.Source", models.CASCADE, related_name="+", verbose_name=_("source")
    )
    relation = models.CharField(
        _("how the article relies on it"),
        max_length=10,
        choices=Relation,
        default=Relation.CITES,
    )
    claim = models.TextField(
        _("what it is the source of"),
        blank=True,
        max_length=1000,
        help_text=_("The statement of the article that rests on it; readers see this."),
    )
    note = models.TextField(_("note for readers"), blank=True, max_length=1000)

    panels = [FieldPanel(name) for name in ("source", "relation", "claim", "note")]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["article", "source", "relation"], name="one_citation_per_relation"
            )
        ]
