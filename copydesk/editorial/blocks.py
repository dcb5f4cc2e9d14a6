"""The parts an article's body is made of. Each block's template is `editorial/blocks/<name>.html`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from copydesk.editorial.logic.code import LANGUAGES, highlight_code
from copydesk.editorial.logic.embeds import Embed, find_embed
from copydesk.kit.html import clean_article_html
from copydesk.sources.models import QuotationKind

if TYPE_CHECKING:
    from collections.abc import Mapping

INLINE = ["bold", "italic", "link"]
PROSE = [
    *INLINE,
    "document-link",
    "ol",
    "ul",
    "superscript",
    "subscript",
    "strikethrough",
    "code",
    "footnotes",
]


class Heading(blocks.StructBlock):
    """A heading inside the article, with an address of its own."""

    text = blocks.CharBlock(label=_("Text"), max_length=250)
    level = blocks.ChoiceBlock(
        [("2", _("Section")), ("3", _("Subsection")), ("4", _("Minor"))],
        default="2",
        label=_("Level"),
    )
    anchor = blocks.RegexBlock(
        r"^[a-z0-9][a-z0-9_-]{0,79}$",
        required=False,
        label=_("Anchor"),
        help_text=_("Small letters, digits and hyphens. Leave empty to make one from the text."),
    )

    class Meta:
        icon = "title"
        label = _("Heading")
        template = "editorial/blocks/heading.html"


class Quotation(blocks.StructBlock):
    """Somebody else's words, with where they come from."""

    text = blocks.RichTextBlock(features=[*INLINE, "ol", "ul", "blockquote"], label=_("Words"))
    speaker = blocks.CharBlock(required=False, max_length=200, label=_("Speaker or author"))
    publication = blocks.CharBlock(required=False, max_length=300, label=_("Publication"))
    url = blocks.URLBlock(required=False, max_length=1000, label=_("Address of the source"))
    date = blocks.DateBlock(required=False, label=_("Date"))
    # The number of the source its words are compared with.
    source = blocks.IntegerBlock(required=False, min_value=1, label=_("Source"))
    kind = blocks.ChoiceBlock(
        QuotationKind.choices, default=QuotationKind.DIRECT, label=_("Whose words")
    )
    # Somebody's reason for words that are not the source's; recorded with the name of whoever publishes them.
    override_reason = blocks.CharBlock(
        required=False, max_length=500, label=_("Why these words are kept")
    )

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "editorial/blocks/quotation.html"


class PullQuote(blocks.StructBlock):
    """A sentence of the article itself, set large."""

    text = blocks.TextBlock(max_length=600, label=_("Words"))
    attribution = blocks.CharBlock(required=False, max_length=200, label=_("Attribution"))

    class Meta:
        icon = "openquote"
        label = _("Pull quote")
        template = "editorial/blocks/pullquote.html"


class PlainImage(blocks.StructBlock):
    """A picture with what belongs to it."""

    image = ImageChooserBlock(required=False, label=_("Picture"))
    alt = blocks.CharBlock(
        required=False,
        max_length=500,
        label=_("Text for those who do not see it"),
        help_text=_("Leave empty to use the picture's own description."),
    )
    is_decorative = blocks.BooleanBlock(required=False, label=_("Only decoration: needs no text"))
    caption = blocks.RichTextBlock(required=False, features=INLINE, label=_("Caption"))
    credit = blocks.CharBlock(required=False, max_length=255, label=_("Credit"))

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "editorial/blocks/picture.html"


class BodyImage(PlainImage):
    """A picture in the flow of the text."""

    width = blocks.ChoiceBlock(
        [
            ("text", _("As wide as the text")),
            ("wide", _("Wider")),
            ("full", _("As wide as the window")),
        ],
        default="text",
        label=_("Width"),
    )

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "editorial/blocks/picture.html"


class Gallery(blocks.StructBlock):
    """Several pictures together."""

    images = blocks.ListBlock(PlainImage(), min_num=1, label=_("Pictures"))
    caption = blocks.CharBlock(required=False, max_length=500, label=_("Caption"))

    class Meta:
        icon = "copy"
        label = _("Gallery")
        template = "editorial/blocks/gallery.html"


