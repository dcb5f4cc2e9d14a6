"""The owner's first way in: a link that works with no mail server."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from copydesk.kit import clock
from copydesk.members.actions import LastOwner, create_owner, set_role
from copydesk.members.models import Member, Role, SignInLink
from tests.factories.members import make_member

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import Settings as SettingsWrapper

    from copydesk.editorial.models import FrontPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(front_page: FrontPage, settings: SettingsWrapper) -> str:
    link = create_owner(email="Olga@Example.org", name="Olga", at=clock.now())
    assert link.startswith(settings.COPYDESK_BASE_URL + "/account/link/")
    return link.removeprefix(settings.COPYDESK_BASE_URL)


def test_looking_at_the_link_signs_nobody_in(client: Client, path: str) -> None:
    for _time in range(3):
        assert client.head(path).status_code == 200
        response = client.get(path)
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]
    assert "_auth_user_id" not in client.session
    assert SignInLink.objects.get().used_at is None


def test_pressing_the_button_signs_in_once(client: Client, path: str) -> None:
    response = client.post(path)
    assert response.status_code == 302
    assert response["Location"] == reverse("mfa_index")
    assert client.get(reverse("wagtailadmin_home")).status_code == 200
    client.logout()
    assert client.get(path).status_code == 410
    assert client.post(path).status_code == 410
    assert "_auth_user_id" not in client.session


def test_the_link_expires_after_a_day(client: Client, path: str) -> None:
    SignInLink.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert client.post(path).status_code == 410


def test_a_token_of_somebodys_making_opens_nothing(client: Client, path: str) -> None:
    digest = SignInLink.objects.get().digest
    for token in ("x", digest, path.rstrip("/").rpartition("/")[2] + "x"):
        assert client.post(reverse("members:link", args=[token])).status_code == 410


def test_only_a_digest_is_kept(path: str) -> None:
    assert path.rstrip("/").rpartition("/")[2] not in SignInLink.objects.get().digest


def test_the_link_of_a_deactivated_member_opens_nothing(client: Client, path: str) -> None:
    Member.objects.update(is_active=False)
    assert client.post(path).status_code == 410


def test_a_second_link_ends_the_first(client: Client, path: str) -> None:
    create_owner(email="olga@example.org", name="Somebody", at=clock.now())
    assert client.post(path).status_code == 410
    member = Member.objects.get()
    assert (member.name, member.email, member.is_superuser) == ("Olga", "olga@example.org", True)


def test_it_takes_the_place_of_whoever_was_signed_in(client: Client, path: str) -> None:
    client.force_login(make_member("ben"), backend="django.contrib.auth.backends.ModelBackend")
    client.post(path)
    assert client.session["_auth_user_id"] == str(Member.objects.get(email="olga@example.org").pk)


def test_a_role_replaces_the_former_one(front_page: FrontPage, olga: Member, ben: Member) -> None:
    set_role(member=ben, role=Role.EDITOR, by=olga, at=clock.now())
    set_role(member=ben, role=Role.CONTRIBUTOR, by=olga, at=clock.now())
    fresh = Member.objects.get(pk=ben.pk)
    assert fresh.role_names() == {Role.CONTRIBUTOR}
    assert fresh.is_staff
    assert not front_page.permissions_for_user(fresh).can_publish_subpage()
    set_role(member=ben, role=None, by=olga, at=clock.now())
    assert not Member.objects.get(pk=ben.pk).is_staff


def test_an_owner_who_becomes_less_may_no_longer_do_everything(olga: Member, ben: Member) -> None:
    set_role(member=ben, role=Role.OWNER, by=olga, at=clock.now())
    set_role(member=olga, role=Role.WRITER, by=ben, at=clock.now())
    assert not Member.objects.get(pk=olga.pk).is_superuser


def test_the_last_owner_stays_one(olga: Member) -> None:
    with pytest.raises(LastOwner):
        set_role(member=olga, role=Role.EDITOR, by=olga, at=clock.now())
    assert Member.objects.get(pk=olga.pk).is_superuser
