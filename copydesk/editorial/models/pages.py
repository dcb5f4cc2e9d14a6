"""The front page, at the root of the tree, and static pages: about, guidelines, policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.fields import StreamField
from wagtail.models import Page, PagePermissionTester
from wagtail.search import index

from copydesk.editorial.blocks import ArticleBody
from copydesk.pagestore.actions import keep_commit_order

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from copydesk.members.models import Member


FRONT_DEPTH = 2  # Under Wagtail's root.


class OwnPagePermissions(PagePermissionTester):
    """Wagtail's permissions, but who may only edit their own pages may only publish and withdraw their own.

    Wagtail lets everybody with `publish` on a part of the tree publish and unpublish anybody's page in it.
    """

    def edits_everything(self) -> bool:
        """Whether the user may change every page here, not only their own."""
        return bool(
            self.user.is_active and (self.user.is_superuser or "change" in self.permissions)
        )

    def _is_theirs(self) -> bool:
        return self.edits_everything() or bool(self.page.owner_id == self.user.pk)

    def can_add_subpage(self) -> bool:
        """Whether the user may add a page below: writers add articles, which lie under the front page alone."""
        return bool(super().can_add_subpage()) and (
            self.page.depth == FRONT_DEPTH or self.edits_everything()
        )

    def can_publish(self) -> bool:
        """Whether the user may publish this page."""
        return bool(super().can_publish()) and self._is_theirs()

    def can_unpublish(self) -> bool:
        """Whether the user may withdraw this page."""
        return bool(super().can_unpublish()) and self._is_theirs()

    def can_set_view_restrictions(self) -> bool:
        """Nobody: Wagtail's restrictions do not apply to readers' pages. An article says itself who may read it."""
        return False

    def can_reorder_children(self) -> bool:
        """Nobody: no list of ours goes by the order of the tree."""
        return False


class EditorialPage(Page):
    """What our page types share. Readers' pages are served by `editorial.views`, not by Wagtail's router."""

    is_creatable = False

    class Meta:
        abstract = True

    def permissions_for_user(self, user: Member) -> OwnPagePermissions:
        """Return what `user` may do with this page."""
        return OwnPagePermissions(user, self)

    @transaction.atomic
    def publish(self, *args: Any, **kwargs: Any) -> None:
        """Put a revision live, and give it to readers and to the record, all or nothing.

        Wagtail saves the page first and tells of it later: were the process killed between, the desk would call
        something live that nobody can read.
        """
        keep_commit_order()
        super().publish(*args, **kwargs)

    @transaction.atomic
    def unpublish(self, *args: Any, **kwargs: Any) -> None:
        """Take the page from readers, likewise."""
        keep_commit_order()
        super().unpublish(*args, **kwargs)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:  # noqa: ARG002 - Wagtail's signature
        """Show the draft as readers would get it."""
        preview = import_string("copydesk.editorial.views.pages.preview")
        response: HttpResponse = preview(request, self)
        return response


class FrontPage(EditorialPage):
    """The root of the publication. What it shows is chosen from the articles, not written here."""

    max_count = 1
    is_creatable = False
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = ["editorial.Article", "editorial.StaticPage"]
    template = "editorial/front.html"

    class Meta:
        verbose_name = _("front page")


class StaticPage(EditorialPage):
    """A page outside the flow of articles: about, guidelines, a policy."""

    standfirst = models.TextField(_("introduction"), blank=True)
    body = StreamField(ArticleBody(), verbose_name=_("body"), blank=True)
    # Rendered when published, as articles are.
    body_html = models.TextField(editable=False, blank=True)

    parent_page_types: ClassVar[list[str]] = ["editorial.FrontPage", "editorial.StaticPage"]
    subpage_types: ClassVar[list[str]] = ["editorial.StaticPage"]
    template = "editorial/static.html"
    page_description = _("A page outside the flow of articles: about, guidelines, a policy.")

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("standfirst"),
        FieldPanel("body"),
        InlinePanel("footnotes", heading=_("Footnotes"), label=_("Footnote")),
    ]
    search_fields: ClassVar[list[index.BaseField]] = [
        *Page.search_fields,
        index.SearchField("standfirst"),
    ]

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
