"""How the record is kept, and what is taken out of it: by one person or by two, as the publication has set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from copydesk.kit import clock
from copydesk.record.actions.approving import ask_for_redaction, ask_for_settings
from copydesk.record.actions.redacting import NothingToRedact, StillPublished, redact_recorded
from copydesk.record.actions.settings import change_settings
from copydesk.record.forms.approving import FindForm, ReasonForm, SettingsForm
from copydesk.record.policies import approvals as policies
from copydesk.record.queries.approvals import needs_two_people, record_settings, settings_values
from copydesk.record.queries.redactable import redactable_entries, redactable_entry
from copydesk.record.views.approvals import FAILURES, say_asked

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from copydesk.record.queries.redactable import Redactable


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Show how the record is kept, and change it or ask a second person to."""
    if not policies.may_keep_record(request.user):
        raise PermissionDenied
    by: Any = request.user
    present = record_settings()
    posted = request.POST if request.method == "POST" else None
    form = SettingsForm(posted, initial=settings_values(present))
    if form.is_bound and form.is_valid():
        said: dict[str, Any] = {
            "values": form.values,
            "reason": form.cleaned_data["reason"],
            "by": by,
            "at": clock.now(),
        }
        if form.values == settings_values(present):
            messages.info(request, _("Nothing has changed."))
        elif present.needs_two_people:
            ask_for_settings(**said)
            say_asked(request)
            return redirect("record_approvals")
        else:
            change_settings(**said)
            messages.success(request, _("Your changes are saved, and stand in the record."))
        return redirect("record_settings")
    context = {"form": form, "needs_two": present.needs_two_people}
    return render(request, "record/desk/settings.html", context)


@require_safe
def redactable(request: HttpRequest) -> HttpResponse:
    """List the entries of an article that hold words, to choose which to take out."""
    if not policies.may_keep_record(request.user):
        raise PermissionDenied
    form = FindForm(request.GET or None)
    rows = redactable_entries(form.cleaned_data["article"]) if form.is_valid() else None
    return render(request, "record/desk/redactable.html", {"form": form, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def redact(request: HttpRequest, index: int) -> HttpResponse:
    """Show what an entry holds, and take it out, or ask a second person to."""
    if not policies.may_keep_record(request.user):
        raise PermissionDenied
    entry = policies.get_entry(reader=request.user, index=index)
    found = redactable_entry(entry)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _redact(request, found, form):
        return redirect("record_approvals")
    context = {"form": form, "found": found, "needs_two": needs_two_people()}
    return render(request, "record/desk/redact.html", context)


def _redact(request: HttpRequest, found: Redactable, form: ReasonForm) -> bool:
    """Return whether it was done or asked for; if not, the form says why."""
    by: Any = request.user
    reason, at = form.cleaned_data["reason"], clock.now()
    if needs_two_people():
        if found.is_redacted:
            form.add_error(None, str(FAILURES[NothingToRedact]))
            return False
        ask_for_redaction(entry=found.entry, title=found.title, reason=reason, by=by, at=at)
        say_asked(request)
        return True
    try:
        redact_recorded(entry=found.entry, reason=reason, by_id=by.pk, at=at)
    except (NothingToRedact, StillPublished) as failure:
        form.add_error(None, str(FAILURES[type(failure)]))
        return False
    messages.success(request, _("It is taken out. The reason stands in its place."))
    return True
