"""Stream a WordPress export (WXR 1.0 to 1.2): one record at a time, in constant memory."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, BinaryIO, Final

from lxml import etree

from copydesk.importers.wordpress.logic.errors import MalformedWXR, NotWXR, gettext_noop
from copydesk.importers.wordpress.logic.items import (
    build_author,
    build_item,
    build_site,
    build_term,
)
from copydesk.importers.wordpress.logic.records import Author, Item, SiteInfo, Survey, Term
from copydesk.importers.wordpress.logic.stream import DoctypeRefusedError, MendingStream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_HEAD: Final = 1 << 18
_TAIL: Final = 4096
_RECORDS: Final = ("item", "author", "category", "tag", "term")
_IS_WXR: Final = re.compile(rb"""https?://wordpress\.org/export/|<wp:wxr_version""")
_EXPORT_AGAIN: Final = gettext_noop(
    "Nothing was imported. Export again from WordPress (Tools, Export, All content) and copy the"
    " file as a whole."
)
_GIVE_WXR: Final = gettext_noop(
    "Nothing was imported. Give the XML file that WordPress writes under Tools, Export, All content."
)
_CUT_OFF: Final = gettext_noop("The file is cut off (%(message)s).")
_MALFORMED: Final = gettext_noop("The XML is not well-formed (%(message)s).")
_PACKED: Final = (
    (b"PK\x03\x04", gettext_noop("The file is a ZIP archive; unpack it first.")),
    (b"\x1f\x8b", gettext_noop("The file is a gzip archive; unpack it first.")),
)
_OTHERS: Final = (
    (b"<rss", gettext_noop("The file is an RSS feed, not a WordPress export.")),
    (b"<feed", gettext_noop("The file is an Atom feed, not a WordPress export.")),
    (b"<html", gettext_noop("The file is a web page, not a WordPress export.")),
)


