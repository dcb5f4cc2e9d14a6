"""The desk has no door of its own, and shows owners their members."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from wagtail.models import ModelLogEntry

from copydesk.members.models import Member, Role, Tier

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

BACKEND = "django.contrib.auth.backends.ModelBackend"


def enter(client: Client, member: Member) -> Client:
    client.force_login(member, backend=BACKEND)
    return client


def test_strangers_are_sent_to_the_one_sign_in(client: Client) -> None:
    response = client.get("/desk/pages/", follow=True)
    assert [address for address, _status in response.redirect_chain] == [
        "/desk/login/?next=/desk/pages/",
        "/account/login/?next=%2Fdesk%2Fpages%2F",
    ]


def test_wagtails_own_sign_in_takes_no_password(client: Client, ada: Member) -> None:
    ada.set_password("lantern-orchard-9")
    ada.save(update_fields=["password"])
    response = client.post("/desk/login/", {"username": ada.email, "password": "lantern-orchard-9"})
    assert response["Location"].startswith("/account/login/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example"])
def test_the_desks_door_leads_nowhere_else(client: Client, ada: Member, target: str) -> None:
    assert "evil" not in client.get("/desk/login/", {"next": target})["Location"]
    assert enter(client, ada).get("/desk/login/", {"next": target})["Location"] == "/desk/"


@pytest.mark.parametrize(
    "path",
    [
        "/desk/password_reset/",
        "/desk/password_reset/done/",
        "/desk/password_reset/confirm/MQ/abc-123/",
    ],
)
def test_wagtails_own_password_pages_are_closed(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(path, {"email": "ada@example.org"}).status_code == 404


def test_a_member_without_a_role_is_told_so(client: Client, ben: Member) -> None:
    response = enter(client, ben).get("/desk/", follow=True)
    assert response.status_code == 403
    assert len(response.redirect_chain) == 1
    assert "no role here" in response.content.decode()


def test_signing_out_at_the_desk(client: Client, ada: Member) -> None:
    enter(client, ada)
    assert client.get("/desk/logout/").status_code == 405
    client.post("/desk/logout/")
    assert "_auth_user_id" not in client.session


def test_the_desks_account_page_changes_the_name_and_no_password(
    client: Client, ada: Member
) -> None:
    page = enter(client, ada).get("/desk/account/").content.decode()
    assert 'type="password"' not in page
    assert 'name="name-name"' in page
    assert "first_name" not in page
    data = {"name-name": "Ada L.", "locale-preferred_language": "", "locale-current_time_zone": ""}
    data |= {
        "theme-theme": "system",
        "theme-contrast": "system",
        "theme-density": "default",
        "theme-keyboard_shortcuts": "on",
    }
    response = client.post("/desk/account/", data)
    assert response.status_code == 302, response.content.decode()[:20000]
    ada.refresh_from_db()
    assert ada.name == "Ada L."


class TestMembers:
    def test_only_owners_see_them(
        self, client: Client, ada: Member, olga: Member, ben: Member
    ) -> None:
        for path in (
            "/desk/users/",
            "/desk/users/new/",
            f"/desk/users/edit/{ben.pk}/",
            f"/desk/users/delete/{ben.pk}/",
        ):
            assert enter(client, ada).get(path).status_code == 302
            assert enter(client, olga).get(path).status_code == 200, path

    def test_editors_change_nobody(self, client: Client, ada: Member, ben: Member) -> None:
        data = {"name": "X", "role": "owner", "tier": "free", "is_active": "on"}
        enter(client, ada).post(f"/desk/users/edit/{ben.pk}/", data)
        enter(client, ada).post(f"/desk/users/edit/{ada.pk}/", data)
        enter(client, ada).post("/desk/users/new/", data | {"email": "x@example.org"})
        assert not Member.objects.filter(groups__name=Role.OWNER).exists()
        assert not Member.objects.filter(is_superuser=True).exists()

    def test_an_owner_gives_a_role(self, client: Client, olga: Member, ben: Member) -> None:
        data = {
            "name": "Ben B.",
            "email": "other@example.org",
            "role": "editor",
            "tier": "paid",
            "is_active": "on",
        }
        response = enter(client, olga).post(f"/desk/users/edit/{ben.pk}/", data)
        assert response.status_code == 302
        fresh = Member.objects.get(pk=ben.pk)
        assert (fresh.name, fresh.role, fresh.tier, fresh.email) == (
            "Ben B.",
            Role.EDITOR,
            Tier.PAID,
            "ben@example.org",
        )
        entry = ModelLogEntry.objects.get(action="members.role", object_id=str(ben.pk))
        assert (entry.user, entry.message) == (olga, "Role changed from reader to Editor")
        assert enter(client, olga).get(f"/desk/users/history/{ben.pk}/").status_code == 200

    def test_an_owner_adds_somebody(self, client: Client, olga: Member) -> None:
        data = {
            "name": "Nell",
            "email": "Nell@Example.org",
            "role": "writer",
            "tier": "free",
            "is_active": "on",
        }
        enter(client, olga).post("/desk/users/new/", data)
        nell = Member.objects.get(email="nell@example.org")
        assert (nell.role, nell.has_usable_password()) == (Role.WRITER, False)
        assert EmailAddress.objects.get(user=nell).verified

    def test_the_last_owner_cannot_be_lost(self, client: Client, olga: Member) -> None:
        data = {"name": "Olga", "role": "", "tier": "free"}
        response = enter(client, olga).post(f"/desk/users/edit/{olga.pk}/", data)
        assert "needs an owner" in response.content.decode()
        assert Member.objects.get(pk=olga.pk).is_superuser

    def test_roles_are_not_given_by_the_dozen(
        self, client: Client, olga: Member, ben: Member
    ) -> None:
        role = ben.groups.model.objects.get(name="owner")
        path = f"/desk/bulk/members/member/assign_role/?id={ben.pk}"
        enter(client, olga).post(path, {"role": role.pk})
        assert not Member.objects.get(pk=ben.pk).role_names()

    def test_a_deactivated_member_is_out_at_once(
        self, client: Client, olga: Member, ben: Member
    ) -> None:
        other = enter(type(client)(), ben)
        assert other.get(reverse("account_email")).status_code == 200
        data = {"name": "Ben", "role": "", "tier": "free"}
        enter(client, olga).post(f"/desk/users/edit/{ben.pk}/", data)
        assert other.get(reverse("account_email")).status_code == 302
