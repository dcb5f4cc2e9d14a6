"""A publication's own accent color, kept readable in light and dark."""

from __future__ import annotations

import colorsys
import re

_HEX = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
# The paper and the tinted surfaces of tokens.css; an accent must be readable on the worst of them.
_LIGHT_GROUND = ("#dceef5", "#f0f0eb")
_DARK_GROUND = ("#1a303a", "#1f2227")
_LIGHT_INK = "#ffffff"
_DARK_INK = "#10131a"
# WCAG 2.2 asks for 4.5:1; the little more absorbs rounding to whole color steps.
_READABLE = 4.55
_STEPS = 100
_LINEAR_BELOW = 0.04045

Rgb = tuple[float, float, float]


def is_accent(value: str) -> bool:
    """Tell whether the text is a color we accept: `#` and six hexadecimal digits."""
    return _HEX.fullmatch(value) is not None


def render_accent_css(value: str) -> str:
    """Write the style sheet for an accent, its lightness moved only as far as reading needs.

    The hue is the operator's; each color scheme gets the nearest shade that keeps 4.5:1 as text,
    as a button's ground and as a line.
    """
    if not is_accent(value):
        raise ValueError(f"not a color like #1c46b8: {value!r}")
    light = _find_shade(value, _LIGHT_GROUND, _LIGHT_INK, step=-1)
    dark = _find_shade(value, _DARK_GROUND, _DARK_INK, step=1)
    return (
        f"@layer tokens{{:root{{--accent:{light};--on-accent:{_LIGHT_INK}}}"
        f"@media (prefers-color-scheme:dark){{:root{{--accent:{dark};--on-accent:{_DARK_INK}}}}}"
        "@media print{:root{--accent:#000}}}\n"
    )


def measure_contrast(one: str, other: str) -> float:
    """Contrast ratio of two colors by WCAG 2: from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _find_shade(value: str, grounds: tuple[str, ...], text_on_it: str, *, step: int) -> str:
    hue, lightness, saturation = colorsys.rgb_to_hls(*_to_rgb(value))
    shade = value.lower()
    for _ in range(_STEPS):
        if all(measure_contrast(shade, other) >= _READABLE for other in (*grounds, text_on_it)):
            break
        lightness = min(1.0, max(0.0, lightness + step / _STEPS))
        shade = _to_hex(colorsys.hls_to_rgb(hue, lightness, saturation))
    return shade


def _to_rgb(value: str) -> Rgb:
    red, green, blue = (int(value[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _to_hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in rgb)


def _luminance(value: str) -> float:
    red, green, blue = (_linearize(channel) for channel in _to_rgb(value))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linearize(channel: float) -> float:
    return channel / 12.92 if channel <= _LINEAR_BELOW else ((channel + 0.055) / 1.055) ** 2.4
