"""The desk's list of sources that changed, and what somebody there makes of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin.ui.components import Component

from copydesk.kit import clock
from copydesk.sources import policies
from copydesk.sources.actions.handling import (
    AlreadyHandled,
    AlreadyMarked,
    dismiss_events,
    handle_event,
    mark_source,
)
from copydesk.sources.forms import Decision, DecisionForm
from copydesk.sources.logic.changes import ChangeKind
from copydesk.sources.models import Handling, Standing
from copydesk.sources.queries.events import affected_block, changed_sources, open_event_count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from copydesk.sources.models import SourceEvent

KINDS = {
    ChangeKind.IDENTICAL: gettext_lazy("Nothing changed"),
    ChangeKind.CHROME_ONLY: gettext_lazy("Only what stands around the text changed"),
    ChangeKind.EDITED_ELSEWHERE: gettext_lazy("Edited, but not where we quote it"),
    ChangeKind.PASSAGE_EDITED: gettext_lazy("A passage we quote was edited"),
    ChangeKind.NOTICE_APPEARED: gettext_lazy("A notice of correction or retraction appeared"),
    ChangeKind.TITLE_CHANGED: gettext_lazy("Its title changed"),
    ChangeKind.GONE: gettext_lazy("It is gone"),
    ChangeKind.PAYWALLED: gettext_lazy("It is behind a paywall now"),
    ChangeKind.UNREADABLE: gettext_lazy("It cannot be read any more"),
    ChangeKind.JUDGED_ANEW: gettext_lazy(
        "It is as it was, but our better comparison no longer accepts words we quote"
    ),
}
GRAVITY = {
    3: ("circle-xmark", gettext_lazy("Grave")),
    2: ("warning", gettext_lazy("Important")),
    1: ("info-circle", gettext_lazy("Worth a look")),
    0: ("info-circle", gettext_lazy("For the record")),
}
MARKS = {Decision.CORRECTED: Standing.CORRECTED, Decision.RETRACTED: Standing.RETRACTED}


class ChangedSourcesPanel(Component):
    """Tells on the desk's home that sources changed; it is not there when none waits."""

    name = "changed_sources"
    template_name = "sources/desk/changed_panel.html"
    order = 110

    def __init__(self) -> None:
        self.open_count = open_event_count()

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG002 - Wagtail's signature
        """Return how many wait."""
        return {"open_count": self.open_count}


@require_http_methods(["GET", "HEAD", "POST"])
def changed(request: HttpRequest) -> HttpResponse:
    """Show what happened to sources, and take decisions on it."""
    if not policies.may_work_with_sources(request.user):
        raise PermissionDenied
    if request.method == "POST":
        return _decide(request)
    is_handled = request.GET.get("show") == "handled"
    found = changed_sources(is_handled=is_handled, number=request.GET.get("p", "1"))
    context = {
        "found": found,
        "rows": [
            (row, KINDS[ChangeKind(row.event.kind)], *_gravity(row.event)) for row in found.rows
        ],
        "is_handled": is_handled,
        "may_judge": policies.may_judge_sources(request.user),
        "decisions": Decision,
    }
    return render(request, "sources/desk/changed.html", context)


def _gravity(event: SourceEvent) -> tuple[str, str]:
    icon, word = GRAVITY[min(event.severity, 3)]
    return icon, str(word)


def _decide(request: HttpRequest) -> HttpResponse:
    if not policies.may_judge_sources(request.user):
        raise PermissionDenied
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("That could not be read. Nothing has changed; please try again."))
        return redirect("sources_changed")
    try:
        address = _carry_out(request, form.cleaned_data)
    except AlreadyHandled as late:
        messages.warning(request, _who_was_first(late.event))
    except AlreadyMarked as late:
        said = {"source": late.source, "standing": late.source.get_standing_display()}
        messages.warning(
            request,
            _("“%(source)s” has been marked meanwhile: %(standing)s. Nothing has changed.") % said,
        )
    else:
        return redirect(address)
    return redirect("sources_changed")


def _carry_out(request: HttpRequest, said: Mapping[str, Any]) -> str:
    """Do what was decided, and return where to go then. Raises AlreadyHandled, AlreadyMarked."""
    event, decision = said["event"], Decision(said["decision"])
    given: dict[str, Any] = {"note": said["note"], "by": request.user, "at": clock.now()}
    if decision in MARKS:
        expected = Standing(said["standing"])
        mark_source(source=event.source, expected=expected, standing=MARKS[decision], **given)
        messages.success(request, _("The source is marked, and readers see it."))
    elif decision == Decision.UPDATE:
        return _lead_to_block(request, event, said["page"], given)
    elif said["all_of_source"]:
        count = dismiss_events(source=event.source, **given)
        text = ngettext("%(n)d change is closed.", "%(n)d changes are closed.", count)
        messages.success(request, text % {"n": count})
    else:
        handle_event(event=event, handling=Handling.NO_EFFECT, **given)
        messages.success(request, _("The change is closed as of no effect."))
    return reverse("sources_changed")


def _lead_to_block(
    request: HttpRequest, event: SourceEvent, page_id: int, given: Mapping[str, Any]
) -> str:
    block_id = affected_block(event=event, page_id=page_id)
    if block_id is None:
        messages.error(
            request, _("That article relies on this source no more. Nothing has changed.")
        )
        return reverse("sources_changed")
    handle_event(event=event, handling=Handling.UPDATED, **given)
    address = reverse("wagtailadmin_pages:edit", args=[page_id])
    return f"{address}#block-{block_id}-section" if block_id else address


def _who_was_first(event: SourceEvent) -> str:
    said = {
        "name": event.handled_by or _("Somebody"),
        "handling": event.get_handling_display(),
        "time": date_format(localtime(event.handled_at), "SHORT_DATETIME_FORMAT")
        if event.handled_at
        else "",
    }
    return _("%(name)s has handled this on %(time)s: %(handling)s. Nothing has changed.") % said
