"""What the desk gets of the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.menus.pages import PageMenuItem

from copydesk.editorial.models import Article
from copydesk.record.policies.notices import may_publish_notices
from copydesk.record.views import notices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.urls import URLPattern
    from wagtail.models import Page

    from copydesk.members.models import Member

# --- Notices


@hooks.register("register_admin_urls")
def register_notice_urls() -> list[URLPattern]:
    """Give an article's notices their address."""
    return [path("articles/<int:pk>/notices/", notices.notices, name="record_notices")]


class NoticesItem(PageMenuItem):
    """The way from an article to a notice of an error in it."""

    label = _("Publish a notice")
    icon_name = "warning"
    url_name = "record_notices"

    def is_shown(self, user: Member) -> bool:
        """Show it at articles that readers have, to whoever may publish notices."""
        is_article = issubclass(self.page.specific_class or type(self.page), Article)
        return bool(self.page.live and is_article and may_publish_notices(user))


@hooks.register("register_page_header_buttons")
def offer_notice(page: Page, **_more: object) -> Iterator[NoticesItem]:
    """Offer a notice above the article."""
    yield NoticesItem(page=page, priority=62)


@hooks.register("register_page_listing_more_buttons")
def offer_notice_in_lists(page: Page, **_more: object) -> Iterator[NoticesItem]:
    """Offer a notice in lists of articles."""
    yield NoticesItem(page=page, priority=42)
