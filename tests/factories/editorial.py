"""Articles and what belongs to them, for tests."""

from __future__ import annotations

from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.core.files.base import ContentFile
from PIL import Image

from copydesk.editorial.actions.setup import prepare_site
from copydesk.editorial.models import (
    Article,
    ArticleTopic,
    Attachment,
    Byline,
    BylineRole,
    FrontPage,
    Person,
    Picture,
    PublishedArticle,
    Series,
    StaticPage,
    Topic,
)
from copydesk.kit import clock
from copydesk.kit.ids import make_slug

if TYPE_CHECKING:
    from collections.abc import Iterable

    from copydesk.members.models import Member

_number = count(1)


def front_page() -> FrontPage:
    """Return the root of the publication, prepared when there is none."""
    return FrontPage.objects.first() or prepare_site(at=clock.now())


def block(kind: str, value: Any = None) -> dict[str, Any]:
    """Return a block of a body as it is stored."""
    return {"type": kind, "value": value, "id": str(uuid4())}


def text(*paragraphs: str) -> dict[str, Any]:
    """Return a text block of these paragraphs, each the HTML inside a `<p>`."""
    return block("text", "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs))


def make_body(*blocks: dict[str, Any] | str) -> list[dict[str, Any]]:
    """Return a body; a string is a paragraph of text."""
    return [text(each) if isinstance(each, str) else each for each in blocks]


def make_article(
    title: str = "",
    *,
    body: Iterable[dict[str, Any] | str] = ("Words.",),
    by: Iterable[Person | str] = (),
    topics: Iterable[Topic | str] = (),
    owner: Member | None = None,
    **fields: Any,
) -> Article:
    """Return a new article that is not published: a draft in the tree, with one revision."""
    title = title or f"Article {next(_number)}"
    slug = fields.pop("slug", "") or f"{make_slug(title)}-{next(_number)}"
    article = Article(
        title=title, slug=slug, owner=owner, live=False, body=make_body(*body), **fields
    )
    article.bylines = [Byline(person=_person(person), role=BylineRole.AUTHOR) for person in by]
    article.article_topics = [ArticleTopic(topic=_topic(topic)) for topic in topics]
    front_page().add_child(instance=article)
    article.save_revision(user=owner)
    return article


def publish(article: Article) -> PublishedArticle:
    """Publish the latest revision of `article` as the desk does, and return what readers get."""
    article.refresh_from_db()
    article.get_latest_revision().publish()
    article.refresh_from_db()
    return PublishedArticle.objects.get(article=article)


def make_static_page(
    title: str = "About us", *, body: Iterable[dict[str, Any] | str] = ("About.",)
) -> StaticPage:
    """Return a static page that is live."""
    page = StaticPage(
        title=title, slug=f"{make_slug(title)}-{next(_number)}", live=False, body=make_body(*body)
    )
    front_page().add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def make_topic(name: str = "Health", **fields: Any) -> Topic:
    """Return a topic."""
    return Topic.objects.create(name=name, slug=fields.pop("slug", make_slug(name)), **fields)


def make_series(name: str = "A year of bridges", **fields: Any) -> Series:
    """Return a series."""
    return Series.objects.create(name=name, slug=fields.pop("slug", make_slug(name)), **fields)


def make_person(name: str = "Rosa Reporter", **fields: Any) -> Person:
    """Return a person to put on bylines."""
    return Person.objects.create(name=name, slug=fields.pop("slug", make_slug(name)), **fields)


def image_file(
    *, size: tuple[int, int] = (900, 600), form: str = "JPEG", name: str = "", **save: Any
) -> ContentFile[bytes]:
    """Return an image as it would be uploaded."""
    out = BytesIO()
    Image.new("RGB", size, (70, 110, 160)).save(out, form, **save)
    extension = {"JPEG": "jpg"}.get(form, form.lower())
    return ContentFile(out.getvalue(), name=name or f"picture-{next(_number)}.{extension}")


def make_picture(
    title: str = "A bridge", *, file: ContentFile[bytes] | None = None, **fields: Any
) -> Picture:
    """Return a picture with a real file."""
    picture: Picture = Picture.objects.create(title=title, file=file or image_file(), **fields)
    return picture


def make_attachment(
    title: str = "Minutes",
    *,
    content: bytes = b"%PDF-1.4\n",
    name: str = "minutes.pdf",
    **fields: Any,
) -> Attachment:
    """Return an uploaded file."""
    attachment: Attachment = Attachment.objects.create(
        title=title, file=ContentFile(content, name=name), **fields
    )
    return attachment


def _person(person: Person | str) -> Person:
    if isinstance(person, Person):
        return person
    return Person.objects.filter(name=person).first() or make_person(person)


def _topic(topic: Topic | str) -> Topic:
    if isinstance(topic, Topic):
        return topic
    return Topic.objects.filter(name=topic).first() or make_topic(topic)
