from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.theme.logic.accent import is_accent, measure_contrast, render_accent_css

LIGHT = ("#faf9f6", "#f0f0eb", "#dceef5")
DARK = ("#15171b", "#1f2227", "#1a303a")
colors = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def shades(css: str) -> tuple[str, str]:
    light, dark = re.findall(r"--accent:(#[0-9a-f]{6})", css)
    return light, dark


@given(colors)
def test_any_accent_can_be_read_on_every_surface_of_both_schemes(value: str) -> None:
    light, dark = shades(render_accent_css(value))
    assert all(measure_contrast(light, ground) >= 4.5 for ground in (*LIGHT, "#ffffff"))
    assert all(measure_contrast(dark, ground) >= 4.5 for ground in (*DARK, "#10131a"))


def test_an_accent_that_reads_well_is_left_alone() -> None:
    light, _dark = shades(render_accent_css("#1C46B8"))
    assert light == "#1c46b8"


def test_contrast_is_what_the_guidelines_say() -> None:
    assert measure_contrast("#000000", "#ffffff") == pytest.approx(21)
    assert measure_contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    "value", ["", "red", "#fff", "#1c46b8;}body{", "1c46b8", "#1c46bg", "#1c46b8\n"]
)
def test_anything_but_a_hex_color_is_refused(value: str) -> None:
    assert not is_accent(value)
    with pytest.raises(ValueError, match="not a color"):
        render_accent_css(value)
