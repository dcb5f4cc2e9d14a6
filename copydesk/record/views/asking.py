"""Readers tell what is wrong: a form of its own, never stored, that works without script."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from copydesk.kit import clock
from copydesk.record.actions.requests import (
    BadLink,
    TooMany,
    confirm_request,
    find_request,
    take_request,
)
from copydesk.record.forms.asking import AskForm
from copydesk.record.policies import requests as policies

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form, or take what it says."""
    published = policies.get_askable_article(reader=request.user, pk=pk)
    at = clock.now()
    form = AskForm(
        request.POST if request.method == "POST" else None, article_id=published.pk, at=at
    )
    status = HTTPStatus.OK
    if form.is_bound and form.is_trap_sprung:
        return redirect("record:asked", pk=pk)  # It learns nothing, and nothing is kept.
    if form.is_bound and form.is_valid():
        try:
            address = get_adapter(request).get_client_ip(request)
            take_request(published=published, said=form.said, address=address, at=at)
        except TooMany:
            form.add_error(None, _("Too many requests came within this hour. Please try later."))
            status = HTTPStatus.TOO_MANY_REQUESTS
        else:
            return redirect("record:asked", pk=pk)
    context = {"form": form, "article": published}
    return render(request, "record/ask.html", context, status=status)


@never_cache
@require_safe
def asked(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what happens next."""
    published = policies.get_askable_article(reader=request.user, pk=pk)
    return render(request, "record/asked.html", {"article": published})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether the address is the reader's, and take it when told: programs that read mail press no buttons."""
    is_told = request.method == "POST"
    try:
        take = confirm_request if is_told else find_request
        found = take(token=token, at=clock.now())
    except BadLink:
        return render(request, "record/link_spent.html", status=HTTPStatus.GONE)
    context = {"headline": found.article.title, "is_confirmed": is_told}
    return render(request, "record/confirm.html", context)
