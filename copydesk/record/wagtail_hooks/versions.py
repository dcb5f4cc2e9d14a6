"""What the desk gets of the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path, reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button

from copydesk.editorial.models import Article
from copydesk.editorial.policies import may_edit
from copydesk.record.views import desk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.urls import URLPattern
    from wagtail.models import Page

    from copydesk.members.models import Member


# --- Versions


@hooks.register("register_admin_urls")
def register_versions_url() -> list[URLPattern]:
    """Give the versions and drafts of an article their address at the desk."""
    return [path("record/articles/<int:pk>/", desk.versions, name="record_versions")]


@hooks.register("register_page_header_buttons")
def offer_versions(
    page: Page,
    user: Member,
    view_name: str,  # noqa: ARG001 - Wagtail's signature
    next_url: str | None = None,  # noqa: ARG001
) -> Iterator[Button]:
    """Lead from an article to its versions, beside Wagtail's own history of drafts."""
    if isinstance(page, Article) and may_edit(user, page):
        yield Button(
            _("Published versions"),
            reverse("record_versions", args=[page.pk]),
            icon_name="history",
            priority=66,
        )