class Table(blocks.StructBlock):
    """Rows and columns."""

    caption = blocks.CharBlock(required=False, max_length=300, label=_("Caption"))
    table = TypedTableBlock(
        [("text", blocks.RichTextBlock(features=INLINE, label=_("Text")))], label=_("Table")
    )
    has_header_column = blocks.BooleanBlock(
        required=False, label=_("The first column names the rows")
    )

    def get_context(
        self, value: Mapping[str, Any], parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add whether any column has a heading: a row of empty ones would be read out as such."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        columns = value["table"].columns if value["table"] else []
        return context | {"has_headings": any(column["heading"] for column in columns)}

    class Meta:
        icon = "table"
        label = _("Table")
        template = "editorial/blocks/table.html"


class Code(blocks.StructBlock):
    """Program text, highlighted when published."""

    language = blocks.ChoiceBlock(LANGUAGES, default="text", label=_("Language"))
    code = blocks.TextBlock(rows=8, label=_("Code"))
    caption = blocks.CharBlock(required=False, max_length=300, label=_("Caption"))

    def get_context(
        self, value: Mapping[str, Any], parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add the highlighted code."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        return context | {"lines": highlight_code(value["code"], value["language"])}

    class Meta:
        icon = "code"
        label = _("Code")
        template = "editorial/blocks/code.html"


class Callout(blocks.StructBlock):
    """An aside in a box."""

    kind = blocks.ChoiceBlock(
        [("note", _("Note")), ("background", _("Background")), ("warning", _("Warning"))],
        default="note",
        label=_("Kind"),
    )
    title = blocks.CharBlock(required=False, max_length=200, label=_("Title"))
    text = blocks.RichTextBlock(features=PROSE, label=_("Text"))

    class Meta:
        icon = "info-circle"
        label = _("Callout")
        template = "editorial/blocks/callout.html"


class EmbedFacade(blocks.StructBlock):
    """Something on another site, shown as a link until the reader clicks."""

    url = blocks.URLBlock(max_length=1000, label=_("Address"))
    title = blocks.CharBlock(required=False, max_length=250, label=_("Title"))
    caption = blocks.CharBlock(required=False, max_length=500, label=_("Caption"))

    def get_context(
        self, value: Mapping[str, Any], parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add the provider and the address of its frame."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        embed: Embed = find_embed(value["url"])
        return context | {"embed": embed}

    class Meta:
        icon = "media"
        label = _("Embed")
        template = "editorial/blocks/embed.html"


class Audio(blocks.StructBlock):
    """Something to hear."""

    file = DocumentChooserBlock(required=False, label=_("File"))
    title = blocks.CharBlock(required=False, max_length=250, label=_("Title"))
    caption = blocks.CharBlock(required=False, max_length=500, label=_("Caption"))
    transcript = blocks.RichTextBlock(
        required=False, features=[*INLINE, "ol", "ul"], label=_("Transcript")
    )

    class Meta:
        icon = "media"
        label = _("Audio")
        template = "editorial/blocks/audio.html"


class Video(Audio):
    """Something to watch."""

    poster = ImageChooserBlock(required=False, label=_("Picture before it plays"))

    class Meta:
        icon = "media"
        label = _("Video")
        template = "editorial/blocks/video.html"


class File(blocks.StructBlock):
    """Something to download."""

    file = DocumentChooserBlock(required=False, label=_("File"))
    label = blocks.CharBlock(required=False, max_length=250, label=_("Label"))

    class Meta:
        icon = "doc-full"
        label = _("File")
        template = "editorial/blocks/file.html"


class CleanHTML(blocks.FieldBlock):
    """A text field whose value is sanitized on its way in and again on its way out."""

    def __init__(self, **options: Any) -> None:
        self.field = blocks.TextBlock(required=False).field
        super().__init__(**options)

    def clean(self, value: str) -> str:
        """Return the value with nothing live in it."""
        return clean_article_html(super().clean(value) or "")


class ImportedHTML(blocks.StructBlock):
    """What an importer could not map to another block. Nobody can add one in the editor."""

    html = CleanHTML(label=_("Content"))
    origin = blocks.CharBlock(required=False, label=_("What it was"))

    def get_context(
        self, value: Mapping[str, Any], parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add the sanitized content: a value written past the form is cleaned here."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        return context | {"html": clean_article_html(value["html"] or "")}

    class Meta:
        icon = "code"
        label = _("Imported content")
        template = "editorial/blocks/imported.html"


class ArticleBody(blocks.StreamBlock):
    """The body of an article or a static page."""

    text = blocks.RichTextBlock(
        features=PROSE, label=_("Text"), template="editorial/blocks/text.html"
    )
    heading = Heading()
    quotation = Quotation()
    pullquote = PullQuote()
    image = BodyImage()
    gallery = Gallery()
    table = Table()
    code = Code()
    callout = Callout()
    divider = blocks.StaticBlock(
        icon="horizontalrule",
        label=_("Divider"),
        template="editorial/blocks/divider.html",
        admin_text=_("A line."),
    )
    embed = EmbedFacade()
    audio = Audio()
    video = Video()
    file = File()
    preview_end = blocks.StaticBlock(
        icon="lock",
        label=_("End of the public preview"),
        template="editorial/blocks/preview_end.html",
        admin_text=_("On an article for members, everybody may read what stands above this line."),
    )
    html = ImportedHTML(group=_("Imported"))

    class Meta:
        block_counts: ClassVar[dict[str, dict[str, int]]] = {"preview_end": {"max_num": 1}}


class NavigationLink(blocks.StructBlock):
    """A link with a label: to a page here, or to an address."""

    label = blocks.CharBlock(max_length=60, label=_("Label"))
    page = blocks.PageChooserBlock(required=False, label=_("Page"))
    address = blocks.RegexBlock(
        r"^(/|https?://|mailto:)\S*$",
        required=False,
        label=_("or address"),
        help_text=_("Such as /topics/health/ or https://example.org/."),
    )

    class Meta:
        icon = "link"
        label = _("Link")


class NavigationLinks(blocks.StreamBlock):
    """An ordered list of links."""

    link = NavigationLink()

    class Meta:
        required = False


class ProfileLink(blocks.StructBlock):
    """A profile on another site."""

    label = blocks.CharBlock(max_length=60, label=_("Label"))
    url = blocks.URLBlock(max_length=500, label=_("Address"))

    class Meta:
        icon = "link"
        label = _("Profile")


class ProfileLinks(blocks.StreamBlock):
    """A person's profiles elsewhere."""

    profile = ProfileLink()

    class Meta:
        required = False
