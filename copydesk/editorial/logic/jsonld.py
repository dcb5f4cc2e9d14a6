"""Structured data in the words of schema.org, from values alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from copydesk.editorial.logic.markup import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Node = dict[str, object]

# Search engines show no more of a headline.
HEADLINE = 110
# Consumers that know only the three common types are given one of those beside the exact one.
COMMON_TYPES = {
    "ReportageNewsArticle": "NewsArticle",
    "AnalysisNewsArticle": "NewsArticle",
    "BackgroundNewsArticle": "NewsArticle",
    "OpinionNewsArticle": "NewsArticle",
    "ReviewNewsArticle": "NewsArticle",
    "SatiricalArticle": "Article",
    "AdvertiserContentArticle": "Article",
}
# Byline roles that schema.org has a property for; the others are contributors with the role's name.
ROLE_PROPERTIES = {"author": "author", "editor": "editor", "translator": "translator"}


@dataclass(frozen=True)
class Picture:
    """A picture at one address."""

    url: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class Publisher:
    """The publication. `policies` maps properties of NewsMediaOrganization to addresses."""

    name: str
    url: str
    language: str
    description: str = ""
    logo: Picture | None = None
    policies: Mapping[str, str] = field(default_factory=dict)
    search_url: str = ""

    @property
    def id(self) -> str:
        """What other parts of a page's data refer to it by."""
        return f"{self.url}#publication"

    @property
    def site_id(self) -> str:
        """The same for its website."""
        return f"{self.url}#website"


@dataclass(frozen=True)
class Credit:
    """Somebody named on an article. `role` is one of our byline roles, `role_name` its name for readers."""

    name: str
    url: str
    role: str = "author"
    role_name: str = ""
    job_title: str = ""
    same_as: Sequence[str] = ()
    image_url: str = ""


@dataclass(frozen=True)
class Crumb:
    """A step on the way to a page."""

    name: str
    url: str


@dataclass(frozen=True)
class Correction:
    """A notice of an error in a work, at its own address."""

    url: str
    name: str
    text: str
    published_at: datetime


@dataclass(frozen=True)
class Work:
    """An article. `gated_selector` marks what only some may read; "" where everybody reads it all.

    `citations` are the nodes of its sources, `quotations` those of the quotations that the page shows.
    """

    url: str
    type: str
    headline: str
    description: str
    published_at: datetime
    updated_at: datetime
    language: str
    word_count: int
    credits: Sequence[Credit] = ()
    image_urls: Sequence[str] = ()
    topics: Sequence[Crumb] = ()
    series: Crumb | None = None
    gated_selector: str = ""
    alternative_headline: str = ""
    citations: Sequence[Node] = ()
    quotations: Sequence[Node] = ()
    corrections: Sequence[Correction] = ()
    is_retracted: bool = False


def article_nodes(work: Work, publisher: Publisher, crumbs: Sequence[Crumb]) -> list[Node]:
    """Return an article's page: the work, who publishes it and where on the site it stands."""
    return [article(work, publisher), organization(publisher), breadcrumbs(crumbs)]


def article(work: Work, publisher: Publisher) -> Node:
    """Return the article itself."""
    common = COMMON_TYPES.get(work.type)
    topics = [
        _kept({"@type": "Thing", "name": topic.name, "url": topic.url}) for topic in work.topics
    ]
    return _kept(
        {
            "@type": [common, work.type] if common else work.type,
            "@id": f"{work.url}#article",
            "url": work.url,
            "mainEntityOfPage": work.url,
            "headline": shortened(work.headline, HEADLINE),
            "alternativeHeadline": one_line(work.alternative_headline),
            "description": one_line(work.description),
            "image": list(work.image_urls),
            "datePublished": _moment(work.published_at),
            "dateModified": _moment(work.updated_at),
            **_credits(work.credits, publisher),
            "publisher": {"@id": publisher.id},
            "isPartOf": _parts(work, publisher),
            "articleSection": work.topics[0].name if work.topics else "",
            "about": topics,
            "keywords": [topic.name for topic in work.topics],
            "inLanguage": work.language,
            "wordCount": work.word_count,
            "isAccessibleForFree": not work.gated_selector,
            "citation": list(work.citations),
            "hasPart": _own_parts(work),
            "correction": [_correction(each) for each in work.corrections],
            "creativeWorkStatus": "Retracted" if work.is_retracted else "",
        }
    )


