"""What editors make (articles, pages, topics, people, media) and what readers get (`published`)."""

from __future__ import annotations

from copydesk.editorial.models.article import (
    Article,
    ArticleCitation,
    ArticleTopic,
    Byline,
    Discussion,
    Kind,
    Visibility,
)
from copydesk.editorial.models.media import Attachment, Picture, PictureRendition
from copydesk.editorial.models.pages import FrontPage, StaticPage
from copydesk.editorial.models.people import BylineRole, Person
from copydesk.editorial.models.publication import Publication
from copydesk.editorial.models.published import (
    PublishedArticle,
    PublishedByline,
    PublishedMonth,
    PublishedTopic,
    SearchTerm,
    WithdrawnAddress,
)
from copydesk.editorial.models.topics import Series, Topic

__all__ = [
    "Article",
    "ArticleCitation",
    "ArticleTopic",
    "Attachment",
    "Byline",
    "BylineRole",
    "Discussion",
    "FrontPage",
    "Kind",
    "Person",
    "Picture",
    "PictureRendition",
    "Publication",
    "PublishedArticle",
    "PublishedByline",
    "PublishedMonth",
    "PublishedTopic",
    "SearchTerm",
    "Series",
    "StaticPage",
    "Topic",
    "Visibility",
    "WithdrawnAddress",
]
