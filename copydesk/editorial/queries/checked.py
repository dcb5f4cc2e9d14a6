"""A body with what is known of its quotations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string

from copydesk.sources.logic.slots import filled, without_slots

if TYPE_CHECKING:
    from copydesk.sources.queries.relied import Relied


def with_checks(html: str, relied: Relied) -> str:
    """Put what is known of each quotation into the place that its template left for it."""
    lines = {quoted.block_id: quoted for quoted in relied.quotations}
    if not lines:
        return without_slots(html)

    def line(block_id: str, is_named: bool) -> str:  # noqa: FBT001 - as slots are filled
        if block_id not in lines:
            return ""
        quoted = lines[block_id]
        context = {"line": quoted.line, "source": quoted.source, "is_named": is_named}
        return render_to_string("sources/_check.html", context).strip()

    return filled(html, line)
