"""What the desk gets of sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter

from copydesk.sources import policies
from copydesk.sources.actions.syncing import OVERRIDDEN
from copydesk.sources.views import desk, editor, texts
from copydesk.sources.views.changed import ChangedSourcesPanel, changed
from copydesk.sources.views.choosing import SourceChooser

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.urls import URLPattern
    from wagtail.admin.ui.components import Component
    from wagtail.log_actions import LogActionRegistry
    from wagtail.models import ModelLogEntry

# --- Choosing


@hooks.register("register_admin_viewset")
def register_source_chooser() -> SourceChooser:
    """Let a source be chosen wherever a form asks for one."""
    return SourceChooser("source_chooser")


# --- Names under words that differ


class Overridden(LogFormatter):
    """Says who published words that are not their source's, and why."""

    label = _("Quotation kept as it is")

    def format_message(self, log_entry: ModelLogEntry) -> str:
        """Return the words and the reason."""
        return gettext("“%(words)s” was published though the source says otherwise: %(reason)s") % {
            "words": log_entry.data.get("words", ""),
            "reason": log_entry.data.get("reason", ""),
        }


@hooks.register("register_log_actions")
def register_overridden(actions: LogActionRegistry) -> None:
    """Overrides stand in the history of their page and of the site."""
    actions.register_action(OVERRIDDEN)(Overridden)


# --- Sources that changed


@hooks.register("register_admin_urls")
def register_changed_url() -> list[URLPattern]:
    """Give the list of changed sources its address."""
    return [path("sources/changed/", changed, name="sources_changed")]


class ChangedSourcesItem(MenuItem):
    """The way to the list from anywhere at the desk."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to whoever may see the list."""
        return policies.may_work_with_sources(request.user)


@hooks.register("register_admin_urls")
def register_source_urls() -> list[URLPattern]:
    """Give sources and their copies their addresses at the desk."""
    copy = "sources/<int:pk>/copies/<int:copy_pk>"
    return [
        path("sources/", desk.listing, name="sources_index"),
        path("sources/new/", desk.new, name="sources_new"),
        path("sources/<int:pk>/", desk.source, name="sources_desk"),
        path(f"{copy}/", texts.text, name="sources_copy"),
        path(f"{copy}.warc.gz", texts.warc, name="sources_warc"),
        path(f"{copy}.wacz", texts.wacz, name="sources_wacz"),
    ]


@hooks.register("register_admin_menu_item")
def register_sources_item() -> ChangedSourcesItem:
    """Offer the sources in the menu, to whoever may also see which of them changed."""
    return ChangedSourcesItem(
        _("Sources"), reverse("sources_index"), name="sources", icon_name="openquote", order=320
    )


@hooks.register("register_reports_menu_item")
def register_changed_item() -> ChangedSourcesItem:
    """Offer the list among the reports."""
    return ChangedSourcesItem(
        _("Changed sources"),
        reverse("sources_changed"),
        name="changed-sources",
        icon_name="openquote",
        order=100,
    )


@hooks.register("construct_homepage_panels")
def show_changed_sources(request: HttpRequest, panels: list[Component]) -> None:
    """Say on the desk's home how many changes wait, where any does."""
    if not policies.may_work_with_sources(request.user):
        return
    panel = ChangedSourcesPanel()
    if panel.open_count:
        panels.append(panel)


# --- Quotations while they are written


@hooks.register("register_admin_urls")
def register_editor_urls() -> list[URLPattern]:
    """Give what the editor of a quotation asks its addresses."""
    return [
        path("sources/find/", editor.find, name="sources_find"),
        path("sources/add/", editor.add, name="sources_add"),
        path("sources/elsewhere/", editor.elsewhere, name="sources_elsewhere"),
        path("sources/<int:pk>/card/", editor.card, name="sources_card"),
        path("sources/<int:pk>/check/", editor.check, name="sources_check"),
        path("sources/<int:pk>/text/", editor.supply, name="sources_supply"),
        path("sources/<int:pk>/file/", editor.upload, name="sources_upload"),
        path("sources/<int:pk>/again/", editor.refetch, name="sources_again"),
    ]
