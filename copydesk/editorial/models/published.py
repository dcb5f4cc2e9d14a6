"""What readers get: one row for each article that is live, written once when it is published.

Every page, list, feed and search reads these rows alone, so none depends on drafts and each query has its index.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from copydesk.editorial.models.article import Article, Discussion, Kind, Visibility
from copydesk.editorial.models.media import Picture
from copydesk.editorial.models.people import BylineRole, Person
from copydesk.editorial.models.topics import Topic

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


class PublishedArticle(models.Model):
    """An article as readers get it."""

    article = models.OneToOneField(
        Article, models.CASCADE, primary_key=True, related_name="published"
    )
    # The path of the article's page, such as "/on-bridges/".
    path = models.CharField(max_length=500, unique=True)
    headline = models.CharField(max_length=255)
    standfirst = models.TextField(blank=True)
    kind = models.CharField(max_length=20, choices=Kind)
    visibility = models.CharField(max_length=10, choices=Visibility)
    discussion = models.CharField(max_length=10, choices=Discussion)
    language = models.CharField(max_length=20, blank=True)
    is_featured = models.BooleanField(default=False)
    # The date readers are shown.
    published_at = models.DateTimeField()
    # When the first version went live, and this one.
    first_published_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    lead_picture = models.ForeignKey(
        "editorial.Picture", models.SET_NULL, null=True, related_name="+"
    )
    lead_alt = models.CharField(max_length=500, blank=True)
    lead_caption_html = models.TextField(blank=True)
    lead_credit = models.CharField(max_length=255, blank=True)
    series = models.ForeignKey("editorial.Series", models.SET_NULL, null=True, related_name="+")

    canonical_url = models.URLField(max_length=500, blank=True)
    seo_title = models.CharField(max_length=255, blank=True)
    description = models.TextField(blank=True)
    share_title = models.CharField(max_length=200, blank=True)
    share_description = models.TextField(blank=True)
    share_picture = models.ForeignKey(
        "editorial.Picture", models.SET_NULL, null=True, related_name="+"
    )

    # The whole body, and the part before the public-preview divider ("" where nothing is gated).
    body_html = models.TextField(blank=True)
    preview_html = models.TextField(blank=True)
    text = models.TextField(blank=True)
    preview_text = models.TextField(blank=True)
    # Notices of errors, in the order in which they were published, as `record` hands them down to be shown: each has
    # uuid, kind, severity, position, text, places, published_at and corrects (a uuid or "").
    notices = models.JSONField(default=list)
    # The page of its versions ("" for none), how many there are, and from when on a change must say why: from `record`.
    history_path = models.CharField(max_length=100, blank=True)
    version_count = models.PositiveIntegerField(default=0)
    note_needed_at = models.DateTimeField(null=True)
    word_count = models.PositiveIntegerField(default=0)
    reading_minutes = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("published article")
        indexes = [
            models.Index(fields=["-published_at", "-article"], name="published_newest"),
            models.Index(
                fields=["-published_at"],
                condition=models.Q(is_featured=True),
                name="published_featured",
            ),
            models.Index(fields=["series", "published_at"], name="published_series"),
        ]

    def __str__(self) -> str:
        return self.headline

    def get_absolute_url(self) -> str:
        """Return the path of the article's page."""
        return self.path

    @property
    def full_url(self) -> str:
        """The address of the article's page, with scheme and host."""
        return settings.COPYDESK_BASE_URL + self.path

    @property
    def is_gated(self) -> bool:
        """Whether only some may read it to its end."""
        return self.visibility != Visibility.PUBLIC

    @property
    def is_retracted(self) -> bool:
        """Whether the publication no longer stands by it."""
        return any(notice["kind"] == "retraction" for notice in self.notices)

    @property
    def marked_headline(self) -> str:
        """The headline as it stands where nothing else says that the article is retracted."""
        if not self.is_retracted:
            return self.headline
        return gettext("Retracted: %(headline)s") % {"headline": self.headline}

    @property
    def public_html(self) -> str:
        """As much of the body as everybody may read."""
        return self.preview_html if self.is_gated else self.body_html

    @property
    def public_text(self) -> str:
        """As much of the plain text as everybody may read."""
        return self.preview_text if self.is_gated else self.text

    @cached_property
    def topics(self) -> list[Topic]:
        """The topics in the editor's order; of several articles `load_names` gets them at once."""
        load_names([self])
        return self.topics

    @cached_property
    def bylines(self) -> list[PublishedByline]:
        """The people named, in the editor's order, likewise."""
        load_names([self])
        return self.bylines

    @property
    def authors(self) -> list[Person]:
        """The people who wrote it."""
        return [link.person for link in self.bylines if link.role == BylineRole.AUTHOR]


