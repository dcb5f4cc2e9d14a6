"""What the Content-Security-Policy forbids never gets as far as a browser."""

from __future__ import annotations

import re

import pytest

from tests.house.source import line_number, templates

FORBIDDEN = {
    "an inline style": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    # A block of data is no script: the browser never runs it.
    "an inline script": re.compile(
        r"<script\b(?![^>]*(\bsrc\s*=|type=[\"']application/(ld\+)?json))", re.IGNORECASE
    ),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "text called safe": re.compile(r"\|\s*safe(seq)?\b|\{%\s*autoescape\s+off"),
    "something from another host": re.compile(
        r"<(script|link|img|iframe)\b[^>]*(src|href)=[\"'](https?:)?//"
    ),
}
# Mail is read in programs that know no style sheets and no policy.
MAIL = ("/email/", "/mail/", "/newsletters/")


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds(what: str) -> None:
    found = [
        f"{path}:{line_number(text, match.start())}"
        for path, text in templates()
        if not any(part in path for part in MAIL)
        for match in FORBIDDEN[what].finditer(text)
    ]
    assert not found, what


def test_templates_lie_in_the_folder_of_their_app() -> None:
    """Names are looked up across all apps, so each app keeps to a folder named for itself, or for whom it overrides."""
    known = {"404.html", "500.html", "403.html", "403_csrf.html", "400.html", "410.html"}
    overridden = {
        "account",
        "allauth",
        "mfa",
        "usersessions",
        "wagtailadmin",
        "wagtailusers",
        "django",
    }
    for path, _ in templates():
        app, _, inside = path.removeprefix("copydesk/").partition("/templates/")
        assert inside in known or inside.split("/")[0] in {app, *overridden}, path