def _correction(notice: Correction) -> Node:
    return {
        "@type": "CorrectionComment",
        "@id": notice.url,
        "url": notice.url,
        "name": one_line(notice.name),
        "text": printable(notice.text),
        "datePublished": _moment(notice.published_at),
    }


def _parts(work: Work, publisher: Publisher) -> list[Node]:
    site: Node = {"@id": publisher.site_id}
    if work.series is None:
        return [site]
    series: Node = {
        "@type": "CreativeWorkSeries",
        "@id": f"{work.series.url}#series",
        "name": one_line(work.series.name),
        "url": work.series.url,
    }
    return [site, series]


def _own_parts(work: Work) -> Node | list[Node]:
    gated = _gated_part(work.gated_selector)
    parts = [part for part in (gated, *work.quotations) if part]
    return parts if work.quotations else gated


def _gated_part(selector: str) -> Node:
    return (
        {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": selector}
        if selector
        else {}
    )


def _credits(people: Sequence[Credit], publisher: Publisher) -> Node:
    credits_: dict[str, list[Node]] = {}
    for credit in people:
        name = ROLE_PROPERTIES.get(credit.role, "contributor")
        node = person(credit)
        if name == "contributor":
            node = {"@type": "Role", "roleName": credit.role_name, "contributor": node}
        credits_.setdefault(name, []).append(node)
    # An article without a byline is the publication's own.
    return {"author": credits_.pop("author", [{"@id": publisher.id}]), **credits_}


def person(credit: Credit) -> Node:
    """Return somebody who is named."""
    return _kept(
        {
            "@type": "Person",
            "@id": f"{credit.url}#person",
            "name": one_line(credit.name),
            "url": credit.url,
            "jobTitle": one_line(credit.job_title),
            "image": credit.image_url,
            "sameAs": list(credit.same_as),
        }
    )


def organization(publisher: Publisher) -> Node:
    """Return the publication as a news organization with its policies."""
    return _kept(
        {
            "@type": "NewsMediaOrganization",
            "@id": publisher.id,
            "name": one_line(publisher.name),
            "url": publisher.url,
            "description": one_line(publisher.description),
            "logo": image_object(publisher.logo) if publisher.logo else None,
            **publisher.policies,
        }
    )


def image_object(picture: Picture) -> Node:
    """Return a picture with its size."""
    return _kept(
        {
            "@type": "ImageObject",
            "url": picture.url,
            "width": picture.width,
            "height": picture.height,
        }
    )


def website(publisher: Publisher) -> Node:
    """Return the site with the way to search it."""
    target: Node = {
        "@type": "EntryPoint",
        "urlTemplate": f"{publisher.search_url}?q={{search_term_string}}",
    }
    return _kept(
        {
            "@type": "WebSite",
            "@id": publisher.site_id,
            "name": one_line(publisher.name),
            "url": publisher.url,
            "description": one_line(publisher.description),
            "inLanguage": publisher.language,
            "publisher": {"@id": publisher.id},
            "potentialAction": {
                "@type": "SearchAction",
                "target": target,
                "query-input": "required name=search_term_string",
            },
        }
    )


def web_page(
    *, type_: str, url: str, name: str, publisher: Publisher, description: str = ""
) -> Node:
    """Return a page of the site of the given type of schema.org."""
    return _kept(
        {
            "@type": type_,
            "@id": f"{url}#page",
            "url": url,
            "name": one_line(name),
            "description": one_line(description),
            "inLanguage": publisher.language,
            "isPartOf": {"@id": publisher.site_id},
        }
    )


def profile_page(credit: Credit, page: Node, *, description: str = "") -> Node:
    """Return a person's page, which is about that person."""
    about = person(credit)
    return {**page, "mainEntity": {**about, "description": description} if description else about}


def breadcrumbs(crumbs: Sequence[Crumb]) -> Node:
    """Return the way from the front page to this one."""
    items = [
        {"@type": "ListItem", "position": place, "name": one_line(crumb.name), "item": crumb.url}
        for place, crumb in enumerate(crumbs, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def shortened(text: str, length: int) -> str:
    """Return `text` on one line, cut between words where it is longer than `length`."""
    line = one_line(text)
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    at_word = cut if line[length - 1] == " " else cut.rpartition(" ")[0] or cut
    return f"{at_word.rstrip()}…"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _kept(node: Node) -> Node:
    """Drop what is not known; False and 0 are."""
    return {name: value for name, value in node.items() if value not in (None, "", [], {})}
