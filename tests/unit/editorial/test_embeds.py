from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from copydesk.editorial.logic.code import highlight_code
from copydesk.editorial.logic.embeds import (
    FRAME_HOSTS,
    find_embed,
    is_embeddable,
    page_of,
    page_url,
)
from copydesk.editorial.logic.spelling import nearest_word


@pytest.mark.parametrize(
    ("url", "provider", "frame"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=4", "YouTube", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1"),
        ("https://youtu.be/dQw4w9WgXcQ", "YouTube", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1"),
        ("https://www.youtube.com/watch?list=x&v=dQw4w9WgXcQ", "YouTube", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1"),
        ("https://vimeo.com/123456", "Vimeo", "https://player.vimeo.com/video/123456?dnt=1&autoplay=1"),
        ("https://codepen.io/someone/pen/abcdef", "CodePen", "https://codepen.io/someone/embed/abcdef"),
        ("https://open.spotify.com/episode/4rOoJ6Egrf8K2IrywzwOMk", "Spotify", "https://open.spotify.com/embed/episode/4rOoJ6Egrf8K2IrywzwOMk"),
    ],
)  # fmt: skip
def test_known_providers_have_a_frame(url: str, provider: str, frame: str) -> None:
    embed = find_embed(url)
    assert (embed.provider, embed.frame_url) == (provider, frame)
    assert urlsplit(frame).hostname in FRAME_HOSTS


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/video",
        "https://evil.example/?https://youtu.be/dQw4w9WgXcQ",
        "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
        "javascript:alert(1)//youtu.be/dQw4w9WgXcQ",
    ],
)
def test_other_addresses_are_only_linked_to(url: str) -> None:
    assert find_embed(url).frame_url == ""


@pytest.mark.parametrize(
    ("player", "page"),
    [
        ("https://www.youtube-nocookie.com/embed/abcdefg?rel=0", "https://www.youtube.com/watch?v=abcdefg"),
        ("https://www.youtube.com/v/abcdefg", "https://www.youtube.com/watch?v=abcdefg"),
        ("https://www.youtube.com/embed/videoseries?list=x", "https://www.youtube.com/embed/videoseries?list=x"),
        ("https://player.vimeo.com/video/123456", "https://vimeo.com/123456"),
        ("https://www.dailymotion.com/embed/video/x1y2z3", "https://www.dailymotion.com/video/x1y2z3"),
        ("https://open.spotify.com/embed/track/4rOoJ6Egrf8K2Irywz", "https://open.spotify.com/track/4rOoJ6Egrf8K2Irywz"),
        ("https://videopress.com/embed/abc123", "https://videopress.com/v/abc123"),
        ("https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/a/b", "https://soundcloud.com/a/b"),
        ("https://youtu.be/abcdefg?t=3", "https://youtu.be/abcdefg?t=3"),
        ("https://example.org/embed/abcdefg", "https://example.org/embed/abcdefg"),
    ],
)  # fmt: skip
def test_a_player_stands_for_the_page_it_plays(player: str, page: str) -> None:
    assert page_url(player) == page


def test_a_key_alone_is_enough_for_a_page() -> None:
    assert page_of("Vimeo", "123456") == "https://vimeo.com/123456"


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://www.youtube.com/watch?v=abcdefg", True),
        ("https://m.facebook.com/a/posts/1", True),
        ("https://artist.bandcamp.com/album/x", True),
        ("https://example.org/watch?v=abcdefg", False),
        ("https://notx.com/a", False),
        ("https://[broken", False),
    ],
)
def test_what_stands_alone_is_shown_if_its_site_is_known(url: str, is_one: bool) -> None:  # noqa: FBT001
    assert is_embeddable(url) is is_one


def test_code_is_escaped_whatever_the_language() -> None:
    for language in ("python", "html", "text", "no-such-language"):
        assert "<script" not in highlight_code("<script>alert(1)</script>", language)


@pytest.mark.parametrize(
    ("word", "meant"),
    [("brigde", "bridge"), ("brdge", "bridge"), ("bridgge", "bridge"), ("xyzzy", None)],
)
def test_a_slip_is_set_right(word: str, meant: str | None) -> None:
    assert nearest_word(word, ["bride", "bridge", "river"][1:]) == meant
