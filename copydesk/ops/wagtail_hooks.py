"""What the desk tells owners of how the site runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from wagtail import hooks
from wagtail.admin.ui.components import Component

from copydesk.ops.policies import may_see_operations
from copydesk.pagestore.queries import purges, statistics

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest


class PageStorePanel(Component):
    """How the page store of the node that answers does."""

    name = "page_store"
    template_name = "ops/_page_store.html"
    # After everything that asks for work.
    order = 400

    class Media:
        css = {"all": ["ops/page-store.css"]}

    def get_context_data(self, _parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the store has done, and what the content delivery network is still to be told."""
        found = statistics()
        ratio = found.hit_ratio
        return {
            "store": found,
            "hit_percent": None if ratio is None else round(ratio * 100, 1),
            "used_percent": round(found.bytes * 100 / found.size, 1),
            "has_network": bool(settings.COPYDESK_PURGE_URL),
            "purges": purges(),
        }


@hooks.register("construct_homepage_panels")
def show_page_store(request: HttpRequest, panels: list[Component]) -> None:
    """Show owners how the page store does."""
    if may_see_operations(request.user):
        panels.append(PageStorePanel())
