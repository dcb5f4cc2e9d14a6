"""Readers' pages of an article's versions."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from copydesk.editorial.queries.addresses import full_url
from copydesk.editorial.queries.meta import NOT_LISTED, Meta
from copydesk.pagestore.views import reader_of, stored
from copydesk.record.logic.memento import (
    LINK_FORMAT,
    Memento,
    http_date,
    memento_links,
    timemap_of,
)
from copydesk.record.policies import history as policies
from copydesk.record.queries.history import history_of, mapped_versions
from copydesk.record.queries.showing import comparison_of, version_view
from copydesk.record.views.numbers import whole_number

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from copydesk.record.queries.history import Place, Subject


@require_safe
@stored("before")
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """List what happened to an article, newest first."""
    subject = policies.get_recorded_article(pk=pk)
    before = whole_number(request.GET.get("before", ""))
    shown = history_of(subject, before=before)
    if not shown.groups:
        raise Http404
    title = _("History of “%(headline)s”") % {"headline": subject.headline}
    url = full_url(reverse("record:history", args=[pk]))
    head = Meta(
        title=title, description="", canonical_url=url, robots="" if before is None else NOT_LISTED
    )
    return render(request, "record/history.html", {"history": shown, "meta": head})


@require_safe
@stored()
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show a version as readers got it; where it was taken out of the record, say why."""
    subject = policies.get_recorded_article(pk=pk)
    place = policies.get_version(pk=pk, number=number)
    shown = place.version
    context: dict[str, Any] = {
        "subject": subject,
        "version": shown,
        "place": place,
        "meta": _unlisted(_("Version %(number)d of “%(headline)s”"), subject, number=number),
    }
    if shown.content is None:
        return render(request, "record/redacted.html", context, status=410)
    is_whole = policies.may_read_versions(lambda: reader_of(request), subject, [shown])
    context["view"] = version_view(shown.content, is_whole=is_whole)
    response = render(request, "record/version.html", context)
    response["Memento-Datetime"] = http_date(shown.entry.at.astimezone(UTC))
    response["Link"] = _links(subject, place)
    return response


@require_safe
@stored("from", "to")
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what differs between two versions."""
    subject = policies.get_recorded_article(pk=pk)
    numbers = whole_number(request.GET.get("from", "")), whole_number(request.GET.get("to", ""))
    if None in numbers:
        raise Http404
    first, second = sorted(number or 0 for number in numbers)
    old, new = policies.get_two_versions(pk=pk, numbers=(first, second))
    words = _("Versions %(first)d and %(number)d of “%(headline)s”")
    context: dict[str, Any] = {
        "subject": subject,
        "old": old,
        "new": new,
        "versions": [old, new],
        "is_one_step": second - first == 1,
        "meta": _unlisted(words, subject, first=first, number=second),
    }
    gone = next((each for each in (old, new) if each.content is None), None)
    if gone is not None:
        return render(request, "record/redacted.html", context | {"version": gone}, status=410)
    is_whole = policies.may_read_versions(lambda: reader_of(request), subject, [old, new])
    context["view"] = comparison_of(old, new, is_whole=is_whole)
    return render(request, "record/compare.html", context)


@require_safe
@stored()
def timemap(request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Name the versions for clients of archives (Memento, RFC 7089)."""
    subject = policies.get_recorded_article(pk=pk)
    listed = mapped_versions(pk)
    if not listed:
        raise Http404
    text = timemap_of(
        original=full_url(subject.path),
        timemap=_address("timemap", pk),
        mementos=[_memento(pk, number, at) for number, at in listed],
    )
    return HttpResponse(text, content_type=LINK_FORMAT)


def _unlisted(words: str, subject: Subject, **numbers: int) -> Meta:
    title = words % {"headline": subject.headline, **numbers}
    return Meta(title=title, description="", canonical_url="", robots=NOT_LISTED)


def _address(name: str, *numbers: int) -> str:
    return full_url(reverse(f"record:{name}", args=numbers))


def _memento(pk: int, number: int, at: datetime) -> Memento:
    return Memento(_address("version", pk, number), at.astimezone(UTC))


def _links(subject: Subject, place: Place) -> str:
    pk, number = subject.pk, place.version.number
    beside = [
        ("first", 1, place.first_at),
        ("prev", number - 1, place.previous_at),
        ("next", number + 1, place.next_at),
        ("last", place.count, place.last_at),
    ]
    return memento_links(
        original=full_url(subject.path),
        timemap=_address("timemap", pk),
        named=[(name, _memento(pk, which, at)) for name, which, at in beside if at is not None],
    )
