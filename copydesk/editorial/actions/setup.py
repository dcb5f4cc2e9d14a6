"""What every site needs besides its tables: the tree's root, the roles' permissions, the workflow, the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from copydesk.editorial.models import FrontPage, Publication
from copydesk.members.models import Role
from copydesk.sources.models import QuotationPolicy

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

WAGTAIL_GROUPS = ("Moderators", "Editors")
WAGTAIL_WORKFLOW = "Moderators approval"
SLUG = "home"

DESK = "wagtailadmin.access_admin"
# On the front page, and so on everything under it. Who may only `add` may change what they added.
PAGES = {
    Role.OWNER: ("add", "change", "publish", "lock", "unlock", "bulk_delete"),
    Role.EDITOR: ("add", "change", "publish", "lock", "unlock", "bulk_delete"),
    Role.WRITER: ("add", "publish"),
    Role.CONTRIBUTOR: ("add",),
    Role.MODERATOR: (),
}
# On the root of the collections. Who may only `add` may change what they uploaded.
MEDIA = {
    Role.OWNER: ("add", "change", "delete", "choose"),
    Role.EDITOR: ("add", "change", "delete", "choose"),
    Role.WRITER: ("add", "choose"),
    Role.CONTRIBUTOR: ("add", "choose"),
    Role.MODERATOR: (),
}
EDITORS_OWN = (
    *(
        f"editorial.{action}_{model}"
        for model in ("topic", "person", "series")
        for action in ("add", "change", "delete")
    ),
    *(f"wagtailredirects.{action}_redirect" for action in ("add", "change", "delete")),
    "editorial.change_publication",
    "sources.change_quotationpolicy",
    "sources.change_source",
    "record.add_notice",
)
MODELS = {
    Role.OWNER: (
        DESK,
        *EDITORS_OWN,
        *(f"members.{action}_member" for action in ("add", "change", "delete")),
    ),
    Role.EDITOR: (DESK, *EDITORS_OWN),
    Role.WRITER: (DESK,),
    Role.CONTRIBUTOR: (DESK,),
    Role.MODERATOR: (DESK,),
}


@transaction.atomic
def prepare_site(*, at: datetime) -> FrontPage:
    """Bring the site to what this version needs and return its front page; run after every migration.

    What editors have made is left as it is. The permissions of the roles' groups are set to the tables above,
    so that a new version can give and take; further groups are nobody's business but the owner's.
    """
    Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    front = FrontPage.objects.first() or _plant_front_page(at)
    _point_site_to(front)
    collection = Collection.get_first_root_node() or Collection.add_root(name="Root")
    _drop_what_wagtail_brought()
    for role in Role:
        _set_permissions(role, front, collection)
    _bind_workflow(front)
    Publication.load()
    QuotationPolicy.load()
    return front


def _plant_front_page(at: datetime) -> FrontPage:
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    # Only Wagtail's own welcome page can be a bare `Page`: none of our types is.
    for welcome in root.get_children().exact_type(Page):
        welcome.delete()
    # Treebeard keeps counters on the instance, which the deletion made wrong.
    root.refresh_from_db()
    front = FrontPage(title=_("Front page"), slug=SLUG, first_published_at=at, last_published_at=at)
    planted: FrontPage = root.add_child(instance=front)
    return planted


def _drop_what_wagtail_brought() -> None:
    Group.objects.filter(name__in=WAGTAIL_GROUPS).delete()
    # A workflow that nobody can approve. One that was ever used is history, and stays.
    unused = {"name": WAGTAIL_WORKFLOW, "active": True}
    Workflow.objects.filter(**unused, workflow_states=None).delete()
    GroupApprovalTask.objects.filter(**unused, task_states=None, groups=None).delete()


def _point_site_to(front: FrontPage) -> None:
    address = urlsplit(settings.COPYDESK_BASE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": address.hostname, "port": port, "root_page": front},
    )


def _set_permissions(role: Role, front: FrontPage, collection: Collection) -> None:
    group, _created = Group.objects.get_or_create(name=role.value)
    group.permissions.set(_permissions(MODELS[role]))
    _set_page_permissions(
        group, front, _permissions(f"wagtailcore.{action}_page" for action in PAGES[role])
    )
    # Wagtail asks for the permissions of its own models, whichever take their place.
    labels = [
        label
        for action in MEDIA[role]
        for label in (f"wagtailimages.{action}_image", f"wagtaildocs.{action}_document")
    ]
    _set_collection_permissions(group, collection, _permissions(labels))


def _set_page_permissions(group: Group, front: FrontPage, wanted: list[Permission]) -> None:
    GroupPagePermission.objects.filter(group=group).exclude(
        page=front, permission__in=wanted
    ).delete()
    for permission in wanted:
        GroupPagePermission.objects.get_or_create(group=group, page=front, permission=permission)


def _set_collection_permissions(
    group: Group, collection: Collection, wanted: list[Permission]
) -> None:
    GroupCollectionPermission.objects.filter(group=group).exclude(
        collection=collection, permission__in=wanted
    ).delete()
    for permission in wanted:
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=collection, permission=permission
        )


def _permissions(labels: Iterable[str]) -> list[Permission]:
    """Return the permissions of these labels; one that does not exist is a mistake of ours and ends the set-up."""
    wanted = list(labels)
    if not wanted:
        return []
    named = Q()
    for app, _dot, codename in (label.partition(".") for label in wanted):
        named |= Q(content_type__app_label=app, codename=codename)
    found = list(Permission.objects.filter(named))
    if len(found) != len(wanted):
        raise LookupError(
            f"permissions not found: {set(wanted) - {_label(permission) for permission in found}}"
        )
    return found


def _label(permission: Permission) -> str:
    return f"{permission.content_type.app_label}.{permission.codename}"


def _bind_workflow(front: FrontPage) -> None:
    """Give the front page a workflow, unless the owner has given it one."""
    if WorkflowPage.objects.filter(page=front).exists():
        return
    workflow = Workflow.objects.create(name=_("Editor’s approval"))
    task = GroupApprovalTask.objects.create(name=_("Editor’s approval"))
    task.groups.set(Group.objects.filter(name__in=[Role.OWNER, Role.EDITOR]))
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=front)
