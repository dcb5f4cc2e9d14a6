"""Tags for versions and what differs between them: a template could not keep blanks where they belong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from copydesk.record.models import EntryKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.utils.safestring import SafeString

    from copydesk.record.logic.comparing import Fold, Run
    from copydesk.record.queries.history import Step

register = template.Library()

KINDS = {
    EntryKind.PUBLISHED: gettext_lazy("Published"),
    EntryKind.CHANGED: gettext_lazy("Changed"),
    EntryKind.MOVED: gettext_lazy("Moved to another address"),
    EntryKind.WITHDRAWN: gettext_lazy("Withdrawn"),
}


@register.simple_tag
def happened(step: Step) -> str:
    """Say in a word or two what happened."""
    if step.notice is not None:
        return str(step.notice.get_kind_display())
    if step.entry.is_minor:
        return _("Small correction of form")
    kind = EntryKind(step.entry.kind)
    return str(KINDS.get(kind, kind.label))


@register.simple_tag
def moment(at: datetime) -> SafeString:
    """Show a point in time to the minute, in the publication's time zone."""
    there = localtime(at)
    return format_html(
        '<time datetime="{}">{}</time>', there.isoformat(), date_format(there, "DATETIME_FORMAT")
    )


@register.simple_tag
def runs(parts: Iterable[Run]) -> SafeString:
    """Show words that are the same, taken out or put in, so that neither color nor sight is needed to tell."""
    return format_html_join(
        "", "{}{}", ((_run(run), " " if run.has_space else "") for run in parts)
    )


def _run(run: Run) -> SafeString | str:
    if run.kind == "gap":
        return format_html('<bdi class="diff__gap">… {} …</bdi>', _same(run.count))
    if run.kind == "same":
        return run.text
    name, said = ("del", _("taken out:")) if run.kind == "old" else ("ins", _("put in:"))
    aside = '<span class="visually-hidden">{}</span>'
    before, after = format_html(aside, f"[{said} "), format_html(aside, "]")
    return format_html("<{0}>{1}{2}{3}</{0}>", name, before, run.text, after)


@register.simple_tag
def folded(fold: Fold) -> str:
    """Say what is left out between two changes."""
    return _same(fold.word_count)


def _same(count: int) -> str:
    return ngettext("%(n)d word is the same", "%(n)d words are the same", count) % {"n": count}
