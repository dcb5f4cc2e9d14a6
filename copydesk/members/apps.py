from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class Members(AppConfig):
    name = "copydesk.members"
    verbose_name = _("Members")
    default = True


class DeskUsers(WagtailUsersAppConfig):
    """Wagtail's users, seen as members."""

    default = False
    user_viewset = "copydesk.members.views.desk.MemberViewSet"
