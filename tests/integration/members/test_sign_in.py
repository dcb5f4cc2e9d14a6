"""Joining and signing in, as a browser does it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.urls import reverse

from copydesk.members.models import Member
from tests.factories.members import make_member

if TYPE_CHECKING:
    from django.test import Client
    from django.test.client import _MonkeyPatchedWSGIResponse as HttpResponse
    from pytest_django.fixtures import Settings as SettingsWrapper

pytestmark = pytest.mark.django_db

LOGIN, CONFIRM = "/account/login/", "/account/login/code/confirm/"


def mailed_code() -> str:
    """Return the code in the last mail sent."""
    found = re.search(
        r"^([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})*)$", str(mail.outbox[-1].body), re.MULTILINE
    )
    assert found, mail.outbox[-1].body
    return found[1]


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def join(client: Client, email: str = "nell@example.org", name: str = "Nell New") -> HttpResponse:
    return client.post(reverse("account_signup"), {"email": email, "name": name})


def ask_for_code(client: Client, email: str = "ben@example.org", **more: str) -> HttpResponse:
    return client.post(LOGIN, {"login": email, "password": "", **more})


class TestJoining:
    def test_a_code_proves_the_address(self, client: Client) -> None:
        response = join(client, email="Nell@Example.org")
        assert response["Location"] == reverse("account_email_verification_sent")
        assert not is_signed_in(client)
        client.post(response["Location"], {"code": mailed_code()})
        assert is_signed_in(client)
        member = Member.objects.get()
        assert (member.email, member.name, member.role) == ("nell@example.org", "Nell New", None)
        assert not member.has_usable_password()
        assert not member.is_staff

    def test_a_wrong_code_proves_nothing(self, client: Client) -> None:
        join(client)
        for _attempt in range(3):
            client.post(reverse("account_email_verification_sent"), {"code": "WRONG1"})
        client.post(reverse("account_email_verification_sent"), {"code": mailed_code()})
        assert not is_signed_in(client)

    def test_an_address_that_has_an_account_looks_like_any_other(self, client: Client) -> None:
        make_member("ben")
        unknown = join(client)
        client.cookies.clear()
        known = join(client, email="BEN@example.org")
        assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
        assert client.get(known["Location"]).status_code == 200
        assert Member.objects.filter(email__iexact="ben@example.org").count() == 1
        assert "has an account already" in str(mail.outbox[-1].body)

    @pytest.mark.parametrize("name", ["", "   ", "a\u202eb", "x" * 101, "a\x00b"])
    def test_a_name_can_be_read(self, client: Client, name: str) -> None:
        assert join(client, name=name).status_code == 200
        assert not Member.objects.exists()

    def test_a_name_stays_text(self, client: Client) -> None:
        join(client, name="<script>alert(1)</script>")
        client.post(reverse("account_email_verification_sent"), {"code": mailed_code()})
        assert b"<script>alert(1)" not in client.get(reverse("account_email")).content


class TestCode:
    def test_a_code_signs_in(self, client: Client) -> None:
        make_member("ben")
        assert ask_for_code(client)["Location"].startswith(CONFIRM)
        response = client.post(CONFIRM, {"code": mailed_code()})
        assert response["Location"] == "/"
        assert is_signed_in(client)

    def test_looking_at_the_page_signs_nobody_in(self, client: Client) -> None:
        make_member("ben")
        ask_for_code(client)
        assert (
            str(mail.outbox[-1].body).count("http") == 1
        )  # The site's own address, in the signature.
        client.get(CONFIRM, {"code": mailed_code()})
        assert not is_signed_in(client)

    def test_a_code_opens_nothing_in_another_browser(self, client: Client) -> None:
        make_member("ben")
        ask_for_code(client)
        other = type(client)()
        other.post(CONFIRM, {"code": mailed_code()})
        assert not is_signed_in(other)

    def test_three_wrong_codes_end_the_attempt(self, client: Client) -> None:
        make_member("ben")
        ask_for_code(client)
        code = mailed_code()
        for _attempt in range(3):
            client.post(CONFIRM, {"code": "WRONG1"})
        client.post(CONFIRM, {"code": code})
        assert not is_signed_in(client)

    def test_a_code_works_once(self, client: Client) -> None:
        make_member("ben")
        ask_for_code(client)
        code = mailed_code()
        client.post(CONFIRM, {"code": code})
        client.post(reverse("account_logout"))
        client.post(CONFIRM, {"code": code})
        assert not is_signed_in(client)

    def test_an_unknown_address_looks_like_any_other(self, client: Client) -> None:
        make_member("ben")
        known = ask_for_code(client)
        client.cookies.clear()
        unknown = ask_for_code(client, email="nobody@example.org")
        assert (unknown.status_code, unknown["Location"]) == (known.status_code, known["Location"])
        assert "It has no account" in str(mail.outbox[-1].body)

    def test_a_deactivated_account_does_not_get_in(self, client: Client) -> None:
        ben = make_member("ben")
        ask_for_code(client)
        Member.objects.filter(pk=ben.pk).update(is_active=False)
        client.post(CONFIRM, {"code": mailed_code()})
        assert not is_signed_in(client)
        ask_for_code(client)
        assert "It has no account" in str(mail.outbox[-1].body)

    def test_codes_are_not_sent_without_end(self, client: Client) -> None:
        make_member("ben")
        for _request in range(6):
            client.cookies.clear()
            ask_for_code(client)
        assert len(mail.outbox) == 3


class TestWhereTo:
    @pytest.mark.parametrize(
        "target",
        [
            "https://evil.example/",
            "//evil.example/",
            "/\\evil.example",
            "javascript:alert(1)",
            "https:evil.example",
        ],
    )
    def test_nobody_is_sent_to_another_site(self, client: Client, target: str) -> None:
        make_member("ben")
        response = ask_for_code(client, next=target)
        response = client.post(response["Location"], {"code": mailed_code(), "next": target})
        assert response["Location"] == "/"

    def test_members_come_back_to_where_they_were(self, client: Client) -> None:
        make_member("ben")
        response = ask_for_code(client, next="/on-bridges/")
        assert (
            client.post(response["Location"], {"code": mailed_code()})["Location"] == "/on-bridges/"
        )

    def test_signing_out_needs_a_button(self, client: Client) -> None:
        client.force_login(make_member("ben"), backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(reverse("account_logout")).status_code == 200
        assert is_signed_in(client)
        client.post(reverse("account_logout"))
        assert not is_signed_in(client)


class TestPassword:
    def test_a_password_is_a_choice(self, client: Client) -> None:
        ben = make_member("ben")
        client.force_login(ben, backend="django.contrib.auth.backends.ModelBackend")
        client.post(
            reverse("account_set_password"),
            {"password1": "lantern-orchard-9", "password2": "lantern-orchard-9"},
        )
        client.logout()
        client.post(LOGIN, {"login": "ben@example.org", "password": "lantern-orchard-9"})
        assert is_signed_in(client)

    def test_wrong_passwords_are_counted(self, client: Client) -> None:
        ben = make_member("ben")
        ben.set_password("lantern-orchard-9")
        ben.save(update_fields=["password"])
        for _attempt in range(5):
            client.post(LOGIN, {"login": "ben@example.org", "password": "wrong"})
        response = client.post(LOGIN, {"login": "ben@example.org", "password": "lantern-orchard-9"})
        assert not is_signed_in(client)
        assert b"Too many failed" in response.content

    def test_a_forgotten_one_is_replaced_by_code(self, client: Client) -> None:
        make_member("ben")
        response = client.post(reverse("account_reset_password"), {"email": "ben@example.org"})
        assert response["Location"] == reverse("account_confirm_password_reset_code")
        client.get(response["Location"], {"code": mailed_code()})
        response = client.post(response["Location"], {"code": mailed_code()})
        words = "candle-meadow-17"
        client.post(
            reverse("account_complete_password_reset"), {"password1": words, "password2": words}
        )
        client.logout()
        client.post(LOGIN, {"login": "ben@example.org", "password": words})
        assert is_signed_in(client)


class TestProxy:
    def ask_from(self, client: Client, said: str) -> None:
        client.cookies.clear()
        client.post(
            LOGIN,
            {"login": "x@example.org", "password": "x"},
            headers={"x-forwarded-for": said},
            REMOTE_ADDR="10.0.0.1",
        )

    def counted(self) -> set[str]:
        from copydesk.members.models import CacheEntry

        keys = CacheEntry.objects.values_list("cache_key", flat=True)
        return {
            key.rpartition(":ip:")[2] for key in keys if ":ip:" in key and not key.endswith(":lock")
        }

    def test_what_a_client_says_of_itself_counts_for_nothing(self, client: Client) -> None:
        self.ask_from(client, "203.0.113.9")
        assert self.counted() == {"10.0.0.1"}

    def test_behind_our_proxy_what_it_saw_counts(
        self, client: Client, settings: SettingsWrapper
    ) -> None:
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        self.ask_from(client, "198.51.100.1, 203.0.113.9")
        assert self.counted() == {"203.0.113.9"}


def test_mail_comes_from_the_publication(client: Client, settings: SettingsWrapper) -> None:
    from copydesk.editorial.models import Publication

    Publication.objects.update_or_create(
        pk=Publication.load().pk, defaults={"name": "The <Harbour> & Co"}
    )
    settings.COPYDESK_BASE_URL = "https://harbour.example"
    make_member("ben")
    ask_for_code(client)
    body = str(mail.outbox[-1].body)
    assert body.endswith("--\nThe <Harbour> & Co\nhttps://harbour.example")
    assert "testserver" not in body


PAGES = [
    "account_email",
    "account_change_password",
    "account_logout",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_activate_totp",
    "usersessions_list",
]


@pytest.mark.parametrize("name", PAGES)
def test_the_account_pages_are_the_members_own(client: Client, name: str) -> None:
    response = client.get(reverse(name))
    assert response.status_code == 302
    client.force_login(make_member("ben"), backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(reverse(name), follow=True)
    assert response.status_code == 200
    assert b"<h1" in response.content
