"""Sources at the desk: the list of them, new ones, and what an editor does with one."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from copydesk.kit import clock
from copydesk.sources import policies
from copydesk.sources.actions.adding import (
    FileRefused,
    TextTooLong,
    add_offline_source,
    add_source,
    ask_again,
    edit_source,
    supply_file,
)
from copydesk.sources.actions.keeping import keep_text
from copydesk.sources.backends.archive import ArchiveFull
from copydesk.sources.forms import AddressForm, FileForm, OfflineForm, SourceForm, TextForm
from copydesk.sources.logic.schedule import Liveness
from copydesk.sources.models import Access
from copydesk.sources.queries.kept import kept_source, kept_sources

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.http import HttpRequest, HttpResponse

    from copydesk.sources.models import Source
    from copydesk.sources.queries.kept import KeptSource

    Arguments = ParamSpec("Arguments")
    View = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]

TEMPLATES = "sources/desk"


def for_the_desk(view: View[Arguments]) -> View[Arguments]:
    """Keep out whoever does not write at the desk."""

    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> HttpResponse:
        if not policies.may_work_with_sources(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@for_the_desk
def listing(request: HttpRequest) -> HttpResponse:
    """Show the sources, the newest first, or those with some words."""
    words = request.GET.get("q", "").strip()
    page = kept_sources(words, number=request.GET.get("p", "1"))
    return render(request, f"{TEMPLATES}/sources.html", {"page": page, "words": words})


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_desk
def new(request: HttpRequest) -> HttpResponse:
    """Take a new source: by its address, or by hand where it is not on the web."""
    is_offline = request.POST.get("do") == "offline"
    posted = request.POST if request.method == "POST" else None
    by_address = AddressForm(None if is_offline else posted)
    by_hand = OfflineForm(posted if is_offline else None)
    form: forms.Form = by_hand if is_offline else by_address
    if posted is not None and form.is_valid():
        return redirect("sources_desk", pk=_add(request, form).pk)
    context = {"by_address": by_address, "by_hand": by_hand}
    return render(request, f"{TEMPLATES}/new_source.html", context)


def _add(request: HttpRequest, form: forms.Form) -> Source:
    by: Any = request.user  # Signed in, or the guard had kept them out.
    at = clock.now()
    if isinstance(form, OfflineForm):
        source = add_offline_source(values=form.cleaned_data, by=by, at=at)
        messages.success(request, _("The source is added."))
        return source
    source, is_new = add_source(url=form.cleaned_data["url"], by=by, at=at)
    if is_new:
        messages.success(request, _("The source is added, and will be fetched soon."))
    else:
        messages.info(request, _("This source was there already."))
    return source


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_desk
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a source with all that is kept of it, and take what an editor says of it."""
    found = policies.get_source(reader=request.user, pk=pk)
    asked = request.POST.get("do", "") if request.method == "POST" else ""
    shown: dict[str, forms.Form] = {
        "edit": SourceForm(request.POST if asked == "edit" else None, source=found),
        "text": TextForm(request.POST if asked == "text" else None),
        "file": FileForm(*((request.POST, request.FILES) if asked == "file" else ())),
    }
    if asked == "again":
        ask_again(source=found, at=clock.now())
        messages.success(request, _("The source will be fetched soon."))
        return redirect("sources_desk", pk=pk)
    if asked in shown and shown[asked].is_valid() and _take(request, found, shown[asked]):
        return redirect("sources_desk", pk=pk)
    kept = kept_source(found)
    icon, condition = _condition(kept)
    context = {"kept": kept, "source": found, "icon": icon, "condition": condition, "forms": shown}
    return render(request, f"{TEMPLATES}/source.html", context)


def _take(request: HttpRequest, found: Source, form: forms.Form) -> bool:
    """Do what a form asks and return whether it was done; if not, the form says why."""
    at = clock.now()
    try:
        if isinstance(form, SourceForm):
            edit_source(source=found, values=form.changes, at=at)
            messages.success(request, _("Your changes are saved."))
        elif isinstance(form, TextForm):
            keep_text(source=found, text=form.cleaned_data["text"], at=at)
            messages.success(request, _("The text is kept; words can be compared with it."))
        else:
            supply_file(source=found, file=form.cleaned_data["file"], at=at)
            messages.success(request, _("The file is kept, and will be read soon."))
    except (TextTooLong, FileRefused, ArchiveFull) as error:
        form.add_error(None, str(REFUSALS[type(error)]))
        return False
    return True


REFUSALS = {
    TextTooLong: gettext_lazy("The text is too long. Nothing was kept."),
    FileRefused: gettext_lazy("Only PDF, text and HTML files of up to 20 MB can be read."),
    ArchiveFull: gettext_lazy("The archive is full. Nothing was kept."),
}


def _condition(kept: KeptSource) -> tuple[str, str]:
    """Return the icon and the sentence that say how a source stands with us: what is under way, then what is wrong."""
    found = kept.source
    if found.supplied_sha256:
        return "history", _("An uploaded file waits to be read.")
    if found.is_asked_for:
        return "history", _("It is being fetched.")
    if found.trouble or found.liveness == Liveness.DEAD:
        return "warning", _trouble(found)
    if kept.has_text:
        return "check", _("Its words can be compared.")
    if found.access == Access.OFFLINE:
        return "info-circle", _("It is not on the web: paste its text, or upload it.")
    return "warning", _("There is no text to compare with: paste it, or upload it.")


def _trouble(found: Source) -> str:
    if found.liveness == Liveness.DEAD:
        return _("It is no longer online.")
    if found.trouble == "paywalled":
        return _("It is behind a paywall: paste its text, or upload it.")
    if found.trouble == "blocked":
        return _("Its host keeps programs out: paste its text, or upload it.")
    return _("It could not be read the last time: fetch it again, paste its text, or upload it.")
