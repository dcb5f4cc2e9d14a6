"""Content becomes a body: converted, its media and links found among what was imported."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from copydesk.editorial.actions.publishing import page_path
from copydesk.importers.models import ImportedAddress, ImportedItem, ItemState
from copydesk.importers.wordpress.actions.media import (
    import_address,
    media_addresses,
    number_address,
)
from copydesk.importers.wordpress.logic.body import Context, NoteKind
from copydesk.importers.wordpress.logic.convert import (
    Converted,
    convert,
    notes_on,
    read_footnotes,
)
from copydesk.importers.wordpress.logic.fit import fit_blocks
from copydesk.importers.wordpress.logic.links import links_in, rewrite_links
from copydesk.kit.html import clean_article_html

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from copydesk.importers.wordpress.actions.session import Session
    from copydesk.importers.wordpress.logic.records import Item

Value = dict[str, Any]


@dataclass(slots=True)
class Draft:
    """An item on its way in."""

    item: Item
    imported: ImportedItem
    converted: Converted
    #: As converted, with the old site's media and links; what follows is made of it anew at each try.
    found_blocks: list[Value] = field(default_factory=list)
    blocks: list[Value] = field(default_factory=list)
    footnotes: dict[str, str] = field(default_factory=dict)
    lead_picture_id: int | None = None
    content_hash: str = ""
    is_partial: bool = False
    was_partial: bool = False
    is_new: bool = field(init=False)

    def __post_init__(self) -> None:
        self.is_new = self.imported.state == ItemState.CLAIMED


def convert_item(session: Session, item: Item, imported: ImportedItem) -> Draft:
    """The item's content as our blocks; media and links still name the old site."""
    context = Context(
        key=f"{session.source}:{item.wp_id}",
        footnotes=read_footnotes(item.meta.get("footnotes", "")),
        attached_images=session.attached_images(item.wp_id),
        reusable_blocks=session.reusable_blocks,
    )
    converted = convert(item.content, context)
    if also := notes_on(item.title, item.excerpt):
        converted = replace(converted, notes=(*also, *converted.notes))
    found = [_sanitized(block) for block in fit_blocks(converted.blocks)]
    return Draft(item, imported, converted, found)


def _sanitized(block: Value) -> Value:
    if block["type"] != "html":
        return block
    value = {**block["value"], "html": clean_article_html(block["value"]["html"])}
    return {**block, "value": value}


class Finder:
    """Finds what the bodies of a batch refer to, with one query for each kind."""

    def __init__(self, session: Session, drafts: Sequence[Draft]) -> None:
        self.session = session
        refs = [ref for draft in drafts for ref in refs_in(draft.found_blocks)]
        numbers = {ref["wp_id"] for ref in refs if ref["wp_id"]}
        numbers |= {draft.item.meta.get("_thumbnail_id", "") for draft in drafts}
        addresses = {number_address(number) for number in numbers if number}
        addresses |= {name for ref in refs if ref["url"] for name in media_addresses(ref["url"])}
        addresses |= {
            self._page_key(link) for draft in drafts for link in links_in(draft.found_blocks)
        }
        found = ImportedAddress.objects.filter(
            source=session.source, address__in=addresses - {""}
        ).select_related("item__page")
        self._by_address = {row.address: row.item for row in found}

    def _page_key(self, link: str) -> str:
        return self.session.site.address(link)[:500]

    def medium(self, item: Item, ref: Value) -> ImportedItem | None:
        """The file a reference means, brought in now if it was not among the attachments."""
        names = media_addresses(ref["url"]) if ref["url"] else []
        for name in (*names, number_address(ref["wp_id"])):
            if name in self._by_address:
                return self._by_address[name]
        found = import_address(self.session, item, ref["url"])
        if found is not None:
            self._by_address[names[0]] = found
        return found

    def picture_id(self, number: str) -> int | None:
        found = self._by_address.get(number_address(number))
        return found.picture_id if found else None

    def link_attrs(self, link: str) -> str | None:
        """The attributes of a link to what has become a page of ours; None for any other link."""
        key = self._page_key(link)
        found = self._by_address.get(key) if key else None
        if found is None or found.page is None:
            return None
        fragment = urlsplit(link).fragment
        if fragment:
            return f'href="{page_path(found.page)}#{fragment}"'
        return f'linktype="page" id="{found.page_id}"'


def resolve_draft(finder: Finder, draft: Draft) -> None:
    """Put our files and pages in the place of the old site's."""
    draft.is_partial = False
    blocks = [_with_media(finder, draft, block) for block in draft.found_blocks]
    draft.blocks = rewrite_links(blocks, finder.link_attrs)
    draft.footnotes = rewrite_links(dict(draft.converted.footnotes), finder.link_attrs)
    _find_lead_picture(finder, draft)


def _find_lead_picture(finder: Finder, draft: Draft) -> None:
    number = draft.item.meta.get("_thumbnail_id", "")
    if not number:
        return
    if draft.item.post_type == "page":
        detail = f"featured image of a page: attachment {number}"
        finder.session.note(draft.item, NoteKind.ELEMENT_DROPPED.value, detail)
        return
    draft.lead_picture_id = finder.picture_id(number)
    if draft.lead_picture_id is None:
        draft.is_partial = True
        finder.session.note(draft.item, "media_missing", f"lead picture: attachment {number}")


def refs_in(blocks: Iterable[Value]) -> Iterator[Value]:
    """Every reference to a medium in the blocks."""
    for block in blocks:
        for value in _values_with_media(block):
            for name in ("image", "file", "poster"):
                if isinstance(value.get(name), dict):
                    yield value[name]


def _values_with_media(block: Value) -> list[Value]:
    if block["type"] == "gallery":
        return [image["value"] for image in block["value"]["images"]]
    is_media = block["type"] in {"image", "audio", "video", "file"}
    return [block["value"]] if is_media else []


def _with_media(finder: Finder, draft: Draft, block: Value) -> Value:
    if block["type"] == "gallery":
        images = [
            {**image, "value": _found(finder, draft, image["value"])}
            for image in block["value"]["images"]
        ]
        return {**block, "value": {**block["value"], "images": images}}
    if not _values_with_media(block):
        return block
    return {**block, "value": _found(finder, draft, block["value"])}


def _found(finder: Finder, draft: Draft, value: Value) -> Value:
    found = {**value}
    for name in ("image", "file", "poster"):
        if isinstance(value.get(name), dict):
            found[name] = _key_of(finder, draft, name, value[name])
    return found


def _key_of(finder: Finder, draft: Draft, name: str, ref: Value) -> int | None:
    medium = finder.medium(draft.item, ref)
    key = None
    if medium is not None:
        key = medium.attachment_id if name == "file" else medium.picture_id
    if key is None and not (medium is not None and medium.attachment_id and name == "image"):
        draft.is_partial = True
        shown = ref["url"] or f"attachment {ref['wp_id']}"
        finder.session.note(draft.item, "media_missing", shown)
    return key
