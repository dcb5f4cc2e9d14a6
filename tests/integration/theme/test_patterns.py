"""The page of patterns shows what readers can meet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from selectolax.lexbor import LexborHTMLParser

from copydesk.theme.backends import CSS
from tests.factories.desk import enter

if TYPE_CHECKING:
    from django.test import Client

    from copydesk.members.models import Member

pytestmark = pytest.mark.django_db

# The frames of whole pages: the front page's masthead and grid, the account's two columns, its own lists' pairs, the
# page of a source.
FRAMES = {"front", "deck--pairs", "gated", "button--small"}
FRAMED = {"masthead", "account", "source-page", "facts", "copies", "history", "use"}
# Looks like another.
SAME = {"notice--warning"}
# What Pygments calls the parts of a program.
TOKEN = re.compile(r"[a-z]{1,3}[0-9]?")


def components() -> set[str]:
    """Return the classes the style sheets of components know, but for frames, parts of frames and tokens."""
    css = "".join(part.read_text("utf-8") for part in (CSS / "components").glob("*.css"))
    selectors = re.findall(r"([^{}]+)\{", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))
    names = {name for selector in selectors for name in re.findall(r"\.([a-z][\w-]*)", selector)}
    return {
        name
        for name in names
        if not TOKEN.fullmatch(name)
        and name not in FRAMES | SAME
        and re.split("__|--", name)[0] not in FRAMED
    }


def test_every_component_is_among_the_patterns(client: Client, ada: Member) -> None:
    page = LexborHTMLParser(enter(client, ada).get("/-/patterns/").content)
    shown = {
        name for node in page.css("[class]") for name in (node.attributes["class"] or "").split()
    }
    assert components() - shown == set()