class ExportReader:
    """Reads one export file, as often as wanted. ``consumed`` tells how far the current reading is."""

    def __init__(self, path: Path, *, zone: tzinfo = UTC) -> None:
        self.path = path
        self.zone = zone
        self.byte_count = 0
        self._stream: MendingStream | None = None

    @property
    def consumed(self) -> int:
        return self._stream.consumed if self._stream else 0

    def survey(self, on_item: Callable[[int], None] | None = None) -> Survey:
        """Read everything once, so that a file which is not sound is refused before anything is written."""
        tally = _Tally()
        for record in self.records():
            tally.add(record)
            if on_item and isinstance(record, Item):
                on_item(self.consumed)
        mended = self._stream.mended if self._stream else Counter[str]()
        return tally.result(mended, self.consumed)

    def records(self) -> Iterator[SiteInfo | Author | Term | Item]:
        """The channel's head, then every author, term and item, in the file's order."""
        with self._open() as raw:
            self._refuse_other_files(raw)
            self._stream = MendingStream(raw)
            yield from self._parse(self._stream)

    def items(self) -> Iterator[Item]:
        return (record for record in self.records() if isinstance(record, Item))

    def _open(self) -> BinaryIO:
        try:
            return self.path.open("rb")
        except OSError as error:
            reason = gettext_noop("The file cannot be read: %(why)s.")
            advice = gettext_noop("Check the path and your rights to it.")
            why = error.strerror or str(error)
            raise NotWXR(str(self.path), reason, advice, why=why) from error

    def _refuse_other_files(self, raw: BinaryIO) -> None:
        head = raw.read(_HEAD)
        raw.seek(0)
        if reason := _why_not_wxr(head):
            raise NotWXR(str(self.path), reason, _GIVE_WXR)

    def _parse(self, stream: MendingStream) -> Iterator[SiteInfo | Author | Term | Item]:
        context = etree.iterparse(
            stream,
            events=("end",),
            tag=[f"{{*}}{name}" for name in _RECORDS],
            encoding="utf-8",
            huge_tree=True,
            load_dtd=False,
            no_network=True,
            resolve_entities=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            yield from self._walk(context, stream)
        except DoctypeRefusedError as error:
            reason = gettext_noop(
                "The file declares a document type, which no WordPress export does."
            )
            raise NotWXR(str(self.path), reason, _GIVE_WXR) from error
        except etree.XMLSyntaxError as error:
            line = (error.lineno or 0) + stream.skipped_lines
            raise MalformedWXR(
                str(self.path),
                _CUT_OFF if self._is_cut_off() else _MALFORMED,
                _EXPORT_AGAIN,
                line=line or None,
                message=(error.msg or "unreadable").rstrip("."),
            ) from error

    def _is_cut_off(self) -> bool:
        """Whether the end of the file is missing, which is what most broken exports have in common."""
        with self._open() as raw:
            raw.seek(max(self.path.stat().st_size - _TAIL, 0))
            return b"</rss>" not in raw.read().replace(b"\x00", b"")

    def _walk(
        self, context: etree.iterparse[tuple[str, etree._Element]], stream: MendingStream
    ) -> Iterator[SiteInfo | Author | Term | Item]:
        site_seen = False
        for _event, element in context:
            channel = element.getparent()
            if channel is None or etree.QName(channel).localname != "channel":
                continue
            if not site_seen:
                yield build_site(channel)
                site_seen = True
            line = (element.sourceline or 0) + stream.skipped_lines
            if (record := _build(element, line, self.zone)) is not None:
                yield record
            _forget(element, channel)
        if not site_seen:
            yield self._site_without_records(context.root)

    def _site_without_records(self, root: etree._Element | None) -> SiteInfo:
        channel = root.find("channel") if root is not None else None
        if channel is None:
            reason = gettext_noop("The file names WordPress's export format but has no <channel>.")
            raise NotWXR(str(self.path), reason, _GIVE_WXR)
        return build_site(channel)


class _Tally:
    """Counts what passes by."""

    def __init__(self) -> None:
        self.site = SiteInfo()
        self.authors = 0
        self.terms: Counter[str] = Counter()
        self.items: Counter[str] = Counter()
        self.statuses: Counter[str] = Counter()
        self.comments: Counter[str] = Counter()

    def add(self, record: SiteInfo | Author | Term | Item) -> None:
        match record:
            case SiteInfo():
                self.site = record
            case Author():
                self.authors += 1
            case Term():
                self.terms[record.taxonomy] += 1
            case Item():
                self.items[record.post_type] += 1
                self.statuses[record.status] += 1
                self.comments.update(record.comments)

    def result(self, mended: Counter[str], byte_count: int) -> Survey:
        return Survey(
            site=self.site,
            items=dict(self.items),
            statuses=dict(self.statuses),
            comments=dict(self.comments),
            author_count=self.authors,
            term_counts=dict(self.terms),
            mended=dict(mended),
            byte_count=byte_count,
        )


def _why_not_wxr(head: bytes) -> str:
    """Why a file that starts like this is no export; empty when it may be one."""
    if not head.strip():
        return gettext_noop("The file is empty.")
    for mark, reason in _PACKED:
        if head.startswith(mark):
            return reason
    plain = head.replace(b"\x00", b"")  # UTF-16 read as bytes
    if _IS_WXR.search(plain):
        return ""
    for mark, reason in _OTHERS:
        if mark in plain.lower():
            return reason
    return gettext_noop("The file is not a WordPress export.")


def _build(element: etree._Element, line: int, zone: tzinfo) -> Author | Term | Item | None:
    name = etree.QName(element)
    if name.localname == "item":
        return build_item(element, line, zone)
    if not name.namespace:
        return None  # the feed's own <category>, not WordPress's
    return build_author(element, line) if name.localname == "author" else build_term(element, line)


def _forget(element: etree._Element, channel: etree._Element) -> None:
    """Free the element and all that stands before it, so that memory does not grow with the file."""
    element.clear()
    while element.getprevious() is not None:
        del channel[0]
