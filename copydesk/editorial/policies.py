"""Who may read and who may edit. Views load articles through these alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db.models import Model
from django.http import Http404
from wagtail.images.models import SourceImageIOError
from wagtail.images.utils import verify_signature

from copydesk.editorial.models import (
    Attachment,
    FrontPage,
    Person,
    Picture,
    PublishedArticle,
    Series,
    StaticPage,
    Topic,
    Visibility,
    WithdrawnAddress,
)
from copydesk.editorial.models.published import find_published
from copydesk.members.models import Tier

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from copydesk.editorial.models import Article, PictureRendition
    from copydesk.members.models import Member

Row = TypeVar("Row", bound=Model)


class NotPublished(Exception):
    """Nothing is or was published at this address."""


class Withdrawn(Exception):
    """Something was published at this address and has been taken back."""

    def __init__(self, path: str, *, at: datetime, history_path: str = "") -> None:
        super().__init__(path)
        self.at, self.history_path = at, history_path


def get_visible_article(*, path: str) -> PublishedArticle:
    """Return what readers get at `path`, with its picture, topics and people; no draft ever.

    Whether a reader may read it to its end is for `may_read_in_full` to say.

    Raises NotPublished, or Withdrawn where something stood here once.
    """
    found = find_published(path)
    if found is not None:
        return found
    gone = WithdrawnAddress.objects.filter(path=path).first()
    if gone is not None:
        raise Withdrawn(path, at=gone.withdrawn_at, history_path=gone.history_path)
    raise NotPublished(path)


def may_read_in_full(reader: Member | AnonymousUser, published: PublishedArticle) -> bool:
    """Whether `reader` may read past the public preview of what is published."""
    return may_read_what_is_for(reader, published.visibility)


def may_read_what_is_for(reader: Member | AnonymousUser, visibility: str) -> bool:
    """Whether `reader` is among those that text of a visibility is for.

    The desk's people read everything they might have to work on; a deactivated account reads what everybody does.
    """
    if visibility == Visibility.PUBLIC:
        return True
    if not (reader.is_authenticated and reader.is_active):
        return False
    return visibility == Visibility.MEMBERS or reader.tier == Tier.PAID or reader.is_staff


def may_edit(reader: Member | AnonymousUser, page: Article | StaticPage) -> bool:
    """Whether `reader` may change `page` at the desk."""
    if not (reader.is_authenticated and reader.is_active):
        return False
    return bool(page.permissions_for_user(reader).can_edit())


def find_editable_page(*, reader: Member | AnonymousUser, path: str) -> Article | StaticPage | None:
    """Return the article or static page that readers find at `path`, if `reader` may change it at the desk."""
    if not (reader.is_authenticated and reader.is_staff) or "\0" in path:
        return None
    published = PublishedArticle.objects.filter(path=path).select_related("article").first()
    page = published.article if published else find_visible_static_page(path=path)
    return page if page is not None and may_edit(reader, page) else None


def get_visible_topic(*, slug: str) -> Topic:
    """Return a topic. Raises Http404 where there is none."""
    return _one(Topic.objects.filter(slug=slug))


def get_visible_person(*, slug: str) -> Person:
    """Return a person with their portrait. Raises Http404 where there is none."""
    return _one(Person.objects.filter(slug=slug).select_related("portrait"))


def get_visible_series(*, slug: str) -> Series:
    """Return a series. Raises Http404 where there is none."""
    return _one(Series.objects.filter(slug=slug))


def find_visible_static_page(*, path: str) -> StaticPage | None:
    """Return the live static page at a path of readers, or None."""
    front = FrontPage.objects.values_list("url_path", flat=True).first()
    live = StaticPage.objects.filter(live=True)
    page: StaticPage | None = live.filter(url_path=f"{front}{path.removeprefix('/')}").first()
    return page


def get_signed_picture(*, signature: str, pk: int, spec: str) -> PictureRendition:
    """Return a rendition our own pages offer. Raises Http404 for any other, or where the file is gone."""
    if not verify_signature(signature.encode(), pk, spec):
        raise Http404
    picture: Picture = _one(Picture.objects.filter(pk=pk))
    try:
        rendition: PictureRendition = picture.get_rendition(spec)
    except SourceImageIOError as gone:
        raise Http404 from gone
    return rendition


def get_visible_attachment(*, pk: int, name: str) -> Attachment:
    """Return an uploaded file by its number and name. Raises Http404 where there is none."""
    attachment: Attachment = _one(Attachment.objects.filter(pk=pk))
    if attachment.filename != name or not attachment.file.storage.exists(attachment.file.name):
        raise Http404
    return attachment


def _one(rows: QuerySet[Row]) -> Row:
    found = rows.first()
    if found is None:
        raise Http404
    return found


def may_edit_everything(reader: Member | AnonymousUser) -> bool:
    """Whether `reader` edits the whole publication, as editors do, not only what is their own."""
    front = FrontPage.objects.first()
    return front is not None and front.permissions_for_user(reader).edits_everything()


def may_create(reader: Member | AnonymousUser, kind: type[Article | StaticPage]) -> bool:
    """Whether `reader` may add a page of this kind: articles all who write, static pages only editors."""
    front = FrontPage.objects.first()
    if front is None or not front.permissions_for_user(reader).can_add_subpage():
        return False
    return not issubclass(kind, StaticPage) or may_edit_everything(reader)
