"""What editing does: render, publish, withdraw."""

from __future__ import annotations

from copydesk.editorial.actions.expiring import NAMED_ON_PAGES, expire_named
from copydesk.editorial.actions.noting import Change, take_change
from copydesk.editorial.actions.publishing import (
    is_in_layout,
    note_layout_change,
    publish_article,
    publish_static_page,
    withdraw_article,
    withdraw_static_page,
)
from copydesk.editorial.actions.rendering import RenderedBody, render_body

__all__ = [
    "NAMED_ON_PAGES",
    "Change",
    "RenderedBody",
    "expire_named",
    "is_in_layout",
    "note_layout_change",
    "publish_article",
    "publish_static_page",
    "render_body",
    "take_change",
    "withdraw_article",
    "withdraw_static_page",
]
