from __future__ import annotations

import pytest

from copydesk.kit.ids import MAX_LENGTH, free_slug, make_slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("On Bridges", "on-bridges"),
        ("Ärger über Öl", "arger-uber-ol"),
        ("Что делать?", "chto-delat"),
        ("日本語", "ribenyu"),
        ("???", "untitled"),
        ("", "untitled"),
    ],
)
def test_a_slug_is_ascii_whatever_the_script(text: str, slug: str) -> None:
    assert make_slug(text) == slug


def test_a_long_slug_is_cut_at_a_word() -> None:
    slug = make_slug("word " * 40)
    assert len(slug) <= MAX_LENGTH
    assert slug.endswith("word")


def test_a_taken_slug_gets_a_number() -> None:
    taken = {"bridge", "bridge-2"}
    assert free_slug("bridge", taken.__contains__) == "bridge-3"
    assert free_slug("river", taken.__contains__) == "river"