class PublishedTopic(models.Model):
    """A topic of a published article, with the article's date: a topic's page is one index scan."""

    published = models.ForeignKey(PublishedArticle, models.CASCADE, related_name="topic_links")
    topic = models.ForeignKey("editorial.Topic", models.CASCADE, related_name="published_links")
    position = models.PositiveSmallIntegerField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["published", "topic"], name="one_published_topic")
        ]
        indexes = [
            models.Index(fields=["topic", "-published_at", "-published"], name="topic_newest")
        ]

    def __str__(self) -> str:
        return f"{self.published_id} {self.topic_id}"


class PublishedByline(models.Model):
    """A person named on a published article, with the article's date."""

    published = models.ForeignKey(PublishedArticle, models.CASCADE, related_name="byline_links")
    person = models.ForeignKey("editorial.Person", models.PROTECT, related_name="published_links")
    role = models.CharField(max_length=20, choices=BylineRole)
    position = models.PositiveSmallIntegerField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["published", "person", "role"], name="one_published_byline"
            )
        ]
        indexes = [
            models.Index(fields=["person", "-published_at", "-published"], name="person_newest")
        ]

    def __str__(self) -> str:
        return f"{self.published_id} {self.person_id}"


# Written by hand: the ORM takes several times as long to compose these as the database to answer them, and an article's
# page asks nothing else so often.
ARTICLE = "SELECT * FROM editorial_publishedarticle WHERE path = %s"
TOPICS = """
SELECT topic.*, link.published_id AS of_article
FROM editorial_publishedtopic link JOIN editorial_topic topic ON topic.id = link.topic_id
WHERE link.published_id IN ({ids}) ORDER BY link.position
"""
PEOPLE = """
SELECT person.*, link.published_id AS of_article, link.id AS link_id, link.role AS link_role,
    link.position AS link_position, link.published_at AS link_published_at
FROM editorial_publishedbyline link JOIN editorial_person person ON person.id = link.person_id
WHERE link.published_id IN ({ids}) ORDER BY link.position
"""
PICTURES = "SELECT * FROM editorial_picture WHERE id IN ({ids})"


def find_published(path: str) -> PublishedArticle | None:
    """Return the article published at `path` with its lead picture, topics and people, in four queries, or None."""
    found = next(iter(PublishedArticle.objects.raw(ARTICLE, [path])), None)
    if found is not None:
        people = _load_names([found])
        _load_pictures([(found, "lead_picture"), *((person, "portrait") for person in people)])
    return found


def load_names(articles: Iterable[PublishedArticle]) -> None:
    """Load the topics and the people of articles, with portraits, in two queries, three where there are portraits."""
    _load_pictures([(person, "portrait") for person in _load_names(articles)])


def _load_names(articles: Iterable[PublishedArticle]) -> list[Any]:
    """Load the topics and the people of articles; return the people."""
    by_pk = {article.pk: article for article in articles}
    for article in by_pk.values():
        article.topics, article.bylines = [], []
    for topic in _rows(Topic, TOPICS, by_pk):
        by_pk[topic.of_article].topics.append(topic)
    people = _rows(Person, PEOPLE, by_pk)
    for person in people:
        byline = PublishedByline(
            pk=person.link_id,
            published=by_pk[person.of_article],
            person=person,
            role=person.link_role,
            position=person.link_position,
            published_at=person.link_published_at,
        )
        by_pk[person.of_article].bylines.append(byline)
    return people


def _load_pictures(wanted: Iterable[tuple[Any, str]]) -> None:
    """Load the pictures that rows name by these fields, in one query, none where there are no pictures."""
    wanted = list(wanted)
    ids = {getattr(row, f"{name}_id") for row, name in wanted} - {None}
    found = {picture.pk: picture for picture in _rows(Picture, PICTURES, ids)}
    for row, name in wanted:
        setattr(row, name, found.get(getattr(row, f"{name}_id")))


def _rows(kind: type[models.Model], statement: str, ids: Collection[int]) -> list[Any]:
    """Return rows with whatever further columns the statement selects as attributes."""
    if not ids:
        return []
    marks = ", ".join(["%s"] * len(ids))
    return list(kind._default_manager.raw(statement.format(ids=marks), list(ids)))


class PublishedMonth(models.Model):
    """How many articles a month of the archive holds; kept by publishing."""

    # The month's first day, in the publication's time zone.
    begins_on = models.DateField(primary_key=True)
    article_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-begins_on"]

    def __str__(self) -> str:
        return f"{self.begins_on:%Y-%m}"


class SearchTerm(models.Model):
    """A word that stands in some public text, so that a misspelt query can be set right."""

    word = models.CharField(max_length=40, primary_key=True)

    def __str__(self) -> str:
        return self.word


class WithdrawnAddress(models.Model):
    """A path at which something was published and is no more: readers get 410, not 404."""

    path = models.CharField(max_length=500, primary_key=True)
    withdrawn_at = models.DateTimeField()
    history_path = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return self.path
