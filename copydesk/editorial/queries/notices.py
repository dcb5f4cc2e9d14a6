"""Notices of errors, as an article's page, its feeds and its structured data show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from copydesk.editorial.logic import jsonld
from copydesk.editorial.logic.places import shown_places, with_marks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.safestring import SafeString

    from copydesk.editorial.models import PublishedArticle

# What a notice is, and the mark beside the date and at a paragraph; the graver, the further down.
KINDS = {
    "update": (gettext_lazy("Update"), gettext_lazy("Updated")),
    "clarification": (gettext_lazy("Clarification"), gettext_lazy("Clarified")),
    "correction": (gettext_lazy("Correction"), gettext_lazy("Corrected")),
    "editors_note": (gettext_lazy("Editor’s note"), gettext_lazy("Editor’s note")),
    "concern": (gettext_lazy("Expression of concern"), gettext_lazy("Expression of concern")),
    "retraction": (gettext_lazy("Retraction"), gettext_lazy("Retracted")),
}
GRAVITY = {kind: number for number, kind in enumerate(KINDS)}
# Enough of a notice's number to tell those of an article apart.
ANCHOR = 8


@dataclass(frozen=True)
class NoticeView:
    """A notice. Its text is "" where it was taken away, for the reason in `redacted`."""

    anchor: str
    kind: str
    label: str
    mark: str
    text: str
    published_at: datetime
    is_on_top: bool
    places: Sequence[str] = ()
    redacted: str = ""
    corrects: NoticeView | None = None
    corrected_by: NoticeView | None = None

    @property
    def is_grave(self) -> bool:
        """Whether readers should not rely on the article, or not without doubt."""
        return GRAVITY[self.kind] >= GRAVITY["concern"]

    @property
    def place_anchor(self) -> str:
        """The id of the first mark in the text that leads to this notice."""
        return f"at-{self.anchor}"


@dataclass(frozen=True)
class Notices:
    """The notices of an article, where they stand, and the marks beside its date: one a kind, the gravest first."""

    top: Sequence[NoticeView] = ()
    bottom: Sequence[NoticeView] = ()
    marks: Sequence[NoticeView] = ()

    @property
    def all(self) -> list[NoticeView]:
        """Return them as they stand on the page."""
        return [*self.top, *self.bottom]

    def tells_of_update(self, at: datetime) -> bool:
        """Whether a mark says already that the article changed on the day of `at`."""
        day = localtime(at).date()
        return any(localtime(mark.published_at).date() == day for mark in self.marks)


def notices_of(published: PublishedArticle, *, html: str = "") -> Notices:
    """Return the notices of an article; no query. Places are those that stand in `html`."""
    if not published.notices:
        return Notices()
    views = notice_views(published.notices, html=html)
    newest = {view.kind: view for view in views}
    return Notices(
        # The newest first where one reads on, the oldest first where they close the article.
        top=[view for view in reversed(views) if view.is_on_top],
        bottom=[view for view in views if not view.is_on_top],
        marks=sorted(newest.values(), key=lambda view: -GRAVITY[view.kind]),
    )


def notice_views(rows: Sequence[dict[str, Any]], *, html: str = "") -> list[NoticeView]:
    """Return notices in the order given, with what corrects what."""
    plain = {row["uuid"]: _view(row, html) for row in rows}
    correcting = {row["corrects"]: row["uuid"] for row in rows if row["corrects"] in plain}
    return [
        _view(
            row,
            html,
            corrects=plain.get(row["corrects"]),
            corrected_by=plain.get(correcting.get(row["uuid"], "")),
        )
        for row in rows
    ]


def notice_view(
    kind: str, text: str, *, at: datetime, uuid: str = "", redacted: str = ""
) -> NoticeView:
    """Return a notice by itself, as lists show it; one that is not published yet has no number."""
    label, mark = KINDS[kind]
    anchor = notice_anchor(uuid)
    return NoticeView(
        anchor, kind, str(label), str(mark), text, at, is_on_top=False, redacted=redacted
    )


def _view(
    row: dict[str, Any],
    html: str,
    *,
    corrects: NoticeView | None = None,
    corrected_by: NoticeView | None = None,
) -> NoticeView:
    label, mark = KINDS[row["kind"]]
    return NoticeView(
        anchor=notice_anchor(row["uuid"]),
        kind=row["kind"],
        label=str(label),
        mark=str(mark),
        text=row["text"],
        published_at=datetime.fromisoformat(row["published_at"]),
        is_on_top=row["position"] == "top",
        places=sorted(shown_places(html, row["places"])) if html and row["places"] else (),
        redacted=row.get("redacted", ""),
        corrects=corrects,
        corrected_by=corrected_by,
    )


def notice_anchor(uuid: str) -> str:
    """Return the id of a notice on its article's page, from its number."""
    return f"notice-{uuid[:ANCHOR]}"


def with_notices(html: str, notices: Notices) -> str:
    """Put at each place that a notice is about a mark which leads to it, and leave out what marks the blocks."""
    marks: dict[str, str] = {}
    for notice in notices.all:
        for number, place in enumerate(notice.places):
            said = format_html(
                '<a class="noticed"{} href="#{}"><span>{}</span> {}</a> ',
                format_html(' id="{}"', notice.place_anchor) if not number else "",
                notice.anchor,
                notice.mark,
                short_day(notice.published_at),
            )
            marks[place] = marks.get(place, "") + said
    return with_marks(html, marks)


def short_day(at: datetime) -> str:
    """Return a moment's date in the publication's time zone, the year left to the notice itself."""
    return date_format(localtime(at), "MONTH_DAY_FORMAT")


def notice_text(notice: NoticeView) -> str:
    """Return what a notice says, or why it says nothing any more."""
    if notice.text:
        return notice.text
    return _("The text of this notice was taken away: %(reason)s") % {"reason": notice.redacted}


def portable_notices(published: PublishedArticle) -> SafeString:
    """Return an article's notices as they stand above its text in feeds, the newest first."""
    views = reversed(notice_views(published.notices))
    return format_html_join(
        "",
        "<aside><p><strong>{} ({}):</strong> {}</p></aside>",
        (
            (
                view.label,
                date_format(localtime(view.published_at), "DATE_FORMAT"),
                notice_text(view),
            )
            for view in views
        ),
    )


def correction_comments(published: PublishedArticle) -> list[jsonld.Correction]:
    """Return an article's notices for structured data, oldest first."""
    return [
        jsonld.Correction(
            url=f"{published.full_url}#{view.anchor}",
            name=view.label,
            text=notice_text(view),
            published_at=view.published_at,
        )
        for view in notice_views(published.notices)
    ]
