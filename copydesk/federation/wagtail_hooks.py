"""What the desk gets of federation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from copydesk.federation import policies
from copydesk.federation.views import desk

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.urls import URLPattern


@hooks.register("register_admin_urls")
def register_mention_urls() -> list[URLPattern]:
    """Give the list of Webmentions its address at the desk."""
    return [path("mentions/", desk.mentions, name="federation_mentions")]


class MentionsItem(MenuItem):
    """The way to what other sites told us."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to whoever may see the list."""
        return policies.may_see_mentions(request.user)


@hooks.register("register_reports_menu_item")
def register_mentions_item() -> MentionsItem:
    """Offer the list among the reports."""
    return MentionsItem(
        _("Mentions elsewhere"),
        reverse("federation_mentions"),
        name="federation-mentions",
        icon_name="link",
        order=96,
    )
