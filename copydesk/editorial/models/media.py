"""Pictures and files: what is kept of an upload, and the markup that shows it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import models, transaction
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image
from wagtail.images.utils import generate_signature

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

WIDTHS = (480, 800, 1200, 1800)
FORMATS = ("avif", "webp")


class Crop(NamedTuple):
    """A ratio to cut a picture to around its focal point, such as 16 by 9."""

    across: int
    down: int


class Picture(AbstractImage):
    """An uploaded picture. Its `description` is the text for those who do not see it."""

    # Who is to be named wherever the picture stands; filled in from the file's own IPTC or XMP data.
    credit = models.CharField(_("credit"), max_length=255, blank=True)
    # Shown under the picture where the article gives no caption of its own.
    caption = models.TextField(_("caption"), blank=True)

    admin_form_fields = (*(name for name in Image.admin_form_fields), "caption", "credit")

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save in one transaction with whatever follows from it: uploads are changed outside of the desk's own."""
        with transaction.atomic():
            super().save(*args, **kwargs)

    @property
    def shape(self) -> Shape:
        """What the markup depends on."""
        return Shape(self.pk, self.file_hash, self.width, self.height)

    def rendition_url(self, width: int, form: str, crop: Crop | None = None) -> str:
        """Return the signed address of a rendition, which is made when first asked for.

        `width` is in CSS pixels, `form` one of avif, webp, jpeg. The file's hash in the address
        makes a replaced file a new address, so browsers may keep each for ever.
        """
        return _rendition_url(self.pk, self.file_hash, rendition_size(width, crop), form)

    def rendition_spec(self, width: int, form: str, crop: Crop | None = None) -> str:
        """Return Wagtail's filter spec for a rendition."""
        return f"{rendition_size(width, crop)}|format-{form}"

    def shown_size(self, width: int, crop: Crop | None = None) -> tuple[int, int]:
        """Return (width, height) of the rendition of that width; pictures are never enlarged."""
        return self.shape.shown_size(width, crop)

    def markup(
        self, *, alt: str, sizes: str, crop: Crop | None = None, is_first: bool = False
    ) -> SafeString:
        """Return `<picture>` in AVIF, WebP and JPEG with sizes set; lazy unless it is the page's first."""
        return picture_markup(self.shape, alt=alt, sizes=sizes, crop=crop, is_first=is_first)


class Shape(NamedTuple):
    """What the markup of a picture depends on."""

    pk: int
    file_hash: str
    width: int
    height: int

    def shown_size(self, width: int, crop: Crop | None) -> tuple[int, int]:
        """Return (width, height) of the rendition of that width; pictures are never enlarged."""
        if crop:
            return width, round(width * crop.down / crop.across)
        shown = min(width, self.width)
        return shown, max(1, round(self.height * shown / self.width))

    def offered_widths(self) -> list[int]:
        """Return the widths worth offering to browsers: none above the original's."""
        return [width for width in WIDTHS if width <= self.width] or [min(WIDTHS[0], self.width)]

    def srcset(self, form: str, crop: Crop | None) -> str:
        """Return the renditions of every width offered, as browsers choose among them."""
        urls = (
            (_rendition_url(self.pk, self.file_hash, rendition_size(width, crop), form), width)
            for width in self.offered_widths()
        )
        return ", ".join(f"{url} {width}w" for url, width in urls)


# Remembered: a dozen signed addresses each, and lists show two dozen pictures.
@lru_cache(maxsize=2_000)
def picture_markup(
    shape: Shape, *, alt: str, sizes: str, crop: Crop | None = None, is_first: bool = False
) -> SafeString:
    """Return `<picture>` in AVIF, WebP and JPEG with sizes set; lazy unless it is the page's first."""
    sources = format_html_join(
        "",
        '<source type="image/{}" srcset="{}" sizes="{}">',
        ((form, shape.srcset(form, crop), sizes) for form in FORMATS),
    )
    widths = shape.offered_widths()
    middle = widths[min(1, len(widths) - 1)]
    width, height = shape.shown_size(middle, crop)
    return format_html(
        '<picture>{}<img src="{}" srcset="{}" sizes="{}" alt="{}" width="{}" height="{}" {}></picture>',
        sources,
        _rendition_url(shape.pk, shape.file_hash, rendition_size(middle, crop), "jpeg"),
        shape.srcset("jpeg", crop),
        sizes,
        alt,
        width,
        height,
        format_html('fetchpriority="{}"', "high")
        if is_first
        else format_html('loading="{}" decoding="async"', "lazy"),
    )


def rendition_size(width: int, crop: Crop | None) -> str:
    """Return the operation that makes a rendition, as Wagtail's filter specs name it."""
    return f"fill-{width}x{round(width * crop.down / crop.across)}" if crop else f"width-{width}"


def _rendition_url(pk: int, file_hash: str, size: str, form: str) -> str:
    signature = generate_signature(pk, f"{size}|format-{form}")
    path = reverse("editorial:picture", args=[signature, pk, size, form])
    return f"{path}?v={file_hash[:8]}"


class PictureRendition(AbstractRendition):
    """A picture at one size, in one format."""

    image = models.ForeignKey(Picture, models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_per_spec"
            )
        ]


class Attachment(AbstractDocument):
    """An uploaded file: something to download, to hear or to watch."""

    admin_form_fields = Document.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = _("file")
        verbose_name_plural = _("files")

    @property
    def url(self) -> str:
        """The path readers get the file at."""
        return reverse("editorial:attachment", args=[self.pk, self.filename])
