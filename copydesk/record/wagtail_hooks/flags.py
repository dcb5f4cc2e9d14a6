"""What the desk gets of the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from copydesk.record.policies import flags as policies
from copydesk.record.views import flags
from copydesk.record.views.flags import FlagsPanel

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.urls import URLPattern
    from wagtail.admin.ui.components import Component

# --- Flags at articles whose ground has moved


@hooks.register("register_admin_urls")
def register_flag_urls() -> list[URLPattern]:
    """Give the inbox of flags, and what an article rests on, their addresses at the desk."""
    return [
        path("record/flags/", flags.flags, name="record_flags"),
        path("record/reliance/<int:pk>/", flags.reliance, name="record_reliance"),
    ]


class FlagsItem(MenuItem):
    """The way to the inbox from anywhere at the desk."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to whoever may see flags."""
        return policies.may_see_flags(request.user)


@hooks.register("register_reports_menu_item")
def register_flags_item() -> FlagsItem:
    """Offer the inbox among the reports."""
    return FlagsItem(
        _("Flags"), reverse("record_flags"), name="record-flags", icon_name="warning", order=95
    )


@hooks.register("construct_homepage_panels")
def show_flags(request: HttpRequest, panels: list[Component]) -> None:
    """Say on the desk's home how many flags wait, where any does."""
    if not policies.may_decide_flags(request.user):
        return
    panel = FlagsPanel()
    if panel.open_count:
        panels.append(panel)
