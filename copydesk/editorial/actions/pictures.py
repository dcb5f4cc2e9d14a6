"""Pictures: renditions made ahead of readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copydesk.editorial.models import Article, Picture
from copydesk.editorial.models.media import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator


def make_renditions(*, article_id: int) -> int:
    """Make every rendition the article's page offers; return how many. A picture that is gone is passed over."""
    article = Article.objects.filter(pk=article_id, live=True).first()
    if article is None:
        return 0
    made = 0
    for picture in _pictures(article):
        specs = [
            picture.rendition_spec(width, form)
            for width in picture.shape.offered_widths()
            for form in (*FORMATS, "jpeg")
        ]
        renditions = picture.get_renditions(*specs)
        for rendition in renditions.values():
            rendition.file.close()
        made += len(renditions)
    return made


def _pictures(article: Article) -> Iterator[Picture]:
    if article.lead_picture:
        yield article.lead_picture
    for child in article.body:
        if child.block_type == "image" and child.value["image"]:
            yield child.value["image"]
        elif child.block_type == "gallery":
            yield from (item["image"] for item in child.value["images"] if item["image"])
