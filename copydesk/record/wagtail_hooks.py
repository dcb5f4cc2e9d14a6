"""What the desk gets of the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from copydesk.record import policies
from copydesk.record.views import requests
from copydesk.record.views.requests import RequestsPanel

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.urls import URLPattern
    from wagtail.admin.ui.components import Component

# --- Readers' requests


@hooks.register("register_admin_urls")
def register_request_urls() -> list[URLPattern]:
    """Give readers' requests their addresses at the desk."""
    return [
        path("record/requests/", requests.listing, name="record_requests"),
        path("record/requests/<uuid:uuid>/", requests.one, name="record_request"),
    ]


class EditorsItem(MenuItem):
    """A way for owners and editors."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to whoever may decide."""
        return policies.may_decide_requests(request.user)


@hooks.register("register_reports_menu_item")
def register_requests_item() -> EditorsItem:
    """Offer the requests among the reports."""
    return EditorsItem(
        _("Readers’ requests"),
        reverse("record_requests"),
        name="correction-requests",
        icon_name="help",
        order=110,
    )


@hooks.register("construct_homepage_panels")
def show_requests(request: HttpRequest, panels: list[Component]) -> None:
    """Say on the desk's home how many requests wait, where any does."""
    if not policies.may_decide_requests(request.user):
        return
    panel = RequestsPanel()
    if panel.count:
        panels.append(panel)
