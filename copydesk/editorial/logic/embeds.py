"""Which addresses can be shown in a frame once the reader asks for it, and which page a frame's address stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlsplit


@dataclass(frozen=True)
class Embed:
    """What an address is: `frame_url` is "" where it can only be linked to."""

    url: str
    provider: str
    frame_url: str = ""


@dataclass(frozen=True)
class Provider:
    """A site whose pages can be shown in a frame, or whose players stand in pages of others.

    `pattern` finds the key in the address of a page or of a player; `frame` makes the address of our frame of it,
    `page` that of the page a reader would open.
    """

    name: str
    hosts: tuple[str, ...]
    pattern: str
    frame: str = ""
    page: str = ""


# Providers' cookie-free hosts are preferred.
PROVIDERS = (
    Provider(
        "YouTube",
        ("youtube.com", "youtu.be", "youtube-nocookie.com"),
        r"https?://(?:(?:www|m|music)\.)?(?:youtube(?:-nocookie)?\.com/(?:watch\?(?:[^#]*&)?v=|embed/(?!videoseries)|shorts/|live/|v/)|youtu\.be/)([\w-]{6,20})",
        "https://www.youtube-nocookie.com/embed/{}?autoplay=1",
        "https://www.youtube.com/watch?v={}",
    ),
    Provider(
        "Vimeo",
        ("vimeo.com",),
        r"https?://(?:www\.|player\.)?vimeo\.com/(?:video/)?(\d{4,12})",
        "https://player.vimeo.com/video/{}?dnt=1&autoplay=1",
        "https://vimeo.com/{}",
    ),
    Provider(
        "Dailymotion",
        ("dailymotion.com", "dai.ly"),
        r"https?://(?:(?:www\.|geo\.)?dailymotion\.com/(?:embed/)?video/|dai\.ly/)(\w{4,20})",
        "https://geo.dailymotion.com/player.html?video={}",
        "https://www.dailymotion.com/video/{}",
    ),
    Provider(
        "TED",
        ("ted.com",),
        r"https?://(?:www\.|embed\.)?ted\.com/talks/([\w-]{3,120})",
        "https://embed.ted.com/talks/{}",
        "https://www.ted.com/talks/{}",
    ),
    Provider(
        "Internet Archive",
        ("archive.org",),
        r"https?://archive\.org/(?:details|embed)/([\w.-]{2,120})",
        "https://archive.org/embed/{}",
        "https://archive.org/details/{}",
    ),
    Provider(
        "SoundCloud",
        ("soundcloud.com",),
        r"(https?://(?:www\.)?soundcloud\.com/[\w-]+/[\w/-]+)",
        "https://w.soundcloud.com/player/?url={}",
    ),
    Provider(
        "Spotify",
        ("open.spotify.com",),
        r"https?://open\.spotify\.com/(?:embed/)?((?:track|album|playlist|episode|show|artist)/\w{10,40})",
        "https://open.spotify.com/embed/{}",
        "https://open.spotify.com/{}",
    ),
    Provider(
        "CodePen",
        ("codepen.io",),
        r"https?://codepen\.io/([\w-]+/(?:pen|embed)/\w+)",
        "https://codepen.io/{}",
    ),
    Provider(
        "Datawrapper",
        ("datawrapper.dwcdn.net",),
        r"https?://(?:www\.datawrapper\.de/_/|datawrapper\.dwcdn\.net/)(\w{5})",
        "https://datawrapper.dwcdn.net/{}/",
    ),
    Provider(
        "OpenStreetMap",
        ("openstreetmap.org",),
        r"https?://(?:www\.)?openstreetmap\.org/export/embed\.html\?(\S+)",
        "https://www.openstreetmap.org/export/embed.html?{}",
    ),
    Provider(
        "VideoPress",
        ("videopress.com",),
        r"https?://videopress\.com/(?:embed|v)/(\w+)",
        page="https://videopress.com/v/{}",
    ),
)

FRAME_HOSTS = tuple(
    sorted({urlsplit(provider.frame).hostname or "" for provider in PROVIDERS if provider.frame})
)
"""The hosts frames may come from: the whole of `frame-src`."""


LINKED_HOSTS = frozenset({
    "twitch.tv", "wordpress.tv", "rumble.com", "odysee.com", "bitchute.com", "peertube.tv",
    "mixcloud.com", "bandcamp.com", "podcasts.apple.com", "music.apple.com", "anchor.fm", "audioboom.com",
    "reverbnation.com", "twitter.com", "x.com", "instagram.com", "facebook.com", "fb.watch", "tiktok.com", "reddit.com",
    "tumblr.com", "bsky.app", "threads.net", "linkedin.com", "mastodon.social", "flickr.com", "flic.kr", "imgur.com",
    "giphy.com", "pinterest.com", "smugmug.com", "slideshare.net", "speakerdeck.com", "scribd.com", "issuu.com",
    "documentcloud.org", "flourish.studio", "kickstarter.com", "crowdsignal.com", "polldaddy.com", "amazon.com",
    "meetup.com", "screencast.com", "cloudup.com", "animoto.com", "gist.github.com", "google.com",
})  # fmt: skip
"""Sites whose pages other systems put into theirs; here they are linked to."""

_HOSTS = LINKED_HOSTS.union(*(provider.hosts for provider in PROVIDERS))
_PLAYER = re.compile(r"https?://(?:player|embed|geo)\.|/(?:embed|v|shorts)/")


def find_embed(url: str) -> Embed:
    """Return what `url` is; an unknown one is named by its host and gets no frame."""
    found = _find(url)
    if found is None:
        return Embed(url, _host(url) or url)
    provider, key = found
    safe = key if provider.name == "OpenStreetMap" else quote(key, safe="/")
    return Embed(url, provider.name, provider.frame.format(safe.replace("/pen/", "/embed/")))


def is_embeddable(url: str) -> bool:
    """Whether an address that stands alone means what is there: to be shown, not only named."""
    host = _host(url).removeprefix("m.")
    return any(host == site or host.endswith(f".{site}") for site in _HOSTS)


def page_url(url: str) -> str:
    """Return the page a reader would open for the address of a player; any other address as it is."""
    if _host(url) == "w.soundcloud.com":
        return parse_qs(urlsplit(url).query).get("url", [url])[0]
    found = _find(url)
    if found is None or not found[0].page or not _PLAYER.search(url):
        return url
    return found[0].page.format(found[1])


def page_of(name: str, key: str) -> str:
    """Return the page a provider has for a key."""
    return next(provider.page for provider in PROVIDERS if provider.name == name).format(key)


def _find(url: str) -> tuple[Provider, str] | None:
    for provider in PROVIDERS:
        if match := re.match(provider.pattern, url):
            return provider, match[1]
    return None


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
