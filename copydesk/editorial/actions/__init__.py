"""What editing does: render, publish, withdraw."""

from __future__ import annotations

from copydesk.editorial.actions.publishing import publish_article, publish_static_page, withdraw_article
from copydesk.editorial.actions.rendering import RenderedBody, render_body

__all__ = ["RenderedBody", "publish_article", "publish_static_page", "render_body", "withdraw_article"]
