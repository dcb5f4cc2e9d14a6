"""What the desk gets of the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from copydesk.members.models import Member
from copydesk.record.policies import approvals as policies
from copydesk.record.queries.approvals import needs_two_people
from copydesk.record.views import approvals, keeping, requests
from copydesk.record.views.approvals import ApprovalsPanel, lead_to_asking
from copydesk.record.views.requests import RequestsPanel

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
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
        """Show it to whoever has the rights of editors, which asks the database nothing more."""
        return request.user.has_perm("editorial.change_publication")


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
    if not policies.may_keep_record(request.user):
        return
    panel = RequestsPanel()
    if panel.count:
        panels.append(panel)


# --- The two-person rule


@hooks.register("register_admin_urls")
def register_approval_urls() -> list[URLPattern]:
    """Give what takes a second person its addresses at the desk."""
    return [
        path("record/approvals/", approvals.listing, name="record_approvals"),
        path("record/approvals/<int:pk>/", approvals.settle, name="record_approval"),
        path("record/withdraw/", approvals.withdraw, name="record_withdraw"),
        path("record/settings/", keeping.settings, name="record_settings"),
        path("record/redact/", keeping.redactable, name="record_redactable"),
        path("record/redact/<int:index>/", keeping.redact, name="record_redact"),
    ]


@hooks.register("register_reports_menu_item")
def register_approvals_item() -> EditorsItem:
    """Offer what waits for a second person among the reports."""
    return EditorsItem(
        _("Second person"),
        reverse("record_approvals"),
        name="approvals",
        icon_name="group",
        order=120,
    )


@hooks.register("register_settings_menu_item")
def register_settings_item() -> EditorsItem:
    """Offer how the record is kept among the settings."""
    return EditorsItem(
        _("The record"),
        reverse("record_settings"),
        name="record-settings",
        icon_name="history",
        order=20,
    )


@hooks.register("construct_homepage_panels")
def show_approvals(request: HttpRequest, panels: list[Component]) -> None:
    """Say on the desk's home how many requests wait for a second person, where any does."""
    if not policies.may_keep_record(request.user):
        return
    panel = ApprovalsPanel(request.user)  # type: ignore[arg-type]  # Signed in, or they might not keep it.
    if panel.count:
        panels.append(panel)


def _needs_asking(pages: list[Page], *, with_descendants: bool) -> list[int]:
    """Return which articles would be withdrawn with these pages, where that takes a second person."""
    if not needs_two_people():
        return []
    ids = [page.pk for page in pages]
    found = policies.get_withdrawable(ids=ids, with_descendants=with_descendants)
    return [article.pk for article in found]


@hooks.register("before_unpublish_page")
def ask_before_unpublishing(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Ask a second person instead of taking an article from readers."""
    ids = _needs_asking([page], with_descendants=bool(request.POST.get("include_descendants")))
    return lead_to_asking(request, ids, how="unpublish") if ids else None


@hooks.register("before_delete_page")
def ask_before_deleting(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Ask a second person instead of deleting an article that readers get."""
    ids = _needs_asking([page], with_descendants=True)
    return lead_to_asking(request, ids, how="delete") if ids else None


@hooks.register("before_bulk_action")
def ask_before_withdrawing_several(
    request: HttpRequest, kind: str, pages: list[Any], action: Any
) -> HttpResponse | None:
    """Ask a second person instead of withdrawing what was ticked in a list; then none of it is done."""
    if kind not in {"delete", "unpublish"} or action.model is not Page:
        return None
    form = action.cleaned_form.cleaned_data
    has_more = kind == "delete" or bool(form.get("include_descendants"))
    ids = _needs_asking(pages, with_descendants=has_more)
    return lead_to_asking(request, ids, how=kind) if ids else None


@hooks.register("before_delete_user")
def keep_who_asked_or_decided(request: HttpRequest, user: Member) -> HttpResponse | None:
    """Keep accounts of people who asked for or settled something here: deactivated, they are as good as gone."""
    if not policies.is_in_approvals([user.pk]):
        return None
    messages.error(request, gettext("This account is named in the record. Deactivate it instead."))
    return redirect("wagtailusers_users:index")


@hooks.register("before_bulk_action")
def keep_several_who_asked_or_decided(
    request: HttpRequest, kind: str, chosen: list[Any], action: Any
) -> HttpResponse | None:
    """Do the same where accounts are ticked in a list."""
    if kind != "delete" or action.model is not Member:
        return None
    if not policies.is_in_approvals([user.pk for user in chosen]):
        return None
    text = gettext("One of these accounts is named in the record. Deactivate it instead.")
    messages.error(request, text)
    return redirect("wagtailusers_users:index")


@hooks.register("before_publish_page")
def say_that_expiry_is_dropped(request: HttpRequest, page: Page) -> None:
    """Say that an article cannot be given a date on which one person's word withdraws it."""
    if page.expire_at and needs_two_people():
        messages.warning(
            request,
            gettext(
                "The date of expiry is left out: withdrawing an article needs a second person. Ask for it when it is"
                " time."
            ),
        )
