"""A real browser before the real site."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, sync_playwright

from tests.conftest import ROOT
from tests.factories.desk import BACKEND
from tests.factories.members import make_member

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Request
    from pytest_django import Settings
    from pytest_django.live_server_helper import LiveServer


ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No name but the live server's resolves, whatever a page asks for.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
# The levels of WCAG 2.2 AA, and the practices axe adds to them.
AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    # Playwright's event loop runs in this thread, which Django would take for a mistake.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def site_url(live_server: LiveServer) -> str:
    """Return the address of the live server; the rows a test makes are committed and seen by it."""
    return str(live_server.url)


class Watch:
    """What went wrong in a test's pages, whether or not the test looked."""

    def __init__(self, site_url: str) -> None:
        self.host = urlsplit(site_url).netloc
        self.faults: list[str] = []
        self.expected: list[str] = []
        self.scriptless: list[BrowserContext] = []

    def follow(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            where = message.location.get("url", "")
            self.faults.append(f"console: {message.text} ({where})")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob", "about"} and parts.netloc != self.host:
            self.faults.append(f"request to another host: {request.url}")

    def unexpected(self) -> list[str]:
        return [
            fault for fault in self.faults if not any(re.search(p, fault) for p in self.expected)
        ]


@pytest.fixture
def watch(site_url: str) -> Watch:
    return Watch(site_url)


@pytest.fixture
def expect_fault(watch: Watch) -> Callable[[str], None]:
    """Allow faults that match a pattern: `expect_fault(r"status of 404")`."""
    return watch.expected.append


@pytest.fixture
def new_page(
    browser: Browser, site_url: str, watch: Watch, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """Open a page in a fresh profile: `new_page(java_script_enabled=False, color_scheme="dark")`.

    A message or an exception in the console, and a request to another host, fail the test at its end. Paths are
    relative to the site: `page.goto("/latest/")`.
    """
    pages: list[Page] = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(base_url=site_url, **options)
        if not options.get("java_script_enabled", True):
            watch.scriptless.append(context)
        context.set_default_timeout(10_000)
        context.on("page", watch.follow)
        pages.append(context.new_page())
        return pages[-1]

    yield open_page
    if request.node.stash.get(FAILED, False):
        _keep_screenshots(pages, request.node.name)
    for page in pages:
        page.context.close()
    assert not watch.unexpected()


def _keep_screenshots(pages: list[Page], name: str) -> None:
    stem = re.sub(r"[^a-zA-Z0-9_]+", "-", name)
    for number, page in enumerate(pages):
        if not page.is_closed():
            page.screenshot(path=ROOT / ".cache" / "screenshots" / f"{stem}-{number}.png")


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


@pytest.fixture
def open_as(
    new_page: Callable[..., Page], settings: Settings, site_url: str
) -> Callable[..., Page]:
    """Open pages of a browser in which an editor is signed in, or somebody else: `open_as("ben")`."""

    def open_page(first: str = "ada", **options: Any) -> Page:
        page = new_page(**options)
        client = Client()
        client.force_login(make_member(first), backend=BACKEND)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookies = [
            {"name": settings.SESSION_COOKIE_NAME, "value": session, "httpOnly": True},
            # The mark that tells scripts of the session.
            {"name": "member", "value": "1"},
        ]
        page.context.add_cookies([{**cookie, "url": site_url} for cookie in cookies])  # type: ignore[typeddict-item]
        return page

    return open_page


@pytest.fixture
def assert_accessible(watch: Watch) -> Callable[..., None]:
    """Fail on any violation axe finds in the page as it stands, or in the part that a selector gives."""

    def check(page: Page, within: str | None = None) -> None:
        # It would wait for ever: timers do not run there.
        assert page.context not in watch.scriptless, "axe needs a page with scripts on"
        found = Axe().run(page, context=within, options=AXE_OPTIONS).response["violations"]
        assert not found, "\n".join(_told(violation) for violation in found)

    return check


def _told(violation: dict[str, Any]) -> str:
    places = "".join(f"\n    {node['html']}" for node in violation["nodes"][:5])
    return f"{violation['id']} ({violation['impact']}): {violation['help']}{places}"
