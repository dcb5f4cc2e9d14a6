"""The desk: Wagtail's admin with what a publication needs, and without what it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import path, re_path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.admin.telepath import register
from wagtail.admin.views.pages.listing import GenericPageFilterSet
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.admin.widgets.slug import SlugInput
from wagtail.blocks.stream_block import StreamBlockAdapter
from wagtail.models import Page, WorkflowState
from wagtail.rich_text.pages import PageLinkHandler
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from copydesk.editorial import policies
from copydesk.editorial.actions.approving import (
    UNSETTLED,
    ask_before_publishing,
    publish_approved,
)
from copydesk.editorial.actions.publishing import path_of
from copydesk.editorial.blocks import ArticleBody, Quotation
from copydesk.editorial.forms import ArticleForm, BodyForm, PersonForm
from copydesk.editorial.models import Article, FrontPage, Person, Series, StaticPage, Topic
from copydesk.editorial.queries.checklists import article_checklist
from copydesk.editorial.queries.noting import NOTE_MISSING, lacks_note
from copydesk.editorial.views.adapters import QuotationAdapter
from copydesk.editorial.views.checklist import ArticleEdit, refusal, refuse_several
from copydesk.editorial.views.desk import ChooseKind, picture, write
from copydesk.kit import clock
from copydesk.pagestore.logic.tags import depends_on_each

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern
    from wagtail.rich_text.feature_registry import FeatureRegistry

    from copydesk.members.models import Member

# --- Writing

LONGEST_ID = 18  # Digits of the largest number every database takes.

# Wagtail's setting for it is read before there are models.
WorkflowState.on_finish = publish_approved
Article.base_form_class = ArticleForm
StaticPage.base_form_class = BodyForm


class ArticleBodyAdapter(StreamBlockAdapter):
    """Gives the editor a body whose menus leave imported content out."""

    js_constructor = "copydesk.ArticleBody"

    @cached_property
    def media(self) -> forms.Media:
        """Return Wagtail's script with ours behind it, and our style."""
        media: forms.Media = super().media + forms.Media(
            js=["editorial/desk/article-body.js"], css={"all": ["editorial/desk/article-body.css"]}
        )
        return media


register(ArticleBodyAdapter(), ArticleBody)
register(QuotationAdapter(), Quotation)


