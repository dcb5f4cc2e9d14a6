"""Every site is prepared after its migrations: the tree, the roles, the workflow."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission, Page, Site, Workflow, WorkflowPage

from copydesk.editorial.actions.setup import prepare_site
from copydesk.editorial.models import FrontPage, Publication
from copydesk.kit import clock
from copydesk.members.models import Role

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings as SettingsWrapper

pytestmark = pytest.mark.django_db


def test_the_front_page_is_the_root_of_the_site(front_page: FrontPage) -> None:
    assert front_page.url_path == "/home/"
    assert list(Page.objects.filter(depth=2)) == [front_page.page_ptr]
    assert Site.objects.get().root_page_id == front_page.pk


def test_the_site_has_the_address_of_the_settings(settings: SettingsWrapper) -> None:
    settings.COPYDESK_BASE_URL = "https://news.example"
    prepare_site(at=clock.now())
    site = Site.objects.get()
    assert (site.hostname, site.port) == ("news.example", 443)


def test_wagtails_own_groups_and_workflow_are_gone(front_page: FrontPage) -> None:
    assert set(Group.objects.values_list("name", flat=True)) == set(Role.values)
    assert WorkflowPage.objects.get().page_id == front_page.pk
    assert Workflow.objects.count() == 1


def test_preparing_again_changes_nothing(front_page: FrontPage) -> None:
    before = (Page.objects.count(), GroupPagePermission.objects.count(), Workflow.objects.count())
    assert prepare_site(at=clock.now() + timedelta(days=1)) == front_page
    assert (
        Page.objects.count(),
        GroupPagePermission.objects.count(),
        Workflow.objects.count(),
    ) == before


def test_preparing_again_keeps_what_the_owner_set(front_page: FrontPage) -> None:
    publication = Publication.load()
    publication.name = "The Harbour"
    publication.save(update_fields=["name"])
    workflow = Workflow.objects.create(name="Two pairs of eyes")
    WorkflowPage.objects.filter(page=front_page).update(workflow=workflow)
    prepare_site(at=clock.now())
    assert Publication.load().name == "The Harbour"
    assert WorkflowPage.objects.get(page=front_page).workflow == workflow


def test_a_permission_somebody_added_to_a_role_is_taken_back(front_page: FrontPage) -> None:
    group = Group.objects.get(name=Role.CONTRIBUTOR)
    publish = Permission.objects.get(codename="publish_page")
    GroupPagePermission.objects.create(group=group, page=front_page, permission=publish)
    prepare_site(at=clock.now())
    assert not GroupPagePermission.objects.filter(group=group, permission=publish).exists()


@pytest.mark.django_db(transaction=True)
def test_an_emptied_database_is_prepared_from_nothing() -> None:
    Page.objects.all().delete()
    Group.objects.all().delete()
    front = prepare_site(at=clock.now())
    assert front.depth == 2
    assert Group.objects.count() == len(Role)
