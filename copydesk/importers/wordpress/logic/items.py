"""Build records from the elements of an export."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from lxml import etree

from copydesk.importers.wordpress.logic.dates import resolve_date
from copydesk.importers.wordpress.logic.records import Author, Item, SiteInfo, Term, TermRef

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

#: WordPress's caches of what other sites answered: large, and of no use to us.
_IGNORED_META: Final = ("_oembed_",)
_COMMENT_STATES: Final = {"1": "approved", "0": "pending", "spam": "spam"}
_PINGS: Final = frozenset({"pingback", "trackback"})
#: Before WXR 1.1 items named their tags with this word.
_TAXONOMIES: Final = {"tag": "post_tag"}


class _Fields:
    """The texts of an element's children by local name: the namespace differs by version and scheme."""

    def __init__(self, element: etree._Element) -> None:
        self._texts: dict[str, str] = {}
        for child in element.iterchildren(tag=etree.Element):
            name = etree.QName(child)
            key = _field_name(name)
            if key not in self._texts:
                self._texts[key] = text_of(child)

    def text(self, name: str) -> str:
        return self._texts.get(name, "")

    def word(self, name: str) -> str:
        return self._texts.get(name, "").strip()

    def number(self, name: str) -> int | None:
        try:
            return int(self.word(name))
        except ValueError:
            return None


def _field_name(name: etree.QName) -> str:
    """``content:encoded`` and ``excerpt:encoded`` share their local name, so it takes the prefix's."""
    if name.localname == "encoded":
        return "excerpt" if "excerpt" in (name.namespace or "") else "content"
    return name.localname


def text_of(element: etree._Element) -> str:
    """All the text in an element, whether bare, in CDATA, or mixed."""
    return "".join(element.itertext())


def build_site(channel: etree._Element) -> SiteInfo:
    fields = _Fields(channel)
    return SiteInfo(
        title=fields.word("title"),
        description=fields.word("description"),
        language=fields.word("language"),
        link=fields.word("link"),
        base_site_url=fields.word("base_site_url"),
        base_blog_url=fields.word("base_blog_url"),
        wxr_version=fields.word("wxr_version"),
    )


def build_author(element: etree._Element, line: int) -> Author:
    fields = _Fields(element)
    return Author(
        login=fields.word("author_login"),
        display_name=fields.word("author_display_name"),
        first_name=fields.word("author_first_name"),
        last_name=fields.word("author_last_name"),
        email=fields.word("author_email"),
        description=fields.word("author_description"),
        wp_id=fields.number("author_id"),
        line=line,
    )


def build_term(element: etree._Element, line: int) -> Term:
    fields = _Fields(element)
    kind = etree.QName(element).localname
    prefix = {"category": "category", "tag": "tag", "term": "term"}[kind]
    slug = fields.word("category_nicename") if kind == "category" else fields.word(f"{prefix}_slug")
    taxonomy = {"category": "category", "tag": "post_tag"}.get(kind) or fields.word("term_taxonomy")
    return Term(
        taxonomy=taxonomy,
        slug=slug,
        name=fields.word("cat_name") or fields.word(f"{prefix}_name"),
        parent_slug=fields.word(f"{prefix}_parent"),
        description=fields.word(f"{prefix}_description"),
        wp_id=fields.number("term_id"),
        line=line,
    )


def build_item(element: etree._Element, line: int, zone: tzinfo) -> Item:
    fields = _Fields(element)
    return Item(
        line=line,
        title=fields.word("title"),
        link=fields.word("link"),
        guid=fields.word("guid"),
        creator=fields.word("creator"),
        content=fields.text("content"),
        excerpt=fields.text("excerpt"),
        wp_id=fields.number("post_id"),
        slug=fields.word("post_name"),
        post_type=fields.word("post_type"),
        status=fields.word("status"),
        parent_id=fields.number("post_parent") or None,
        menu_order=fields.number("menu_order") or 0,
        password=fields.text("post_password"),
        is_sticky=fields.word("is_sticky") == "1",
        comment_status=fields.word("comment_status"),
        attachment_url=fields.word("attachment_url"),
        published=resolve_date(
            gmt=fields.word("post_date_gmt"),
            local=fields.word("post_date"),
            zone=zone,
            pub_date=fields.word("pubDate"),
        ),
        modified=resolve_date(
            gmt=fields.word("post_modified_gmt"), local=fields.word("post_modified"), zone=zone
        ),
        terms=tuple(_term_refs(element)),
        meta=_meta(element),
        comments=dict(Counter(_comment_kinds(element))),
    )


def _term_refs(element: etree._Element) -> Iterator[TermRef]:
    """An item names each term once with its slug; WXR 1.0 named it a second time without."""
    for child in element.iterchildren("category"):
        slug, domain = child.get("nicename", ""), child.get("domain", "")
        if slug and domain:
            yield TermRef(_TAXONOMIES.get(domain, domain), slug.strip(), text_of(child).strip())


def _meta(element: etree._Element) -> dict[str, str]:
    """Post meta by key; of several values the first counts, as in WordPress."""
    found: dict[str, str] = {}
    for child in element.iterchildren("{*}postmeta"):
        key = (child.findtext("{*}meta_key") or "").strip()
        value = child.find("{*}meta_value")
        if key and value is not None and not key.startswith(_IGNORED_META):
            found.setdefault(key, text_of(value))
    return found


def _comment_kinds(element: etree._Element) -> Iterator[str]:
    for child in element.iterchildren("{*}comment"):
        if (child.findtext("{*}comment_type") or "").strip() in _PINGS:
            yield "ping"
        else:
            yield _COMMENT_STATES.get(
                (child.findtext("{*}comment_approved") or "").strip(), "trash"
            )
