"""What the editor of a quotation asks the desk while somebody writes."""

from __future__ import annotations

import logging
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import Http404, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from copydesk.kit import clock
from copydesk.sources import policies
from copydesk.sources.actions.adding import (
    FileRefused,
    TextTooLong,
    add_source,
    ask_again,
    supply_file,
)
from copydesk.sources.actions.checking import compare
from copydesk.sources.actions.keeping import keep_text
from copydesk.sources.backends.archive import ArchiveFull, Damaged, Missing
from copydesk.sources.logic.addresses import BadAddress
from copydesk.sources.logic.verdicts import Verdict
from copydesk.sources.models import QuotationKind
from copydesk.sources.queries.cards import card_of, newest_copy, sources_like
from copydesk.sources.queries.elsewhere import holders_of
from copydesk.sources.queries.findings import address_fault, line_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from copydesk.sources.models import Source

    Arguments = ParamSpec("Arguments")

logger = logging.getLogger("copydesk.sources")

# No quotation is longer; what is, would only keep the matcher busy.
LONGEST_QUOTE = 20_000
TEMPLATES = "sources/desk"
# Why a text or a file that somebody supplies is not taken.
REFUSALS = {
    TextTooLong: gettext_lazy("The text is too long. Nothing was kept."),
    FileRefused: gettext_lazy("Only PDF, text and HTML files of up to 20 MB can be read."),
    ArchiveFull: gettext_lazy("The archive is full. Nothing was kept."),
}


def for_the_desk(
    view: Callable[Concatenate[HttpRequest, Arguments], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Arguments], HttpResponse]:
    """Keep out whoever does not write at the desk; say so, and that a source is missing, as a script can show it."""

    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> HttpResponse:
        if not policies.may_work_with_sources(request.user):
            return _refused(_("You may not work with sources."), status=403)
        try:
            return view(request, *args, **kwargs)
        except Http404:
            return _refused(_("There is no such source."), status=404)

    return guarded


def _refused(message: str, *, status: int = 400) -> JsonResponse:
    return JsonResponse({"message": message}, status=status)


def _card(request: HttpRequest, source: Source) -> JsonResponse:
    card = card_of(source, at=clock.now())
    context = {"card": card, "source": source}
    return JsonResponse(
        {
            "pk": source.pk,
            "label": str(source),
            "html": render_to_string(f"{TEMPLATES}/_card.html", context, request),
            "values": card.values,
            "is_waiting": card.is_waiting,
            "snapshot": card.snapshot.pk if card.snapshot else None,
        }
    )


@require_safe
@for_the_desk
def find(request: HttpRequest) -> HttpResponse:
    """Offer sources by words of their title."""
    rows = sources_like(request.GET.get("q", ""))
    message = ngettext("%(n)d source found.", "%(n)d sources found.", len(rows))
    return JsonResponse({"sources": _named(rows), "message": message % {"n": len(rows)}})


def _named(rows: list[Source]) -> list[dict[str, Any]]:
    return [{"pk": row.pk, "title": str(row), "publisher": row.publisher} for row in rows]


@require_POST
@for_the_desk
def add(request: HttpRequest) -> HttpResponse:
    """Add the source at an address, or join the one that is there."""
    by: Any = request.user  # Signed in, or the guard had kept them out.
    try:
        source, _is_new = add_source(url=request.POST.get("url", ""), by=by, at=clock.now())
    except BadAddress as error:
        return _refused(address_fault(error.fault))
    return _card(request, source)


@require_safe
@for_the_desk
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a source as it stands now."""
    return _card(request, policies.get_source(reader=request.user, pk=pk))


@require_POST
@for_the_desk
def refetch(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a source fetched again."""
    source = policies.get_source(reader=request.user, pk=pk)
    ask_again(source=source, at=clock.now())
    source.refresh_from_db()
    return _card(request, source)


@require_POST
@for_the_desk
def supply(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a pasted text as what a source says."""
    source = policies.get_source(reader=request.user, pk=pk)
    text = request.POST.get("text", "")
    if not text.strip():
        return _refused(_("There is no text. Nothing was kept."))
    return _taken(request, source, lambda at: keep_text(source=source, text=text, at=at))


@require_POST
@for_the_desk
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an uploaded file as what a source says; it is read soon."""
    source = policies.get_source(reader=request.user, pk=pk)
    file = request.FILES.get("file")
    if file is None:
        return _refused(_("There is no file. Nothing was kept."))
    return _taken(request, source, lambda at: supply_file(source=source, file=file, at=at))


def _taken(
    request: HttpRequest, source: Source, take: Callable[[datetime], object]
) -> JsonResponse:
    try:
        take(clock.now())
    except tuple(REFUSALS) as error:
        return _refused(str(REFUSALS[type(error)]))
    return _card(request, source)


@require_POST
@for_the_desk
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare words with the newest copy of a source; nothing is kept."""
    source = policies.get_source(reader=request.user, pk=pk)
    text = request.POST.get("text", "")
    if len(text) > LONGEST_QUOTE:
        return _too_long()
    if request.POST.get("kind") == QuotationKind.TRANSLATED:
        return _unchecked(_("A translation is not compared word for word."))
    copy = newest_copy(source)
    if copy is None:
        return _unchecked(_("There is no text of this source yet."))
    language = request.POST.get("language", "")[:20] or settings.LANGUAGE_CODE
    try:
        finding = compare(text=text, snapshot=copy, language=language)
    except (Missing, Damaged, OSError):
        logger.exception("Words cannot be compared with source %s", pk)
        return _unchecked(_("The archive has lost the text of this source. Fetch it again."))
    context = {"line": line_of(finding), "finding": finding, "snapshot": copy, "source": source}
    return JsonResponse(
        {
            "verdict": finding.verdict.value,
            "is_accepted": finding.is_accepted,
            "status": render_to_string(f"{TEMPLATES}/_verdict.html", context, request),
            "html": render_to_string(f"{TEMPLATES}/_finding.html", context, request),
            "source_words": finding.source_words if finding.verdict != Verdict.NOT_FOUND else "",
            "marked": finding.marked,
        }
    )


def _too_long() -> JsonResponse:
    return _refused(_("A quotation of so many words cannot be checked."))


def _unchecked(why: str) -> JsonResponse:
    context: dict[str, Any] = {"why": why}
    return JsonResponse(
        {
            "verdict": "unchecked",
            "is_accepted": False,
            "status": render_to_string(f"{TEMPLATES}/_verdict.html", context),
            "html": "",
            "source_words": "",
            "marked": "",
        }
    )


@require_POST
@for_the_desk
def elsewhere(request: HttpRequest) -> HttpResponse:
    """Say which of the sources that came in last hold these words."""
    text = request.POST.get("text", "")
    if len(text) > LONGEST_QUOTE:
        return _too_long()
    language = request.POST.get("language", "")[:20] or settings.LANGUAGE_CODE
    return JsonResponse({"sources": _named(holders_of(text, language=language))})
