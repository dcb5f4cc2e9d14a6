"""A version as readers got it, and what differs between two."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import unescape
from typing import TYPE_CHECKING, Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from copydesk.editorial.models import BylineRole, Kind, Picture, Visibility
from copydesk.editorial.queries.cards import ROLE_PHRASES, BylineView, by_role, direction_of
from copydesk.kit.html import plain_text, trusted
from copydesk.pagestore.logic.tags import depends_on, tag
from copydesk.record.logic.comparing import Comparison, Paragraph, Run, compare_texts
from copydesk.sources.logic.slots import without_slots

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.utils.safestring import SafeString

    from copydesk.record.queries.history import Recorded

    Content = Mapping[str, Any]

LEAD_SIZES = "(min-width: 64rem) 60rem, 96vw"
LINK = re.compile(r'\shref="([^"#][^"]*)"')


@dataclass(frozen=True)
class VersionView:
    """A version as readers got it; the body is the public part of it where it is not whole."""

    headline: str
    standfirst: str
    language: str
    direction: str
    topics: list[str]
    bylines: list[BylineView]
    published_at: datetime | None
    picture: SafeString | None
    has_lost_picture: bool
    caption_html: SafeString
    credit: str
    body_html: SafeString
    is_whole: bool


@dataclass(frozen=True)
class FieldChange:
    """Something beside the text that differs."""

    label: str
    comparison: Comparison


@dataclass(frozen=True)
class ComparisonView:
    """What differs between two versions; `body` is None where the one who asks may not compare the texts.

    `differs_in_form` where the words of the text are the same and yet it is not: pictures, formatting, order of parts.
    """

    changes: list[FieldChange]
    body: Comparison | None
    is_whole: bool
    differs_in_form: bool
    language: str
    direction: str

    @property
    def is_same(self) -> bool:
        """Whether the reader is shown no difference at all."""
        is_same_body = self.body is None or self.body.is_same
        return not self.changes and is_same_body and not self.differs_in_form


def version_view(content: Content, *, is_whole: bool) -> VersionView:
    """Return what a version's page shows; one query where it had a lead picture."""
    picture = _picture(content["lead_sha1"])
    alt = content["lead_alt"] or (picture.description if picture else "")
    return VersionView(
        headline=content["headline"],
        standfirst=content["standfirst"],
        language=content["language"],
        direction=direction_of(content["language"]),
        topics=content["topics"],
        bylines=by_role(_byline(each["name"], each["role"]) for each in content["bylines"]),
        published_at=parse_datetime(content["published_at"]),
        picture=picture.markup(alt=alt, sizes=LEAD_SIZES, is_first=True) if picture else None,
        has_lost_picture=bool(content["lead_sha1"]) and picture is None,
        caption_html=trusted(content["lead_caption_html"]),
        credit=content["lead_credit"],
        body_html=trusted(without_slots(_shown_html(content, is_whole=is_whole))),
        is_whole=is_whole,
    )


def _byline(name: str, role: str) -> BylineView:
    # Without a link: the record names people as readers saw them named, whoever has that page now.
    return BylineView(name, None, role, str(ROLE_PHRASES[BylineRole(role)]))


def _picture(sha1: str) -> Picture | None:
    found = Picture.objects.filter(file_hash=sha1).order_by("pk").first() if sha1 else None
    if found is not None:
        depends_on(tag("picture", found.pk))
    return found


def _shown_html(content: Content, *, is_whole: bool) -> str:
    """Return the body, or its public part: a version that was for everybody has no such part."""
    return str(content["body_html"] if is_whole else content["preview_html"])


# --- Comparing


def _bylines(content: Content) -> str:
    return "\n".join(
        f"{each['name']} ({_label(BylineRole, each['role'])})" for each in content["bylines"]
    )


def _topics(content: Content) -> str:
    return "\n".join(content["topics"])


def _label(choices: Any, value: str) -> str:
    return str(choices(value).label) if value in choices.values else value


def _date(content: Content) -> str:
    at = parse_datetime(content["published_at"])
    return date_format(localtime(at), "DATETIME_FORMAT") if at else ""


def _plain(name: str) -> Any:
    return lambda content: content[name]


# What is shown of each, in this order.
FIELDS: list[tuple[Any, Any]] = [
    (gettext_lazy("Headline"), _plain("headline")),
    (gettext_lazy("Standfirst"), _plain("standfirst")),
    (gettext_lazy("Bylines"), _bylines),
    (gettext_lazy("Date shown"), _date),
    (gettext_lazy("Topics"), _topics),
    (gettext_lazy("Kind of work"), lambda content: _label(Kind, content["kind"])),
    (gettext_lazy("Who may read it"), lambda content: _label(Visibility, content["visibility"])),
    (gettext_lazy("Language"), _plain("language")),
    (
        gettext_lazy("Caption of the lead picture"),
        lambda content: plain_text(content["lead_caption_html"]),
    ),
    (gettext_lazy("Credit of the lead picture"), _plain("lead_credit")),
    (gettext_lazy("Text in place of the lead picture"), _plain("lead_alt")),
    (gettext_lazy("Canonical address"), _plain("canonical_url")),
    (gettext_lazy("Title for search engines"), _plain("seo_title")),
    (gettext_lazy("Description for search engines"), _plain("description")),
    (gettext_lazy("Title when shared"), _plain("share_title")),
    (gettext_lazy("Description when shared"), _plain("share_description")),
]


def comparison_of(old: Recorded, new: Recorded, *, is_whole: bool) -> ComparisonView:
    """Return what differs between two versions whose contents are there, as far as a reader may see; no query."""
    before, after = old.content or {}, new.content or {}
    changes = [
        FieldChange(str(label), compare_texts(one, other))
        for label, read in FIELDS
        if (one := read(before)) != (other := read(after))
    ]
    if old.entry.path != new.entry.path:
        changes.append(_replaced(_("Address"), [old.entry.path], [new.entry.path]))
    if before["lead_sha1"] != after["lead_sha1"]:
        changes.append(_replaced(_("Lead picture"), _named(before), _named(after)))
    language = after["language"]
    view = ComparisonView(
        changes=changes,
        body=None,
        is_whole=is_whole,
        differs_in_form=False,
        language=language,
        direction=direction_of(language),
    )
    is_comparable = is_whole or Visibility.PUBLIC not in {old.visibility, new.visibility}
    return _with_body(view, before, after) if is_comparable else view


def _named(content: Content) -> list[str]:
    if not content["lead_sha1"]:
        return []
    return [
        _("a picture: %(description)s") % {"description": content["lead_alt"] or _("not described")}
    ]


def _with_body(view: ComparisonView, before: Content, after: Content) -> ComparisonView:
    old, new = (
        without_slots(_shown_html(content, is_whole=view.is_whole)) for content in (before, after)
    )
    body = compare_texts(plain_text(old), plain_text(new))
    gone, come = _links(old) - _links(new), _links(new) - _links(old)
    links = [_replaced(_("Links in the text"), sorted(gone), sorted(come))] if gone | come else []
    differs = old != new and body.is_same and not links
    return replace(view, changes=[*view.changes, *links], body=body, differs_in_form=differs)


def _links(html: str) -> set[str]:
    return {unescape(match[1]) for match in LINK.finditer(html)}


def _replaced(label: str, old: list[str], new: list[str]) -> FieldChange:
    """Return a change of values that are not compared word by word."""
    parts = [Paragraph((Run("old", value),)) for value in old]
    parts += [Paragraph((Run("new", value),)) for value in new]
    return FieldChange(label, Comparison(tuple(parts), len(old), len(new)))
