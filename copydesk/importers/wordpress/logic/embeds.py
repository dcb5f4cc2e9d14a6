"""Which addresses can be embedded, and which public address an embedding frame stands for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

#: Sites whose bare address on a line of its own WordPress turns into an embed.
PROVIDERS: Final = frozenset({
    "youtube.com", "youtu.be", "vimeo.com", "dailymotion.com", "dai.ly", "ted.com", "twitch.tv",
    "wordpress.tv", "videopress.com", "rumble.com", "odysee.com", "bitchute.com",
    "soundcloud.com", "open.spotify.com", "mixcloud.com", "bandcamp.com", "podcasts.apple.com",
    "music.apple.com", "anchor.fm", "audioboom.com", "twitter.com", "x.com", "instagram.com",
    "facebook.com", "fb.watch", "tiktok.com", "reddit.com", "tumblr.com", "bsky.app",
    "threads.net", "linkedin.com", "mastodon.social", "flickr.com", "flic.kr", "imgur.com",
    "giphy.com", "pinterest.com", "slideshare.net", "speakerdeck.com", "scribd.com",
    "issuu.com", "kickstarter.com", "crowdsignal.com", "polldaddy.com", "datawrapper.dwcdn.net",
    "flourish.studio", "documentcloud.org", "archive.org", "amazon.com", "meetup.com",
    "screencast.com", "reverbnation.com", "cloudup.com", "smugmug.com", "animoto.com",
    "codepen.io", "gist.github.com", "google.com", "maps.google.com", "peertube.tv",
})  # fmt: skip
_BARE: Final = re.compile(r"https?://[^\s<>\"']+$")
_ID: Final = re.compile(r"[A-Za-z0-9_-]{5,40}$")


def is_embeddable(url: str) -> bool:
    """Whether a bare address on its own line stands for an embed."""
    if not _BARE.match(url):
        return False
    host = _host(url)
    return any(host == site or host.endswith(f".{site}") for site in PROVIDERS)


def is_bare_url(text: str) -> bool:
    """Whether the text is one web address and nothing else."""
    return bool(_BARE.match(text))


def public_url(url: str) -> str:
    """The page a reader would open, for the address of a player's frame; else the address itself."""
    address = f"https:{url}" if url.startswith("//") else url.strip()
    if not address.startswith(("http://", "https://")):
        return ""
    for matches, rewrite in _REWRITES:
        if (found := matches(_host(address), address)) and (better := rewrite(found)):
            return better
    return address


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return ""


def _player(hosts: set[str], pattern: str) -> Callable[[str, str], str]:
    path = re.compile(pattern)

    def find(host: str, url: str) -> str:
        found = path.match(urlsplit(url).path) if host in hosts else None
        return found[1] if found else ""

    return find


def _soundcloud(host: str, url: str) -> str:
    return parse_qs(urlsplit(url).query).get("url", [""])[0] if host == "w.soundcloud.com" else ""


_YOUTUBE: Final = {"youtube.com", "youtube-nocookie.com"}
_REWRITES: Final[tuple[tuple[Callable[[str, str], str], Callable[[str], str]], ...]] = (
    (
        _player(_YOUTUBE, r"/(?:embed|v|shorts)/([A-Za-z0-9_-]{6,20})"),
        lambda key: "" if key == "videoseries" else f"https://www.youtube.com/watch?v={key}",
    ),
    (_player({"player.vimeo.com"}, r"/video/(\d+)"), lambda key: f"https://vimeo.com/{key}"),
    (
        _player({"dailymotion.com", "geo.dailymotion.com"}, r"/embed/video/(\w+)"),
        lambda key: f"https://www.dailymotion.com/video/{key}",
    ),
    (
        _player({"open.spotify.com"}, r"/embed/(\w+/\w+)"),
        lambda key: f"https://open.spotify.com/{key}",
    ),
    (
        _player({"videopress.com"}, r"/embed/(\w+)"),
        lambda key: f"https://videopress.com/v/{key}",
    ),
    (_soundcloud, lambda url: url),
)


def shortcode_url(name: str, value: str) -> str:
    """The address behind a provider's shortcode: ``[vimeo 123]``, ``[youtube=https://…]``."""
    value = value.strip()
    if value.startswith(("http://", "https://", "//")):
        return public_url(value)
    build = _BY_ID.get(name)
    return build.format(value) if build and _ID.match(value) else ""


_BY_ID: Final = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "dailymotion": "https://www.dailymotion.com/video/{}",
    "wpvideo": "https://videopress.com/v/{}",
    "videopress": "https://videopress.com/v/{}",
    "tweet": "https://twitter.com/i/status/{}",
}
PROVIDER_SHORTCODES: Final = (
    *_BY_ID,
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
