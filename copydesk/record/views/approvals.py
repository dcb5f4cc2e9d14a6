"""The desk's list of what waits for a second person, and the form in which a withdrawal is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin.ui.components import Component

from copydesk.kit import clock
from copydesk.record.actions.approving import (
    AlreadySettled,
    AskerMayNot,
    ChangedSince,
    NothingLeft,
    NotTheirs,
    ask_for_withdrawal,
    confirm,
    refuse,
)
from copydesk.record.actions.redacting import NothingToRedact, StillPublished
from copydesk.record.forms.approving import MOST_AT_ONCE, SettleForm, WithdrawForm
from copydesk.record.policies import approvals as policies
from copydesk.record.queries.approvals import shown_approvals, waiting_approval_count

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import HttpRequest, HttpResponse

    from copydesk.members.models import Member

FAILURES: dict[type[Exception], Any] = {
    NotTheirs: gettext_lazy("Nobody confirms what they asked for themselves."),
    AlreadySettled: gettext_lazy(
        "Somebody else has settled this request, or it has expired. Nothing has changed."
    ),
    ChangedSince: gettext_lazy(
        "Something has changed since this page was shown. Nothing is done; please look again."
    ),
    AskerMayNot: gettext_lazy(
        "Whoever asked for this may not do it any more. Nothing is done; refuse it, or ask anew."
    ),
    NothingLeft: gettext_lazy("There is nothing left to withdraw."),
    NothingToRedact: gettext_lazy("There is nothing left to take out."),
    StillPublished: gettext_lazy(
        "Readers get this version now. Change or withdraw the article first."
    ),
}


class ApprovalsPanel(Component):
    """Tells on the desk's home that others wait for a second person; it is not there when none does."""

    name = "approvals"
    template_name = "record/desk/approvals_panel.html"
    order = 104

    def __init__(self, member: Member) -> None:
        self.count = waiting_approval_count(member=member, at=clock.now())

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG002 - Wagtail's signature
        """Return how many wait."""
        return {"count": self.count}


@require_http_methods(["GET", "HEAD"])
def listing(request: HttpRequest) -> HttpResponse:
    """Show what waits for a second person, or what came of the rest; who may not confirm sees what they asked for."""
    member: Any = request.user  # The desk has kept strangers out.
    is_open = request.GET.get("show") != "settled"
    may_keep = policies.may_keep_record(member)
    only_by = None if may_keep else member
    rows = shown_approvals(by=only_by, is_open=is_open, at=clock.now())
    context = {
        "rows": [(row, policies.may_confirm(member, row.approval)) for row in rows],
        "is_open": is_open,
        "may_keep": may_keep,
    }
    return render(request, "record/desk/approvals.html", context)


@require_http_methods(["POST"])
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a request or refuse it."""
    member: Any = request.user
    approval = policies.get_approval(reader=member, pk=pk)
    form = SettleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("That could not be read. Nothing has changed; please try again."))
        return redirect("record_approvals")
    try:
        if form.cleaned_data["do"] == "refuse":
            refuse(approval=approval, by=member, at=clock.now())
            messages.success(request, _("It is refused. Nothing is done."))
        else:
            seen = form.cleaned_data["seen"]
            confirm(approval=approval, seen=seen, by=member, at=clock.now())
            messages.success(request, _("It is confirmed and done."))
    except tuple(FAILURES) as failure:
        messages.error(request, str(FAILURES[type(failure)]))
    return redirect("record_approvals")


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take the reason why articles are to be withdrawn, and put it before a second person."""
    member: Any = request.user
    sent = request.POST if request.method == "POST" else request.GET
    how = "delete" if sent.get("how") == "delete" else "unpublish"
    ids = [int(pk) for pk in sent.getlist("page")[:MOST_AT_ONCE] if pk.isdecimal()]
    articles = policies.get_withdrawable(ids=ids)
    if not policies.may_withdraw(member, articles, how=how):
        raise PermissionDenied
    if not articles:
        messages.info(request, str(FAILURES[NothingLeft]))
        return redirect("record_approvals")
    form = WithdrawForm(request.POST if request.method == "POST" else None, initial={"how": how})
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        ask_for_withdrawal(articles=articles, how=how, reason=reason, by=member, at=clock.now())
        say_asked(request)
        return redirect("record_approvals")
    context = {"form": form, "articles": articles, "how": how}
    return render(request, "record/desk/withdraw.html", context)


def say_asked(request: HttpRequest) -> None:
    """Say that something waits now."""
    messages.success(
        request, _("It waits for a second owner or editor, who has three days to confirm it.")
    )


def lead_to_asking(request: HttpRequest, ids: Iterable[int], *, how: str) -> HttpResponse:
    """Lead from where articles would have been withdrawn to where a second person is asked."""
    pages = sorted(ids)[:MOST_AT_ONCE]
    text = ngettext(
        "Withdrawing an article needs a second person.",
        "Withdrawing articles needs a second person. Nothing is done yet.",
        len(pages),
    )
    messages.info(request, text)
    query = urlencode([("how", how), *(("page", pk) for pk in pages)])
    return redirect(f"{reverse('record_withdraw')}?{query}")
