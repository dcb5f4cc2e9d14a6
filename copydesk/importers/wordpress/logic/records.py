"""What an export file says, as values. Nothing here has been judged or changed yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class SiteInfo:
    """The channel's head."""

    title: str = ""
    description: str = ""
    language: str = ""
    link: str = ""
    base_site_url: str = ""
    base_blog_url: str = ""
    wxr_version: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """An account of the old site; ``login`` is what items name as their creator."""

    login: str
    display_name: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    description: str = ""
    wp_id: int | None = None
    line: int = 0

    @property
    def name(self) -> str:
        """The name to sign with."""
        full = f"{self.first_name} {self.last_name}".strip()
        return self.display_name or full or self.login


@dataclass(frozen=True, slots=True)
class Term:
    """A category, a tag, or a term of another taxonomy."""

    taxonomy: str
    slug: str
    name: str
    parent_slug: str = ""
    description: str = ""
    wp_id: int | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class TermRef:
    """A term named on an item."""

    taxonomy: str
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Item:
    """One post, page, attachment, or item of another type."""

    line: int
    title: str = ""
    link: str = ""
    guid: str = ""
    creator: str = ""
    content: str = ""
    excerpt: str = ""
    wp_id: int | None = None
    slug: str = ""
    post_type: str = ""
    status: str = ""
    parent_id: int | None = None
    menu_order: int = 0
    password: str = ""
    is_sticky: bool = False
    comment_status: str = ""
    attachment_url: str = ""
    published: datetime | None = None
    modified: datetime | None = None
    terms: tuple[TermRef, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)
    comments: Mapping[str, int] = field(default_factory=dict)

    def terms_of(self, *taxonomies: str) -> tuple[TermRef, ...]:
        """The item's terms of these taxonomies, in the file's order, each once."""
        found = (term for term in self.terms if term.taxonomy in taxonomies)
        return tuple({(term.taxonomy, term.slug): term for term in found}.values())


@dataclass(frozen=True, slots=True)
class Survey:
    """What the first full reading of a file found: it is sound, and this is in it."""

    site: SiteInfo
    items: Mapping[str, int]
    statuses: Mapping[str, int]
    comments: Mapping[str, int]
    author_count: int
    term_counts: Mapping[str, int]
    mended: Mapping[str, int]
    byte_count: int

    @property
    def item_count(self) -> int:
        return sum(self.items.values())
