"""Tags for lists of sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

if TYPE_CHECKING:
    from copydesk.sources.queries.relied import QuotationView, Relied, SourceView

register = template.Library()


@register.simple_tag
def quoted_in(relied: Relied, source: SourceView) -> list[QuotationView]:
    """Return what the article quotes from a source, in order."""
    return relied.quotations_of(source)
