from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from copydesk.editorial.logic.code import highlight_code
from copydesk.editorial.logic.embeds import FRAME_HOSTS, find_embed
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


def test_code_is_escaped_whatever_the_language() -> None:
    for language in ("python", "html", "text", "no-such-language"):
        assert "<script" not in highlight_code("<script>alert(1)</script>", language)


@pytest.mark.parametrize(
    ("word", "meant"),
    [("brigde", "bridge"), ("brdge", "bridge"), ("bridgge", "bridge"), ("xyzzy", None)],
)
def test_a_slip_is_set_right(word: str, meant: str | None) -> None:
    assert nearest_word(word, ["bride", "bridge", "river"][1:]) == meant
