"""Bring in files: from a copy of ``wp-content/uploads``, or over the network."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from wagtail.images.fields import WagtailImageField

from copydesk.editorial.logic.pictures import BadPicture, prepare_upload
from copydesk.editorial.models import Attachment, Picture
from copydesk.importers.models import ImportedAddress, ImportedItem, ItemKind, ItemState
from copydesk.importers.wordpress.actions.redirects import add_file_redirects
from copydesk.importers.wordpress.actions.session import ITEM_ERRORS, Session, describe, line_about
from copydesk.importers.wordpress.logic.convert import plain_text
from copydesk.importers.wordpress.logic.fit import shorten
from copydesk.importers.wordpress.logic.links import original_urls, upload_path
from copydesk.importers.wordpress.logic.plan import content_hash
from copydesk.importers.wordpress.logic.records import Item
from copydesk.kit import http

_LONGEST_ID: Final = 200
_MOST_FILE_BYTES: Final = 500 * 1024 * 1024
_ALT: Final = "_wp_attachment_image_alt"
_TYPES: Final = ("image/", "audio/", "video/", "application/", "text/csv", "text/plain", "text/vtt")


class MissingFile(Exception):
    """There is no file to be had for an address; the message says why."""


def media_address(url: str) -> str:
    """An address of a file as it is looked up: without scheme and query."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower().removeprefix("www.")
    return f"media:{host}{unquote(parts.path)}"[:500]


def number_address(wp_id: int | str) -> str:
    """How an attachment is looked up by its number."""
    return f"media-id:{wp_id}"


def media_id(url: str) -> str:
    """The name of a file at its source: its address, or a digest of one that is too long."""
    address = media_address(url)
    digest = hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()
    return address if len(address) <= _LONGEST_ID else f"media:{digest}"


def media_addresses(url: str) -> list[str]:
    """Where to look for the file of an image's address, which may be of a smaller copy."""
    return list(dict.fromkeys(media_address(candidate) for candidate in original_urls(url)))


def import_attachment(session: Session, item: Item) -> ImportedItem | None:
    """Bring in the file of an attachment, once; None when there is none to be had."""
    url = item.attachment_url or item.guid
    known = ImportedItem.objects.filter(
        source=session.source, kind=ItemKind.MEDIA, external_id=media_id(url)
    ).first()
    if known is not None and known.state == ItemState.DONE:
        outcome = "unchanged" if known.picture_id or known.attachment_id else "deleted here"
        session.report.count("media", outcome)
        return known
    if not session.options.brings_media:
        session.report.count("media", "not looked for")
        return None
    return _bring_in(session, item, url)


def import_address(session: Session, item: Item, url: str) -> ImportedItem | None:
    """Bring in a file that a post shows but that is no attachment of the export."""
    if not session.options.brings_media or not url.startswith(("http://", "https://")):
        return None
    stand_in = Item(
        line=item.line, title=PurePosixPath(unquote(urlsplit(url).path)).stem, attachment_url=url
    )
    return _bring_in(session, stand_in, url)


def _bring_in(session: Session, item: Item, url: str) -> ImportedItem | None:
    if media_id(url) in session.lost_files:
        return None
    stored = _try(session, item, url)
    if stored is None:
        session.lost_files.add(media_id(url))
    return stored


def _try(session: Session, item: Item, url: str) -> ImportedItem | None:
    try:
        with transaction.atomic():
            stored = _store(session, item, url)
    except (MissingFile, http.FetchFailed) as error:
        session.report.count("media", "missing")
        session.report.note(line_about(item, "media_missing", f"{url}: {error}"))
        return None
    except (http.FetchRefused, *ITEM_ERRORS) as error:
        session.report.count("media", "refused")
        session.report.note(line_about(item, "media_refused", f"{url}: {describe(error)}"))
        return None
    session.report.count("media", "created")
    return stored


def _store(session: Session, item: Item, url: str) -> ImportedItem:
    name = PurePosixPath(unquote(urlsplit(url).path)).name or "file"
    data = _read(session, item, url)
    target: dict[str, Picture | Attachment]
    if _extension(name) in settings.WAGTAILIMAGES_EXTENSIONS:
        picture = _store_picture(item, name, data)
        target, shown = (
            {"picture": picture},
            picture.rendition_url(max(picture.shape.offered_widths()), "jpeg"),
        )
    elif _extension(name) in settings.WAGTAILDOCS_EXTENSIONS:
        attachment = _store_attachment(item, name, data)
        target, shown = {"attachment": attachment}, attachment.url
    else:
        raise MissingFile(f"files of type {_extension(name) or 'unknown'} are not kept")
    stored, _created = ImportedItem.objects.update_or_create(
        source=session.source,
        kind=ItemKind.MEDIA,
        external_id=media_id(url),
        defaults={"state": ItemState.DONE, "content_hash": content_hash(item), **target},
    )
    for address in (media_address(url), *([number_address(item.wp_id)] if item.wp_id else ())):
        ImportedAddress.objects.update_or_create(
            source=session.source, address=address, defaults={"item": stored}
        )
    add_file_redirects(session.site, item, url, shown)
    session.note_repairs(item, item.title, item.excerpt, item.meta.get(_ALT, ""))
    return stored


def _extension(name: str) -> str:
    return PurePosixPath(name).suffix.lower().removeprefix(".")


def _read(session: Session, item: Item, url: str) -> bytes:
    if session.options.media_dir is not None:
        found = find_file(session.options.media_dir, url, item.meta.get("_wp_attached_file", ""))
        if found is not None:
            return found.read_bytes()
    if session.options.fetch_media:
        return http.fetch(url, max_bytes=_MOST_FILE_BYTES, content_types=_TYPES).body
    raise MissingFile(f"no such file below {session.options.media_dir}")


def find_file(folder: Path, url: str, attached_file: str) -> Path | None:
    """The file of an address below a folder that is the site's, its ``wp-content`` or its uploads."""
    root = folder.resolve()
    inside = upload_path(url, attached_file)
    for start in ("", "uploads", "wp-content/uploads"):
        candidate = (root / start / inside).resolve()
        if candidate.is_relative_to(root) and candidate.is_file():
            return candidate
    return None


def _store_picture(item: Item, name: str, data: bytes) -> Picture:
    WagtailImageField().clean(SimpleUploadedFile(name, data))
    try:
        upload = prepare_upload(data)
    except BadPicture as error:
        raise ValidationError("the picture is damaged") from error
    alt = plain_text(item.meta.get(_ALT, "")) or upload.alt
    picture = Picture(
        title=_title(item, name),
        description=shorten(alt, 255),
        caption=plain_text(item.excerpt) or upload.caption,
        credit=shorten(upload.credit, 255),
        file=SimpleUploadedFile(name, upload.data),
    )
    picture._set_image_file_metadata()  # noqa: SLF001 - as Wagtail's own upload views do
    picture.save(force_insert=True)
    return picture


def _store_attachment(item: Item, name: str, data: bytes) -> Attachment:
    attachment = Attachment(title=_title(item, name), file=SimpleUploadedFile(name, data))
    attachment._set_document_file_metadata()  # noqa: SLF001 - as Wagtail's own upload views do
    attachment.save(force_insert=True)
    return attachment


def _title(item: Item, name: str) -> str:
    return shorten(plain_text(item.title) or name, 255)
