"""The desk's views that differ from Wagtail's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect
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
