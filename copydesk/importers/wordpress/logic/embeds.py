"""Addresses that stand for embeds in WordPress: bare ones on a line, players' frames, providers' shortcodes."""

from __future__ import annotations

import re
from typing import Final

from copydesk.editorial.logic import embeds

_BARE: Final = re.compile(r"https?://[^\s<>\"']+$")
_ID: Final = re.compile(r"[A-Za-z0-9_-]{5,40}$")


def is_embeddable(url: str) -> bool:
    """Whether a bare address on its own line stands for an embed."""
    return is_bare_url(url) and embeds.is_embeddable(url)


def is_bare_url(text: str) -> bool:
    """Whether the text is one web address and nothing else."""
    return bool(_BARE.match(text))


def public_url(url: str) -> str:
    """The page a reader would open, for the address of a player's frame; else the address itself."""
    address = f"https:{url}" if url.startswith("//") else url.strip()
    return embeds.page_url(address) if address.startswith(("http://", "https://")) else ""


def shortcode_url(name: str, value: str) -> str:
    """The address behind a provider's shortcode: ``[vimeo 123]``, ``[youtube=https://…]``."""
    value = value.strip()
    if value.startswith(("http://", "https://", "//")):
        return public_url(value)
    if not _ID.match(value):
        return ""
    if name == "tweet":
        return f"https://twitter.com/i/status/{value}"
    return embeds.page_of(_BY_KEY[name], value) if name in _BY_KEY else ""


_BY_KEY: Final = {
    "youtube": "YouTube",
    "vimeo": "Vimeo",
    "dailymotion": "Dailymotion",
    "wpvideo": "VideoPress",
    "videopress": "VideoPress",
}
PROVIDER_SHORTCODES: Final = (
    *_BY_KEY,
    "tweet",
    "embed",
    "embedyt",
    "soundcloud",
    "twitter",
    "instagram",
    "facebook",
    "spotify",
    "tiktok",
    "googlemaps",
)
