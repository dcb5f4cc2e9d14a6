"""Members at the desk: Wagtail's views, for accounts with one name, one role and no password that others set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.views import account, generic
from wagtail.users.views import users

from copydesk.members.forms.desk import MemberForm, NameForm

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from copydesk.members.models import Member


@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Send strangers to the one sign-in there is, and tell members without a role that the desk is not for them."""
    wanted = request.GET.get("next", "")
    hosts = {request.get_host()}
    if not url_has_allowed_host_and_scheme(
        wanted, allowed_hosts=hosts, require_https=request.is_secure()
    ):
        wanted = reverse("wagtailadmin_home")
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")
    if not request.user.is_staff:
        return render(request, "members/no_desk.html", status=403)
    return redirect(wanted)


class NamePanel(account.BaseSettingsPanel):
    """The member's name. Wagtail's own panel asks for a first and a last one."""

    name = "name"
    title = _("Name")
    order = 100
    form_class = NameForm


@method_decorator([never_cache, require_admin_access], name="dispatch")
class AccountView(account.AccountView):
    """What members set for themselves at the desk; how they sign in is set under /account/."""

    hidden = (
        account.NameEmailSettingsPanel,
        account.AvatarSettingsPanel,
        account.ChangePasswordPanel,
    )

    def get_panels(self) -> list[account.BaseSettingsPanel]:
        """Return Wagtail's panels, less those that have another place here."""
        kept = [panel for panel in super().get_panels() if not isinstance(panel, self.hidden)]
        profile = account.UserProfile.get_for_user(self.request.user)
        return [NamePanel(self.request, self.request.user, profile), *kept]


class MembersIndex(users.IndexView):
    """The members, with their roles."""

    page_title = _("Members")
    add_item_label = _("Add a member")
    search_fields: ClassVar[set[str]] = {"name", "email"}

    @property
    def columns(self) -> list[Column]:
        """Return the columns of the list."""
        name = self._get_title_column_class(users.UserColumn)
        return [
            name(
                "name",
                accessor=str,
                label=_("Name"),
                sort_key="name",
                get_url=self.get_edit_url,
                classname="name",
            ),
            Column("email", label=_("E-mail address"), sort_key="email"),
            Column(
                "role",
                label=_("Role"),
                accessor=lambda member: member.role.label if member.role else "",
            ),
            Column("tier", label=_("Tier"), accessor="get_tier_display", sort_key="tier"),
            BooleanColumn("is_active", label=_("Active"), sort_key="is_active"),
            DateColumn("last_login", label=_("Last sign-in"), sort_key="last_login"),
        ]

    def get_base_queryset(self) -> QuerySet[Member]:
        """Return the members with what the columns show."""
        members: QuerySet[Member] = super().get_base_queryset().prefetch_related("groups")
        return members

    def order_queryset(self, queryset: QuerySet[Member]) -> QuerySet[Member]:
        """Order by the column asked for; Wagtail's users would go by a last name."""
        ordered: QuerySet[Member] = generic.IndexView.order_queryset(self, queryset)
        return ordered


class MemberViewSet(users.UserViewSet):
    """Members at the desk, for owners."""

    menu_label = _("Members")
    index_view_class = MembersIndex
    template_prefix = ""

    def get_form_class(self, for_update: bool = False) -> type[MemberForm]:  # noqa: ARG002, FBT001, FBT002 - Wagtail's signature
        """Return the one form for adding and for changing."""
        return MemberForm


def refuse_group_changes(_request: HttpRequest, action_type: str, *_more: Any) -> None:
    """Stop Wagtail's way to put many users into groups: a role is more than a group."""
    if action_type == "assign_role":
        raise PermissionDenied