def _by_number(decorate: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    def decorate_numbered(props: dict[str, Any]) -> Any:
        number = props.get("id")
        is_sound = number is None or (str(number).isdecimal() and len(str(number)) <= LONGEST_ID)
        return decorate(props) if is_sound else props["children"]

    return decorate_numbered


@hooks.register("register_rich_text_features", order=100)
def refuse_odd_links(features: FeatureRegistry) -> None:
    """Make text of a link whose page or file has no number for an id: looking it up would fail for every reader."""
    for feature, kind in (("link", "LINK"), ("document-link", "DOCUMENT")):
        rule = features.converter_rules_by_converter["contentstate"][feature]
        decorate = rule["to_database_format"]["entity_decorators"][kind]
        features.register_converter_rule(
            "contentstate",
            feature,
            {**rule, "to_database_format": {"entity_decorators": {kind: _by_number(decorate)}}},
        )


class PageLinks(PageLinkHandler):
    """Links to pages, in one small query a text: Wagtail fetches each page whole, with all its type has."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        """Return the opening tag of each link; one to a page that is gone leads nowhere."""
        keys = [attrs.get("id", "") for attrs in attrs_list]
        # Biographies are expanded when they are shown: what they link to may move.
        depends_on_each("article", [key for key in keys if key.isdecimal()])
        found = dict(Page.objects.filter(pk__in=keys).values_list("pk", "url_path"))
        paths = {str(key): path_of(url_path) for key, url_path in found.items()}
        return [format_html('<a href="{}">', paths[key]) if key in paths else "<a>" for key in keys]


@hooks.register("register_rich_text_features", order=100)
def register_page_links(features: FeatureRegistry) -> None:
    """Use our way to write links to pages."""
    features.register_link_type(PageLinks)


class FrontPageViewSet(PageViewSet):
    """What stands under the front page: articles and static pages."""

    model = FrontPage
    parent_models = (FrontPage,)
    add_subpage_view_class = ChooseKind
    filterset_class = GenericPageFilterSet

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """List pages of every kind: Wagtail would list front pages under the front page."""
        view_kwargs: dict[str, Any] = super().get_index_view_kwargs(**kwargs)
        return view_kwargs | {"model": Page}


@hooks.register("register_admin_viewset")
def register_front_page() -> FrontPageViewSet:
    """Use our view to choose what to add."""
    return FrontPageViewSet("front_page")


class ArticleViewSet(PageViewSet):
    """Articles."""

    model = Article
    edit_view_class = ArticleEdit
    filterset_class = GenericPageFilterSet


@hooks.register("register_admin_viewset")
def register_article() -> ArticleViewSet:
    """Use our view to edit articles."""
    return ArticleViewSet("article")


@hooks.register("before_publish_page")
def keep_back_unsettled(_request: HttpRequest, page: Page) -> None:
    """Do not publish an article whose quotations have to be settled first; its draft has just been saved.

    Scheduling is publishing: it is asked now. When its time comes it is published whatever its sources say by then: a
    person has decided, nobody may be at the desk, and an article that silently stays away is worse. The log names the
    quotations that are not their sources' words (`sources.actions.syncing`), and the desk sees them as changed sources.
    """
    if isinstance(page, Article):
        # `middleware.DeskTransactions` answers what this raises.
        ask_before_publishing(article=page, at=clock.now())


@hooks.register("before_edit_page")
def say_what_is_unsettled(request: HttpRequest, page: Page) -> None:
    """Say above an article that was kept back what has to be settled; nothing once it is."""
    if request.method == "GET" and UNSETTLED in request.GET and isinstance(page, Article):
        checklist = article_checklist(page)
        if checklist.blocking:
            messages.error(request, refusal(checklist))
        if lacks_note(page.get_latest_revision_as_object(), at=clock.now()):
            messages.error(
                request, f"{_('The draft is saved, but it is not published.')} {NOTE_MISSING}"
            )


@hooks.register("before_bulk_action")
def keep_back_all_unsettled(
    request: HttpRequest, kind: str, pages: list[Page], action: Any
) -> HttpResponse | None:
    """Publish several pages only when each of them may be."""
    if kind != "publish":
        return None
    chosen = {page.pk for page in pages}
    if action.cleaned_form.cleaned_data["include_descendants"]:
        chosen |= {
            pk
            for page in pages
            for pk in page.get_descendants().not_live().values_list("pk", flat=True)
        }
    drafts = (
        article.get_latest_revision_as_object() for article in Article.objects.filter(pk__in=chosen)
    )
    kept_back = [draft for draft in drafts if article_checklist(draft).blocking]
    if not kept_back:
        return None
    refuse_several(request, kept_back)
    return redirect(action.next_url)


@hooks.register("before_create_page")
def refuse_kinds(request: HttpRequest, _parent: Page, kind: type[Page]) -> None:
    """Static pages are added by editors only, whatever address is asked."""
    if not policies.may_create(request.user, kind):
        raise PermissionDenied


@hooks.register("before_edit_page")
def show_what_was_asked_for(request: HttpRequest, page: Page) -> None:
    """Say above a page that was returned why it was; Wagtail keeps the comment two clicks away."""
    state = page.current_workflow_state
    asked = (
        state.current_task_state if state and state.status == state.STATUS_NEEDS_CHANGES else None
    )
    if request.method == "GET" and asked and asked.comment:
        said = {"name": asked.finished_by, "comment": asked.comment}
        messages.warning(request, _("%(name)s asks for changes: %(comment)s") % said)


@hooks.register("construct_page_chooser_queryset")
def refuse_choosing(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    """Pages are chosen by who writes; Wagtail would show everybody at the desk all of them, drafts too."""
    return pages if policies.may_create(request.user, Article) else pages.none()


@hooks.register("before_move_page")
def refuse_moving(request: HttpRequest, page: Page, destination: Page) -> None:
    """Wagtail asks before it moves, but shows the page it will not move to anybody at the desk."""
    if not page.permissions_for_user(request.user).can_move_to(destination):
        raise PermissionDenied


@hooks.register("register_admin_urls")
def register_desk_urls() -> list[URLPattern]:
    """Give a new article an address that stays the same, and stored pictures one for the desk (MEDIA_URL)."""
    return [
        path("write/", write, name="editorial_write"),
        re_path(
            r"^media/(?P<name>(?:original_)?images/[^/]+\.(?P<form>avif|gif|jpe?g|png|webp))$",
            picture,
            name="editorial_picture",
        ),
    ]


class WriteItem(MenuItem):
    """The shortest way to a new article."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to who may write."""
        return policies.may_create(request.user, Article)


@hooks.register("register_admin_menu_item")
def register_write_item() -> WriteItem:
    """Offer to write an article, wherever in the desk one is."""
    return WriteItem(
        _("New article"), reverse("editorial_write"), name="write", icon_name="edit", order=50
    )


# --- Topics, people, series


class NamedViewSet(SnippetViewSet):
    """Something with a name and an address made from it."""

    add_to_admin_menu = True
    copy_view_enabled = False
    list_display: tuple[str, ...] = ("name", "slug")
    search_fields = ("name",)
    ordering = ("name",)
    name_panels = (
        TitleFieldPanel("name", placeholder=False),
        FieldPanel("slug", widget=SlugInput),
    )


class TopicViewSet(NamedViewSet):
    """Topics."""

    model = Topic
    icon = "tag"
    menu_order = 210
    panels = (*NamedViewSet.name_panels, FieldPanel("description"))


class PersonViewSet(NamedViewSet):
    """People."""

    model = Person
    icon = "group"
    menu_order = 220
    list_display = ("name", "position", "member")
    panels = (
        *NamedViewSet.name_panels,
        *(FieldPanel(name) for name in ("position", "bio", "portrait", "email", "links", "member")),
    )


class SeriesViewSet(NamedViewSet):
    """Series."""

    model = Series
    icon = "list-ol"
    menu_order = 230
    panels = (*NamedViewSet.name_panels, FieldPanel("description"))


Person.base_form_class = PersonForm
for viewset in (TopicViewSet, PersonViewSet, SeriesViewSet):
    register_snippet(viewset)


# --- What is not used, or would lead out of the house

UNUSED = {
    "construct_settings_menu": {"groups", "sites", "locales"},
    "construct_reports_menu": {"aging-pages", "page-types-usage"},
    "construct_help_menu": {"editor-guide"},
    "construct_main_menu": {"snippets"},
}


def _leave_out(hook: str) -> None:
    @hooks.register(hook, order=1000)
    def keep_used(_request: HttpRequest, items: list[MenuItem]) -> None:
        items[:] = [
            item
            for item in items
            if item.name not in UNUSED[hook] and not item.name.startswith("whats-new")
        ]


for name in UNUSED:
    _leave_out(name)


# --- Looks


@hooks.register("register_icons")
def register_icons(icons: list[str]) -> list[str]:
    """Add the mark of the divider, which Wagtail's own set lacks."""
    return [*icons, "editorial/icons/horizontalrule.svg"]


@hooks.register("get_avatar_url")
def draw_initials(user: Member | None, _size: int) -> str:
    """Return a picture of the member's initials: no service is asked, and no file is kept."""
    words = user.get_full_name().split() if user else []
    initials = "".join(word[0] for word in (*words[:1], *words[1:][-1:])).upper()
    svg = format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 50 50">'
        '<rect width="50" height="50" fill="hsl({} 35% 38%)"/>'
        '<text x="25" y="25" dy=".35em" text-anchor="middle" font-family="sans-serif" font-size="20" fill="#fff">'
        "{}</text></svg>",
        user.pk * 47 % 360 if user else 0,
        initials or "?",
    )
    return f"data:image/svg+xml,{quote(svg)}"
