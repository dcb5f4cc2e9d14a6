"""What the markup of a page says of it: one reader for each way of saying it.

Each returns what it finds by the names of `Description`, in the page's words: lists of texts, the best first. Which
reader is believed is decided in `metadata`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from selectolax.lexbor import LexborHTMLParser, LexborNode

Claims: TypeAlias = "dict[str, list[str]]"

KINDS: Final = {
    "scholarlyarticle": "paper",
    "medicalscholarlyarticle": "paper",
    "report": "report",
    "book": "book",
    "blogposting": "post",
    "socialmediaposting": "post",
    "discussionforumposting": "post",
    "liveblogposting": "article",
    "videoobject": "video",
    "video": "video",
    "digitaldocument": "document",
    "article": "article",
    "newsarticle": "article",
    "reportagenewsarticle": "article",
    "analysisnewsarticle": "article",
    "backgroundnewsarticle": "article",
    "opinionnewsarticle": "article",
    "reviewnewsarticle": "article",
    "asknewsarticle": "article",
    "advertisercontentarticle": "article",
    "satiricalarticle": "article",
    "techarticle": "article",
    "review": "article",
}
"""Types of schema.org and of Open Graph, in lower case, and the kinds of source they are."""

_LESSER: Final = frozenset({"webpage", "itempage", "aboutpage", "medicalwebpage", "creativework"})
_PROPERTIES: Final = {
    "title": ("headline", "name"),
    "published_on": ("datePublished", "dateCreated"),
    "modified_on": ("dateModified",),
    "description": ("description",),
    "language": ("inLanguage",),
    "canonical_url": ("mainEntityOfPage", "url"),
}
_CITATION: Final = {
    "title": ("citation_title", "dc.title", "dcterms.title", "eprints.title", "bepress_citation_title"),
    "byline": ("citation_author", "dc.creator", "dcterms.creator", "bepress_citation_author"),
    "publisher": ("citation_journal_title", "citation_publisher", "dc.publisher", "dcterms.publisher"),
    "published_on": (
        "citation_publication_date", "citation_online_date", "citation_date", "dc.date.issued", "dcterms.issued",
        "dcterms.created", "dc.date", "dcterms.date", "prism.publicationdate",
    ),
    "modified_on": ("dcterms.modified", "dc.date.modified"),
    "language": ("citation_language", "dc.language", "dcterms.language"),
    "canonical_url": ("citation_public_url",),
    "doi": ("citation_doi", "prism.doi", "dc.identifier", "bepress_citation_doi"),
    "description": ("citation_abstract", "dc.description"),
}  # fmt: skip
_OPENGRAPH: Final = {
    "title": ("og:title", "twitter:title"),
    "byline": ("article:author_name", "article:author", "og:article:author", "book:author"),
    "publisher": ("og:site_name",),
    "published_on": ("article:published_time", "og:article:published_time", "og:pubdate", "og:published_time"),
    "modified_on": ("article:modified_time", "og:article:modified_time", "og:updated_time"),
    "language": ("og:locale",),
    "canonical_url": ("og:url",),
    "kind": ("og:type",),
    "description": ("og:description", "twitter:description"),
}  # fmt: skip
_HTML: Final = {
    "byline": ("author", "byl", "parsely-author", "sailthru.author"),
    "publisher": ("application-name",),
    "published_on": (
        "date", "pubdate", "publishdate", "publish-date", "parsely-pub-date", "sailthru.date", "ptime",
        "article.published",
    ),
    "modified_on": ("last-modified", "lastmod", "article.updated"),
    "description": ("description",),
}  # fmt: skip
_MAX_AUTHORS: Final = 50


def metas_of(tree: LexborHTMLParser) -> Claims:
    """Return the contents of the `<meta>` elements by their lower-case names."""
    found: Claims = {}
    for node in tree.css("meta[content]")[:2_000]:
        attributes = node.attributes
        name = (
            attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
        )
        content = (attributes.get("content") or "").strip()
        if content:
            found.setdefault(name.strip().lower(), []).append(content)
    return found


def from_citation(metas: Claims) -> Claims:
    """Read the tags of Highwire, Dublin Core and their like."""
    found = _pick(metas, _CITATION)
    if "citation_title" in metas:
        is_paper = any(
            name in metas
            for name in ("citation_journal_title", "citation_doi", "citation_conference_title")
        )
        if is_paper:
            found["kind"] = ["scholarlyarticle"]
    return found


def from_opengraph(metas: Claims) -> Claims:
    """Read the tags of Open Graph; authors that are addresses of profiles are no names."""
    found = _pick(metas, _OPENGRAPH)
    names = [name for name in found.get("byline", []) if not name.startswith(("http:", "https:"))]
    kinds = [kind.partition(".")[0] for kind in found.get("kind", [])]
    return found | {"byline": names, "kind": kinds}


def from_html(tree: LexborHTMLParser, metas: Claims) -> Claims:
    """Read what HTML itself has: the title, the language, the canonical address, and plain `<meta>` names."""
    found = _pick(metas, _HTML)
    for name, selector, attribute in (
        ("canonical_url", "link[rel~=canonical]", "href"),
        ("language", "html", "lang"),
    ):
        node = tree.css_first(selector)
        if node is not None and (value := node.attributes.get(attribute)):
            found[name] = [value]
    title = tree.css_first("head title") or tree.css_first("title")
    found["title"] = [title.text() or ""] if title is not None else []
    return found


def from_microdata(tree: LexborHTMLParser) -> Claims:
    """Read the properties of the first item that is an article; those of items inside it are theirs."""
    for item in tree.css("[itemscope][itemtype]")[:200]:
        kind = (item.attributes.get("itemtype") or "").rstrip("/").rpartition("/")[2].lower()
        if kind in KINDS:
            found = {"kind": [kind]}
            for name, properties in _MICRODATA.items():
                nodes = (
                    node
                    for prop in properties
                    for node in item.css(f'[itemprop~="{prop}"]')[:_MAX_AUTHORS]
                )
                found[name] = [value for node in nodes if (value := _item_value(node))]
            return found
    return {}


_MICRODATA: Final = _PROPERTIES | {
    "byline": ("author",),
    "publisher": ("publisher",),
    "title": ("headline",),
}


def _item_value(node: LexborNode) -> str:
    if "itemscope" in node.attributes:
        named = node.css_first('[itemprop~="name"]')
        if named is None:
            return ""
        node = named
    attributes = node.attributes
    for attribute in ("content", "datetime", "href" if node.tag in {"a", "link"} else "content"):
        if (value := attributes.get(attribute)) and not (node.tag == "a" and attribute == "href"):
            return value
    return " ".join((node.text() or "").split())


def from_jsonld(statements: list[dict[str, Any]], url: str) -> Claims:
    """Read the article among the objects of JSON-LD: the one of this address, else the outermost one."""
    article = _article(statements, url)
    if article is None:
        return {}
    named = {
        id_: s for s in reversed(statements) if isinstance(id_ := s.get("@id"), str) and len(s) > 1
    }
    found: Claims = {
        name: [text for key in keys for text in _texts(article.get(key), named)]
        for name, keys in _PROPERTIES.items()
    }
    found["byline"] = _texts(article.get("author") or article.get("creator"), named)[:_MAX_AUTHORS]
    found["publisher"] = _texts(article.get("publisher"), named)
    found["canonical_url"] = [text for text in found["canonical_url"] if text.startswith("http")]
    found["doi"] = [
        text for key in ("identifier", "sameAs", "@id") for text in _texts(article.get(key), named)
    ]
    found["kind"] = types_of(article)
    return found


def types_of(statement: dict[str, Any]) -> list[str]:
    """Return the types of an object, in lower case, without the vocabulary's address."""
    stated = statement.get("@type")
    listed = stated if isinstance(stated, list) else [stated]
    return [each.rstrip("/").rpartition("/")[2].lower() for each in listed if isinstance(each, str)]


