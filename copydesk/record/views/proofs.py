"""The record for programs: its signed head, its entries, and proofs that they belong together."""

from __future__ import annotations

import json
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.http import HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from copydesk.record.backends.signing import KeyUnusable
from copydesk.record.queries import heads
from copydesk.record.queries.lines import lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

View = TypeVar("View", bound="Callable[..., HttpResponse]")

# Of a page of entries: how many, and after how many bytes no more are begun.
MOST_ENTRIES, MOST_BYTES = 1_000, 8 * 2**20
LARGEST = 2**53


class BadParameter(ValueError):
    """What was asked cannot be answered; the message says why."""


def answered(view: View) -> View:
    """Let a view's refusals be told as JSON, and caches ask each time whether an answer still holds."""

    @require_safe
    @condition(etag_func=_etag)
    @wraps(view)
    def answer(request: HttpRequest, *args: object) -> HttpResponse:
        try:
            response = view(request, *args)
        except BadParameter as error:
            return HttpResponse(_json({"error": str(error)}), "application/json", status=400)
        except KeyUnusable:
            message = _("The record cannot be signed at the moment.")
            return HttpResponse(_json({"error": message}), "application/json", status=503)
        patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
        response["Access-Control-Allow-Origin"], response["X-Robots-Tag"] = "*", "noindex"
        return response

    return cast("View", answer)


def _etag(_request: HttpRequest, *_args: object) -> str:
    """Return what changes with the record: nothing that is shown of it does without an entry."""
    size, last_hash = heads.end()
    return f'W/"{size}-{last_hash[:16]}"'


@answered
def head(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Give the signed head of the whole record."""
    return HttpResponse(_json(heads.signed_head().as_json()), "application/json")


@answered
def checkpoint(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Give the same as a signed note, as tools for transparency logs read it."""
    return HttpResponse(heads.signed_head().note, "text/plain; charset=utf-8")


@answered
def entries(request: HttpRequest) -> HttpResponse:
    """Give some entries, one a line, with what they recorded where everybody may read that."""
    first = _number(request, "from", default=0)
    count = _number(request, "count", least=1, default=MOST_ENTRIES)
    found, length = [], 0
    for line in lines(first, min(count, MOST_ENTRIES), is_whole=False):
        found.append(line)
        length += len(line)
        if length >= MOST_BYTES:
            break
    return HttpResponse(b"".join(found), "application/jsonl")


@answered
def inclusion(request: HttpRequest) -> HttpResponse:
    """Prove that an entry is in the tree over the first `size`."""
    there = heads.size()
    size = _number(request, "size", least=1, most=there, default=there)
    index = _number(request, "index", most=size - 1)
    return HttpResponse(_json(heads.inclusion(index, size)), "application/json")


@answered
def consistency(request: HttpRequest) -> HttpResponse:
    """Prove that the tree over the first `second` entries continues that over the first `first`."""
    there = heads.size()
    second = _number(request, "second", least=1, most=there, default=there)
    first = _number(request, "first", least=1, most=second)
    return HttpResponse(_json(heads.consistency(first, second)), "application/json")


def _number(
    request: HttpRequest,
    name: str,
    *,
    least: int = 0,
    most: int = LARGEST,
    default: int | None = None,
) -> int:
    given = request.GET.get(name)
    if given is None and default is not None:
        given = str(default)
    is_number = given is not None and given.isascii() and given.isdecimal() and len(given) <= 16
    if given is None or not is_number or not least <= int(given) <= most:
        raise BadParameter(_wanted(name, least, most))
    return int(given)


def _wanted(name: str, least: int, most: int) -> str:
    if most < least:
        return _("The record is empty.")
    values = {"name": name, "least": least, "most": most}
    if most == LARGEST:
        return _("“%(name)s” must be a whole number from %(least)d.") % values
    return _("“%(name)s” must be a whole number from %(least)d to %(most)d.") % values


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
