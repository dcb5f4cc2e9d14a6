"""Passkeys, in a browser with an authenticator of its own; and the desk's editor as writers see it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from playwright.sync_api import expect

from tests.factories.editorial import block, make_article
from tests.factories.members import make_member

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from copydesk.editorial.models import FrontPage

CODE = re.compile(r"^([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})*)$", re.MULTILINE)
FRONT = re.compile(r"^http://[^/]+/$")
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def site_url(live_server_on_localhost: str) -> str:
    """Return the site's address by name: passkeys belong to names, not to numbers."""
    return live_server_on_localhost


@pytest.fixture
def live_server_on_localhost(live_server: object) -> str:
    return str(getattr(live_server, "url")).replace("127.0.0.1", "localhost")  # noqa: B009 - pytest-django's type hides it


def sign_in_by_code(page: Page, email: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_role("button", name="Mail me a code").click()
    page.wait_for_url("**/login/code/confirm/**")
    found = CODE.search(str(mail.outbox[-1].body))
    assert found
    page.get_by_label("Code").fill(found[1])
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url(FRONT)


@pytest.fixture
def passkeys(page: Page) -> Page:
    """A page in a browser with an authenticator."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


def test_a_passkey_is_added_and_signs_in(front_page: FrontPage, passkeys: Page) -> None:
    make_member("ben")
    page = passkeys
    sign_in_by_code(page, "ben@example.org")
    page.goto("/account/2fa/webauthn/add/")
    page.get_by_label("Name").fill("My laptop")
    page.get_by_label(re.compile("Passwordless", re.IGNORECASE)).check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(lambda url: "/add/" not in url)
    page.goto("/account/2fa/webauthn/")
    expect(page.get_by_text("My laptop")).to_be_visible()
    page.goto("/account/logout/")
    page.locator("main").get_by_role("button", name="Sign Out").click()
    page.wait_for_url(FRONT)
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(FRONT)
    page.goto("/account/email/")
    assert page.url.endswith("/account/email/")


@pytest.mark.parametrize(
    "path", ["/account/login/", "/account/signup/", "/account/password/reset/"]
)
@pytest.mark.parametrize("width", [320, 1280])
def test_signing_in_is_accessible(
    front_page: FrontPage,
    new_page: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
    path: str,
    width: int,
) -> None:
    page = new_page(viewport={"width": width, "height": 800})
    page.goto(path)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_signing_in_by_code_needs_no_script(
    front_page: FrontPage, new_page: Callable[..., Page]
) -> None:
    make_member("ben")
    sign_in_by_code(new_page(java_script_enabled=False), "ben@example.org")


def test_the_editor_offers_every_block_but_imported_content(
    front_page: FrontPage, page: Page, expect_fault: Callable[[str], None]
) -> None:
    expect_fault("")  # What Wagtail's own scripts say is not ours.
    imported = block("html", {"html": "<p>From elsewhere</p>", "origin": "x"})
    article = make_article("The bridge", body=["Words.", imported], owner=make_member("ada"))
    sign_in_by_code(page, "ada@example.org")
    page.goto(f"/desk/pages/{article.pk}/edit/")
    page.locator("[data-streamfield-stream-container]").first.wait_for()
    assert page.get_by_text("<p>From elsewhere</p>").count() > 0
    page.locator(".c-sf-add-button").first.click()
    menu = page.locator(".w-combobox")
    menu.get_by_text("Quotation").wait_for()
    expect(menu.get_by_text("Pull quote")).to_be_visible()
    assert menu.get_by_text("Imported content").count() == 0


def test_the_address_of_a_topic_follows_its_name(
    front_page: FrontPage, page: Page, expect_fault: Callable[[str], None]
) -> None:
    expect_fault("")
    make_member("ada")
    sign_in_by_code(page, "ada@example.org")
    page.goto("/desk/snippets/editorial/topic/add/")
    page.locator("input[name=name]").press_sequentially("Public space")
    expect(page.locator("input[name=slug]")).to_have_value("public-space")
