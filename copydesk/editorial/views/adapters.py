"""How blocks present themselves to the scripts of the desk's editor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.staticfiles import versioned_static
from wagtail.blocks.struct_block import BlockGroup, StructBlockAdapter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copydesk.editorial.blocks import Quotation


# The words, why they are kept and what they are compared with stand together; then what is told of them.
LAYOUT = (
    "text", "override_reason", "source", "kind", "speaker", "publication", "date", "url",
)  # fmt: skip


class QuotationAdapter(StructBlockAdapter):
    """Gives a quotation what its script asks the desk for, and the words the script says."""

    js_constructor = "copydesk.Quotation"

    def js_args(self, block: Quotation) -> list[Any]:
        """Return Wagtail's arguments, with ours among what it says of the block."""
        name, children, meta = super().js_args(block)
        ours = {
            "formLayout": BlockGroup(list(LAYOUT)),
            "quoting": {"addresses": _addresses(), "words": _words()},
        }
        return [name, children, {**meta, **ours}]

    @cached_property
    def media(self) -> forms.Media:
        """Return Wagtail's script with ours behind it, and our style."""
        module = forms.Script(versioned_static("sources/desk/quotation.js"), type="module")
        scripts: list[Any] = ["editorial/desk/quotation-block.js", module]
        styles = ["sources/desk/quotation.css", "sources/desk/differences.css"]
        style: dict[str, Sequence[str]] = {"all": styles}
        media: forms.Media = super().media + forms.Media(js=scripts, css=style)
        return media


def _addresses() -> dict[str, str]:
    plain = ("find", "add", "elsewhere", "new")
    of_one = ("card", "check", "supply", "upload", "again")
    return {name: reverse(f"sources_{name}") for name in plain} | {
        # The script puts the number of the source in the place of the nought.
        name: reverse(f"sources_{name}", args=[0])
        for name in of_one
    }


def _words() -> dict[str, str]:
    return {
        "label": _("Source: its address, or words of its title"),
        "placeholder": _("Address or title"),
        "found": _("Sources"),
        "none": _("No source has these words in its title."),
        "enter": _("Press Enter to add the source at this address."),
        "adding": _("Adding the source…"),
        "offline": _("Not on the web? Add it by hand"),
        "clear": _("Another source"),
        "file": _("File with the text of the source"),
        "text": _("Text of the source"),
        "keepText": _("Keep this text"),
        "undo": _("Undo"),
        "foundIn": _("Found in:"),
        "unanswered": _("The desk does not answer. Are you still signed in?"),
        "nowhere": _("None of the sources that came in last has these words."),
    }
