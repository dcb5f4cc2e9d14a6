"""Imports run by a test, and files for them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from PIL import Image
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, ReferenceIndex, Revision
from wagtail_footnotes.models import Footnote

from copydesk.editorial.models import (
    Article,
    Attachment,
    Person,
    Picture,
    PublishedArticle,
    PublishedMonth,
    StaticPage,
    Topic,
)
from copydesk.importers.models import ImportedItem
from copydesk.importers.wordpress.actions import Options, import_wordpress
from tests.factories.wxr import item

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2024, 5, 6, 7, 8, tzinfo=UTC)
AUTHOR = (
    "<wp:author><wp:author_login>ann</wp:author_login><wp:author_email>secret@old.example</wp:author_email>"
    "<wp:author_display_name><![CDATA[Ann Lee]]></wp:author_display_name>"
    "<wp:author_description><![CDATA[Writes <b>here</b>.]]></wp:author_description></wp:author>"
)
UPLOADS = "https://old.example/wp-content/uploads"
WRITTEN: list[type[Any]] = [
    Page, Article, StaticPage, Revision, Redirect, Topic, Person, Picture, Attachment, Footnote,
    PublishedArticle, PublishedMonth, ReferenceIndex, ImportedItem,
]  # fmt: skip


class Silent:
    def begin(self, step: str, total: int) -> None:
        pass

    def advance(self, count: int = 1) -> None:
        pass


def run(path: Path, **options: Any) -> dict[str, Any]:
    """Import an export and return the report."""
    return import_wordpress(path=path, options=Options(**options), at=AT, progress=Silent())


def everything() -> dict[str, Any]:
    """All that an import writes, so that two states can be compared."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in WRITTEN}


def picture_file(folder: Path, name: str, width: int = 40) -> Path:
    """A picture on disk."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (width, 30), "red").save(path)
    return path


def attachment(number: int, name: str, more: str = "", **fields: str) -> str:
    """An attachment of an export; `name` is an address, or where below the uploads it lies."""
    url = name if "://" in name else f"{UPLOADS}/{name}"
    inside = more + f"<wp:attachment_url>{url}</wp:attachment_url>"
    return item(number, post_type="attachment", status="inherit", more=inside, **fields)
