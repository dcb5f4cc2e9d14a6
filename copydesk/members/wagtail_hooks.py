"""What members bring to the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from copydesk.members.models import Role
from copydesk.members.views.desk import refuse_group_changes

if TYPE_CHECKING:
    from django.http import HttpRequest
    from wagtail.log_actions import LogActionRegistry
    from wagtail.models import ModelLogEntry


class RoleGiven(LogFormatter):
    """Says what somebody was and is."""

    label = gettext_lazy("Change of role")

    def format_message(self, log_entry: ModelLogEntry) -> str:
        """Return the former role and the present one."""
        names = {"": _("reader"), **{role.value: str(role.label) for role in Role}}
        data = log_entry.data
        return _("Role changed from %(former)s to %(present)s") % {
            "former": names.get(data["from"], data["from"]),
            "present": names.get(data["to"], data["to"]),
        }


@hooks.register("register_log_actions")
def register_role_given(actions: LogActionRegistry) -> None:
    """Changes of roles stand in the site's history."""
    actions.register_action("members.role")(RoleGiven)


@hooks.register("before_bulk_action")
def keep_roles_whole(
    request: HttpRequest, action_type: str, objects: object, action: object
) -> None:
    """Roles are given one by one, on the member's page."""
    refuse_group_changes(request, action_type, objects, action)


@hooks.register("register_account_menu_item")
def link_to_sign_in_settings(_request: HttpRequest) -> dict[str, str]:
    """The desk's account page leads to how the member signs in."""
    return {
        "url": reverse("mfa_index"),
        "label": _("Sign-in and security"),
        "help_text": _(
            "E-mail address, passkeys, authenticator app, recovery codes, password, sessions."
        ),
    }
