"""Documentation that lies, or is silent, fails the build."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from copydesk.config.env import Env, variable_name
from copydesk.ops.main import COMMANDS
from tests.house.source import ROOT, relative

if TYPE_CHECKING:
    from pathlib import Path

REFERENCE = ROOT / "docs" / "reference"
VARIABLES = {variable_name(setting): setting for setting in fields(Env)}
# Where the site's folder is, is known before its settings are.
KNOWN = {*VARIABLES, "COPYDESK_DIR"}
PAGES = [
    path for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")] if "adr" not in path.parts
]


@pytest.mark.parametrize("variable", VARIABLES)
def test_every_setting_is_documented_in_its_own_words(variable: str) -> None:
    page = (REFERENCE / "settings.md").read_text(encoding="utf-8")
    assert f"`{variable}`" in page
    assert VARIABLES[variable].metadata["meaning"] in page


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_is_documented(command: str) -> None:
    page = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    assert f"## `copydesk {command}" in page


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_a_page_names_only_settings_and_commands_that_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = {
        name.removesuffix("_FILE") for name in re.findall(r"\bCOPYDESK_[A-Z][A-Z_]*[A-Z]\b", text)
    }
    assert named <= KNOWN
    commands = set(re.findall(r"(?:^|`|\$ )copydesk ([a-z][a-z-]+)\b", text, re.MULTILINE))
    assert commands <= {command.name for command in COMMANDS}
    targets = set(re.findall(r"\bmake ([a-z][a-z-]+)\b(?=[ `\n]*`)", text))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert not {target for target in targets if f"\n{target}:" not in makefile}


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text)
    assert not [link for link in links if not (page.parent / link).exists()]
