"""What stands behind the first step: authenticator app, recovery codes, sessions, asking again."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.core import mail
from django.urls import reverse

from tests.factories.members import make_member

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoCaptureOnCommitCallbacks

    from copydesk.members.models import Member

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXP"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def totp_now() -> str:
    """Return what an authenticator app shows."""
    return str(format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time())))))


@pytest.fixture
def guarded(db: None) -> Member:
    """A member with an authenticator app and recovery codes."""
    ben = make_member("ben")
    TOTP.activate(ben, SECRET)
    RecoveryCodes.activate(ben)
    return ben


def type_mailed_code(client: Client) -> str:
    """Go through the first step; return where the second is."""
    client.post(reverse("account_login"), {"login": "ben@example.org", "password": ""})
    found = re.search(
        r"^([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})*)$", str(mail.outbox[-1].body), re.MULTILINE
    )
    assert found
    return client.post(reverse("account_confirm_login_code"), {"code": found[1]})["Location"]


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_mailed_code_is_not_enough_where_an_app_was_set_up(
    client: Client, guarded: Member
) -> None:
    step = type_mailed_code(client)
    assert step.startswith(reverse("mfa_authenticate"))
    assert not is_signed_in(client)
    client.post(step, {"code": "000000"})
    assert not is_signed_in(client)
    client.post(step, {"code": totp_now()})
    assert is_signed_in(client)


def test_the_apps_code_works_once(client: Client, guarded: Member) -> None:
    code = totp_now()
    client.post(type_mailed_code(client), {"code": code})
    assert is_signed_in(client)
    client.logout()
    client.post(type_mailed_code(client), {"code": code})
    assert not is_signed_in(client)


def test_a_recovery_code_works_once(client: Client, guarded: Member) -> None:
    code = (
        Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES)
        .wrap()
        .get_unused_codes()[0]
    )
    client.post(type_mailed_code(client), {"code": code})
    assert is_signed_in(client)
    client.logout()
    client.post(type_mailed_code(client), {"code": code})
    assert not is_signed_in(client)


def test_the_second_step_is_not_guessed(client: Client, guarded: Member) -> None:
    step = type_mailed_code(client)
    for guess in range(12):
        client.post(step, {"code": f"{guess:06}"})
    client.post(step, {"code": totp_now()})
    assert not is_signed_in(client)


def test_an_app_is_set_up_with_its_first_code(
    client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    ben = make_member("ben")
    client.force_login(ben, backend=BACKEND)
    page = client.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200
    assert b"data:image/svg+xml" in page.content
    secret = client.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": code})
    assert Authenticator.objects.filter(user=ben, type=Authenticator.Type.TOTP).exists()
    assert mail.outbox[-1].to == ["ben@example.org"]


def test_taking_the_app_away_asks_again_who_it_is(client: Client, guarded: Member) -> None:
    client.force_login(guarded, backend=BACKEND)
    response = client.post(reverse("mfa_deactivate_totp"))
    assert reverse("mfa_reauthenticate") in response["Location"]
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()


def test_ending_the_other_sessions(client: Client) -> None:
    ben = make_member("ben")
    other = type(client)()
    type_mailed_code(client)
    mail.outbox.clear()
    type_mailed_code(other)
    assert UserSession.objects.filter(user=ben).count() == 2
    assert client.get(reverse("usersessions_list")).status_code == 200
    client.post(reverse("usersessions_list"))
    assert client.get(reverse("account_email")).status_code == 200
    assert other.get(reverse("account_email")).status_code == 302
    assert UserSession.objects.filter(user=ben).count() == 1


def test_changing_the_address_needs_a_code_from_the_new_one(client: Client) -> None:
    ben = make_member("ben")
    client.force_login(ben, backend=BACKEND)
    client.post(reverse("account_email"), {"action_add": "", "email": "ben@new.example"})
    ben.refresh_from_db()
    assert ben.email == "ben@example.org"
    verification = next(each for each in mail.outbox if each.to == ["ben@new.example"])
    found = re.search(r"^([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})*)$", str(verification.body), re.MULTILINE)
    assert found
    client.post(reverse("account_email_verification_sent"), {"code": found[1]})
    ben.refresh_from_db()
    assert ben.email == "ben@new.example"