def _article(statements: list[dict[str, Any]], url: str) -> dict[str, Any] | None:
    articles = [s for s in statements if any(kind in KINDS for kind in types_of(s))]
    plain = _same(url)
    for article in articles:
        addresses = _texts(article.get("url"), {}) + _texts(article.get("mainEntityOfPage"), {})
        if plain and any(_same(address) == plain for address in addresses):
            return article
    pages = [s for s in statements if any(kind in _LESSER for kind in types_of(s))]
    return next(iter([*articles, *pages]), None)


def _same(url: str) -> str:
    """Return what two addresses of one page have in common."""
    return (
        url.partition("#")[0]
        .partition("?")[0]
        .rstrip("/")
        .partition("://")[2]
        .removeprefix("www.")
        .lower()
    )


def _texts(value: Any, named: dict[str, dict[str, Any]]) -> list[str]:
    """Return the texts of a value: itself, those of a list, or the name of an object, which may be only referred to."""
    found = []
    for each in (value if isinstance(value, list) else [value])[:_MAX_AUTHORS]:
        text = each
        if isinstance(each, dict):
            whole = named.get(str(each.get("@id")), {}) | each
            text = next(
                (whole[key] for key in ("name", "@value", "value", "@id") if whole.get(key)), ""
            )
        if isinstance(text, list):
            text = next(iter(text), "")
        if isinstance(text, str | int) and not isinstance(text, bool):
            found.append(str(text))
    return found


def _pick(metas: Claims, names: dict[str, tuple[str, ...]]) -> Claims:
    found: Claims = {}
    for field, keys in names.items():
        values = next((metas[key] for key in keys if key in metas), None)
        if values:
            found[field] = values
    return found


def first(values: Iterable[str]) -> str:
    """Return the first value that says something, in one line; "" for none."""
    return next((clean for value in values if (clean := " ".join(value.split()))), "")
