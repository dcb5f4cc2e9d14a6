"""What members bring to the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from copydesk.members.models import Role

if TYPE_CHECKING:
    from wagtail.log_actions import LogActionRegistry
    from wagtail.models import ModelLogEntry


class RoleGiven(LogFormatter):  # type: ignore[misc]
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
