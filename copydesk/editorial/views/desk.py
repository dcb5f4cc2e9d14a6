"""The desk's views that differ from Wagtail's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import redirect
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.admin.views.pages.create import AddSubpageView

from copydesk.editorial import policies
from copydesk.editorial.models import Article, FrontPage, StaticPage

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class ChooseKind(AddSubpageView):
    """Asks what kind of page to add; who may only add articles is not asked."""

    def dispatch(
        self, request: HttpRequest, parent_page_id: int, *args: object, **kwargs: object
    ) -> HttpResponse:
        """Answer the request."""
        if policies.may_create(request.user, Article) and not policies.may_create(
            request.user, StaticPage
        ):
            return write(request)
        response: HttpResponse = super().dispatch(request, parent_page_id, *args, **kwargs)
        return response


def write(_request: HttpRequest) -> HttpResponse:
    """Lead to a new article; whether its writer may is asked there."""
    front = FrontPage.objects.get()
    return redirect(
        "wagtailadmin_pages:add", Article._meta.app_label, Article._meta.model_name, front.pk
    )


@require_safe
@cache_control(private=True, max_age=3600)
def picture(_request: HttpRequest, name: str, form: str) -> FileResponse:
    """Serve a stored picture to the desk's people, published or not; Wagtail asks who they are."""
    if not default_storage.exists(name):
        raise Http404
    kind = "jpeg" if form == "jpg" else form
    response = FileResponse(default_storage.open(name), content_type=f"image/{kind}")
    response["X-Content-Type-Options"] = "nosniff"
    return response
