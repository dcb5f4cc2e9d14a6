from __future__ import annotations

import re
from pathlib import Path

from django.contrib.staticfiles import finders

from copydesk.theme.backends import BUNDLE, CSS, join_parts, list_parts


def bundle() -> str:
    found = finders.find(BUNDLE)
    assert isinstance(found, str)
    return Path(found).read_text("utf-8")


def test_the_one_style_sheet_is_all_parts_in_the_order_of_the_layers() -> None:
    css = bundle()
    assert css == join_parts(list_parts())
    assert css.startswith("@layer reset, tokens, base, layout, components, utilities;")
    assert {part.name for part in list_parts()} == {part.name for part in CSS.rglob("*.css")} - {
        "patterns.css"
    }


def test_the_style_sheet_stays_within_its_budget() -> None:
    # Some 8 kB once packed; what a first view weighs in all has a test of its own.
    assert len(bundle().encode()) <= 36 * 1024


def test_every_file_the_styles_name_exists() -> None:
    for name in re.findall(r'url\("([^"]+)"\)', bundle()):
        assert (CSS / name).resolve().is_file()


def test_styles_know_start_and_end_but_neither_left_nor_right() -> None:
    side = "(?:left|right)"
    physical = re.compile(
        rf"(?:margin|padding|border)-{side}|[\s;{{]{side}:|(?:float|text-align): {side}"
    )
    assert physical.search(bundle()) is None
