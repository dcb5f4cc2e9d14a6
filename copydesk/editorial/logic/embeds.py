"""Which addresses can be shown in a frame, once the reader asks for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit


@dataclass(frozen=True)
class Embed:
    """What an address is: `frame_url` is "" where it can only be linked to."""

    url: str
    provider: str
    frame_url: str = ""


# Provider, pattern of the address, address of the frame. Providers' cookie-free hosts are preferred.
PROVIDERS = (
    (
        "YouTube",
        r"https?://(?:(?:www|m|music)\.)?(?:youtube(?:-nocookie)?\.com/(?:watch\?(?:[^#]*&)?v=|embed/|shorts/|live/|v/)|youtu\.be/)([\w-]{6,20})",
        "https://www.youtube-nocookie.com/embed/{}?autoplay=1",
    ),
    ("Vimeo", r"https?://(?:www\.|player\.)?vimeo\.com/(?:video/)?(\d{4,12})", "https://player.vimeo.com/video/{}?dnt=1&autoplay=1"),
    ("Dailymotion", r"https?://(?:www\.)?(?:dailymotion\.com/video/|dai\.ly/)(\w{4,20})", "https://geo.dailymotion.com/player.html?video={}"),
    ("TED", r"https?://(?:www\.|embed\.)?ted\.com/talks/([\w-]{3,120})", "https://embed.ted.com/talks/{}"),
    ("Internet Archive", r"https?://archive\.org/(?:details|embed)/([\w.-]{2,120})", "https://archive.org/embed/{}"),
    ("SoundCloud", r"(https?://(?:www\.)?soundcloud\.com/[\w-]+/[\w/-]+)", "https://w.soundcloud.com/player/?url={}"),
    ("Spotify", r"https?://open\.spotify\.com/(?:embed/)?((?:track|album|playlist|episode|show|artist)/\w{10,40})", "https://open.spotify.com/embed/{}"),
    ("CodePen", r"https?://codepen\.io/([\w-]+/(?:pen|embed)/\w+)", "https://codepen.io/{}"),
    ("Datawrapper", r"https?://(?:www\.datawrapper\.de/_/|datawrapper\.dwcdn\.net/)(\w{5})", "https://datawrapper.dwcdn.net/{}/"),
    ("OpenStreetMap", r"https?://(?:www\.)?openstreetmap\.org/export/embed\.html\?(\S+)", "https://www.openstreetmap.org/export/embed.html?{}"),
)  # fmt: skip

FRAME_HOSTS = tuple(sorted({urlsplit(frame).hostname or "" for _, _, frame in PROVIDERS}))
"""The hosts frames may come from: the whole of `frame-src`."""


def find_embed(url: str) -> Embed:
    """Return what `url` is; an unknown one is named by its host and gets no frame."""
    for provider, pattern, frame in PROVIDERS:
        match = re.match(pattern, url)
        if match:
            safe = match[1] if provider == "OpenStreetMap" else quote(match[1], safe="/")
            return Embed(url, provider, frame.format(safe.replace("/pen/", "/embed/")))
    host = urlsplit(url).hostname or url
    return Embed(url, host.removeprefix("www."))
