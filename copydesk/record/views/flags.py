"""The desk's one inbox of what has moved under our articles, and what somebody there makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.ui.components import Component

from copydesk.kit import clock
from copydesk.record.actions.decisions import decide_flags
from copydesk.record.actions.digesting import want_digest
from copydesk.record.forms.flags import FlagDecisionForm
from copydesk.record.logic.paths import titles_of
from copydesk.record.models import FlagState, NoticeKind, Severity
from copydesk.record.policies import flags as policies
from copydesk.record.queries.digests import wants_digest
from copydesk.record.queries.flag_wording import (
    is_elsewhere,
    page_elsewhere,
    weight_of,
    what_happened,
)
from copydesk.record.queries.flags import inbox, open_flags, rows_of
from copydesk.record.queries.reliance import grounds_of, relying_articles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from copydesk.members.models import Member
    from copydesk.record.models import Flag
    from copydesk.record.queries.flags import FlagRow

SHOWS = ("open", "mine", "decided")


class FlagsPanel(Component):
    """Tells on the desk's home that the ground of articles has moved; it is not there when no flag waits."""

    name = "record_flags"
    template_name = "record/desk/flags_panel.html"
    order = 105

    def __init__(self) -> None:
        self.open_count = open_flags().count()

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG002 - Wagtail's signature
        """Return how many wait."""
        return {"open_count": self.open_count}


@require_http_methods(["GET", "HEAD", "POST"])
def flags(request: HttpRequest) -> HttpResponse:
    """Show the flags, and take decisions on them."""
    if not policies.may_see_flags(request.user):
        raise PermissionDenied
    member = cast("Member", request.user)
    may_decide = policies.may_decide_flags(member)
    if request.method == "POST":
        if not may_decide:
            raise PermissionDenied
        return _decide(request, member)
    show = request.GET.get("show", "open")
    show = show if show in SHOWS else "open"
    found = inbox(
        flags=policies.visible_flags(member),
        show=show,
        member=member,
        number=request.GET.get("p", "1"),
        at=clock.now(),
    )
    context = {
        "found": found,
        "rows": [_shown(row) for row in found.rows],
        "show": show,
        "may_decide": may_decide,
        "states": FlagState,
        "wants_digest": may_decide and wants_digest(member),
    }
    return render(request, "record/desk/flags.html", context)


def _shown(row: FlagRow) -> dict[str, Any]:
    flag = row.flag
    icon, weight = weight_of(flag)
    return {
        "row": row,
        "flag": flag,
        "icon": icon,
        "weight": weight,
        "happened": what_happened(flag),
        "where": _where(flag),
        "titles": titles_of(flag.path),
        "edit_url": _edit_url(row),
        "notice_url": notice_form_url(flag),
    }


def _where(flag: Flag) -> str:
    """Return where to see what happened: the notice on our article, the page elsewhere, or the source that changed."""
    if flag.notice is not None:
        return reverse("record_reliance", args=[flag.notice.article_id])
    if is_elsewhere(flag):
        return page_elsewhere(flag)
    if flag.event is not None:
        return reverse("sources_changed") + (
            f"#event-{flag.event_id}" if flag.event.handling == "open" else "?show=handled"
        )
    return reverse("sources_desk", args=[flag.source_id]) if flag.source_id else ""


def _edit_url(row: FlagRow) -> str:
    address = reverse("wagtailadmin_pages:edit", args=[row.flag.article_id])
    return f"{address}#block-{row.block_id}-section" if row.block_id else address


def notice_form_url(flag: Flag) -> str:
    """Return the address of the form for a notice, filled in to answer a flag."""
    asked = {
        "because_of": f"flag:{flag.pk}",
        "kind": NoticeKind.CORRECTION.value,
        "severity": Severity.SUBSTANTIVE.value,
    }
    return f"{reverse('record_notices', args=[flag.article_id])}?{urlencode(asked)}"


def _decide(request: HttpRequest, member: Member) -> HttpResponse:
    at = clock.now()
    if "digest" in request.POST:
        return _want_digest(request, member)
    form = FlagDecisionForm(request.POST)
    if not form.is_valid():
        for faults in form.errors.values():
            messages.error(request, " ".join(map(str, faults)) + " " + _("Nothing has changed."))
        return redirect(_back(request))
    said = form.cleaned_data
    if said["update"]:
        return _update(request, said["update"], member, at)
    decided = decide_flags(
        flag_ids=[flag.pk for flag in said["flags"]],
        state=FlagState(said["decision"]),
        note=said["note"],
        by=member,
        at=at,
    )
    if decided.count:
        text = ngettext("%(n)d flag is closed.", "%(n)d flags are closed.", decided.count)
        messages.success(request, text % {"n": decided.count})
    _say_who_was_first(request, decided.late)
    return redirect(_back(request))


def _update(request: HttpRequest, flag: Flag, member: Member, at: datetime) -> HttpResponse:
    """Close one flag as updated, and lead to what is to be updated."""
    [row] = rows_of([flag], at=at)
    decided = decide_flags(flag_ids=[flag.pk], state=FlagState.UPDATED, by=member, at=at)
    _say_who_was_first(request, decided.late)
    return redirect(_edit_url(row) if decided.count else _back(request))


def _want_digest(request: HttpRequest, member: Member) -> HttpResponse:
    wanted = request.POST["digest"] == "on"
    want_digest(member=member, wanted=wanted)
    said = _("You get a mail when flags are new or overdue.") if wanted else _("You get no mails.")
    messages.success(request, said)
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    show = request.POST.get("show", "")
    address = reverse("record_flags")
    return f"{address}?show={show}" if show in SHOWS[1:] else address


def _say_who_was_first(request: HttpRequest, late: Sequence[Flag]) -> None:
    for flag in late:
        said = {
            "title": flag.article.title,
            "name": flag.decided_by or _("Somebody"),
            "state": flag.get_state_display(),
            "time": date_format(localtime(flag.decided_at), "SHORT_DATETIME_FORMAT")
            if flag.decided_at
            else "",
        }
        text = _("“%(title)s”: %(name)s has decided this on %(time)s: %(state)s.")
        messages.warning(request, text % said)


@require_safe
def reliance(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what an article rests on, and who rests on it."""
    if not policies.may_see_flags(request.user):
        raise PermissionDenied
    article = policies.get_reliance_article(reader=request.user, pk=pk)
    context = {
        "article": article,
        "grounds": grounds_of(article.pk),
        "page": relying_articles(article.pk, number=request.GET.get("p", "1")),
        "notices": article.notices.all()[:20],
    }
    return render(request, "record/desk/reliance.html", context)
