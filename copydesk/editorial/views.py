from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

def publication(request: HttpRequest) -> dict[str, Any]:
    return {}

def todo(request: HttpRequest, **kw: Any) -> HttpResponse:
    return HttpResponse("")

preview = todo
