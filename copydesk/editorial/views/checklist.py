"""The checklist before publishing: a panel beside the editor, and the one message of what keeps an article back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.admin.views.pages.edit import EditView

from copydesk.editorial.actions.approving import UNSETTLED
from copydesk.editorial.queries.checklists import article_checklist
from copydesk.sources.logic.checklist import Level, Rule, excerpt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    from copydesk.editorial.models import Article
    from copydesk.sources.logic.checklist import Checklist, Item

MOST_NAMED = 5

SENTENCES = {
    Rule.ALTERED: ngettext_lazy(
        "%(n)d quotation differs from its source.",
        "%(n)d quotations differ from their sources.",
        "n",
    ),
    Rule.NOT_FOUND: ngettext_lazy(
        "%(n)d quotation is not in its source.", "%(n)d quotations are not in their sources.", "n"
    ),
    Rule.STANDING: ngettext_lazy(
        "%(n)d source was corrected or retracted.",
        "%(n)d sources were corrected or retracted.",
        "n",
    ),
    Rule.UNSOURCED: ngettext_lazy(
        "%(n)d quotation has no source.", "%(n)d quotations have no source.", "n"
    ),
    Rule.INLINE: ngettext_lazy(
        "%(n)d passage in quotation marks has no source.",
        "%(n)d passages in quotation marks have no source.",
        "n",
    ),
    Rule.UNCHECKED: ngettext_lazy(
        "%(n)d quotation could not be checked.", "%(n)d quotations could not be checked.", "n"
    ),
    Rule.NO_COPY: ngettext_lazy(
        "Of %(n)d source no copy is kept yet.", "Of %(n)d sources no copy is kept yet.", "n"
    ),
    Rule.INCOMPLETE: ngettext_lazy(
        "%(n)d source lacks its author or its date.",
        "%(n)d sources lack their author or date.",
        "n",
    ),
    Rule.MINOR: ngettext_lazy(
        "%(n)d quotation differs in spelling or punctuation alone.",
        "%(n)d quotations differ in spelling or punctuation alone.",
        "n",
    ),
    Rule.OVERRIDDEN: ngettext_lazy(
        "%(n)d quotation is kept as it is, with a reason.",
        "%(n)d quotations are kept as they are, with a reason.",
        "n",
    ),
    Rule.TRANSLATED: ngettext_lazy(
        "%(n)d quotation is a translation of ours.",
        "%(n)d quotations are translations of ours.",
        "n",
    ),
    Rule.EXACT: ngettext_lazy(
        "%(n)d quotation has its source’s words.",
        "%(n)d quotations have their sources’ words.",
        "n",
    ),
    Rule.EXACT_MARKED: ngettext_lazy(
        "%(n)d quotation has its source’s words, with marked edits.",
        "%(n)d quotations have their sources’ words, with marked edits.",
        "n",
    ),
}
WAYS_OUT = {
    Rule.ALTERED: gettext_lazy(
        "Use the source’s words, mark what you changed with […] or brackets, or say why these words are kept."
    ),
    Rule.NOT_FOUND: gettext_lazy(
        "Bind the source that has the words, supply its text, or say why these words are kept."
    ),
    Rule.STANDING: gettext_lazy("Take them out, or say in the text what has become of the source."),
    Rule.UNSOURCED: gettext_lazy("Give the address or the number of a source."),
    Rule.INLINE: gettext_lazy(
        "Make it a quotation with a source, or add its source under Sources."
    ),
    Rule.UNCHECKED: gettext_lazy("Wait for the copy of the source, or paste its text."),
    Rule.NO_COPY: gettext_lazy("Wait for the copy of the source, or paste its text."),
    Rule.INCOMPLETE: gettext_lazy("Fill them in at the source."),
}
LOOKS = {
    Level.BLOCK: ("circle-xmark", gettext_lazy("Must be settled")),
    Level.WARN: ("warning", gettext_lazy("Look at this")),
    Level.FINE: ("circle-check", gettext_lazy("Fine")),
}


@dataclass(frozen=True)
class Line:
    """An item of the checklist in words."""

    item: Item

    @property
    def icon(self) -> str:
        """The name of an icon of the desk."""
        return LOOKS[self.item.level][0]

    @property
    def standing(self) -> str:
        """The icon in a word."""
        return str(LOOKS[self.item.level][1])

    @property
    def sentence(self) -> str:
        """What is the case."""
        return str(SENTENCES[self.item.rule] % {"n": self.item.count})

    @property
    def way_out(self) -> str:
        """What to do about it; "" where there is nothing to do."""
        is_fine = self.item.level is Level.FINE
        return "" if is_fine else str(WAYS_OUT.get(self.item.rule, ""))


class SourcesPanel(BaseSidePanel):
    """Shows beside the editor how quotations and sources stand, as of the last time the draft was saved."""

    name = "sources"
    title = gettext_lazy("Sources")
    template_name = "editorial/desk/sources_panel.html"
    order = 150

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        """Opens the panel; counts what to look at."""

        aria_label = gettext_lazy("Toggle sources")
        icon_name = "openquote"
        counter_classname = "w-bg-critical-200"

        def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
            """Add the count."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            return context | {"count": self.panel.checklist.open_count}

    class Media:
        css = {"all": ["editorial/desk/checklist.css"]}

    @cached_property
    def checklist(self) -> Checklist:
        """The list, made once for the panel and its toggle."""
        return article_checklist(self.object)

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        """Add the lines of the list."""
        context: dict[str, Any] = super().get_context_data(parent_context)
        return context | {"lines": [Line(item) for item in self.checklist.items]}


class ArticleEdit(EditView):
    """Wagtail's editor of an article, with the panel of its sources."""

    def get_side_panels(self) -> MediaContainer:
        """Return the panels beside the editor; saving in the background makes only some of them anew."""
        panels: MediaContainer = super().get_side_panels()
        if self.expects_json_response or self.hydrate_create_view:
            return panels
        return MediaContainer([*panels, SourcesPanel(self.page, self.request)])


def refusal(checklist: Checklist) -> SafeString:
    """Return the one message that says what keeps an article back: each quotation by its words, and the ways out."""
    count = sum(item.count for item in checklist.blocking)
    opening = ngettext(
        "The draft is saved, but it is not published: %(n)d thing has to be settled first.",
        "The draft is saved, but it is not published: %(n)d things have to be settled first.",
        count,
    ) % {"n": count}
    lines = format_html_join(
        "",
        "<br>{} {} {}",
        ((line.sentence, _places(line.item), line.way_out) for line in _blocking(checklist)),
    )
    return format_html("{}{}", opening, lines)


def refuse_several(request: HttpRequest, articles: Sequence[Article]) -> None:
    """Say for which articles several were not published, each with a way to it; the message travels in a cookie."""
    buttons = [
        messages.button(
            f"{reverse('wagtailadmin_pages:edit', args=[article.pk])}?{UNSETTLED}=1",
            excerpt(article.title),
        )
        for article in articles[:MOST_NAMED]
    ]
    text = ngettext(
        "Nothing is published: %(n)d article has quotations to be settled first.",
        "Nothing is published: %(n)d articles have quotations to be settled first.",
        len(articles),
    ) % {"n": len(articles)}
    messages.error(request, text, buttons=buttons)


def _blocking(checklist: Checklist) -> list[Line]:
    return [Line(item) for item in checklist.blocking]


def _places(item: Item) -> SafeString:
    return format_html_join(
        " ",
        '<a href="#block-{}-section">{}</a>',
        ((place.block_id, _("“%(words)s”") % {"words": place.words}) for place in item.places),
    )
