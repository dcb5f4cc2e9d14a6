"""Places in a stored body that a notice can name, from values alone."""

from __future__ import annotations

import pytest

from copydesk.editorial.logic.places import find_places, marker, with_marks, without_markers

ONE, TWO = "11111111-aaaa-4aaa-8aaa-111111111111", "22222222-bbbb-4bbb-8bbb-222222222222"
KEYED = '<p data-block-key="aaaaa">One.</p><ul><li data-block-key="bbbbb">Two.</li></ul>'
BODY = f"{marker(ONE)}{KEYED}\n{marker(TWO)}<figure>Three.</figure>\n<section>Notes.</section>"


def test_paragraphs_are_told_apart_and_other_blocks_are_whole() -> None:
    assert [place.id for place in find_places(BODY)] == [f"{ONE}.aaaaa", f"{ONE}.bbbbb", TWO]
    assert find_places(BODY)[1].html.startswith('<li data-block-key="bbbbb">Two.')


def test_without_marks_a_body_is_as_it_was_written() -> None:
    plain = f"{KEYED}\n<figure>Three.</figure>\n<section>Notes.</section>"
    assert with_marks(BODY, {}) == without_markers(BODY) == plain
    assert with_marks(BODY, {"elsewhere": "[x]"}) == plain


@pytest.mark.parametrize(
    ("place", "found"),
    [
        (f"{ONE}.aaaaa", '<p data-block-key="aaaaa">[x]One.'),
        (f"{ONE}.bbbbb", '<li data-block-key="bbbbb">[x]Two.'),
        (f"{ONE}.zzzzz", '<p data-block-key="aaaaa">[x]One.'),
        (ONE, '<p data-block-key="aaaaa">[x]One.'),
        (TWO, '<p class="noticed-block">[x]</p><figure>Three.'),
    ],
)
def test_a_mark_stands_at_its_place_once(place: str, found: str) -> None:
    marked = with_marks(BODY, {place: "[x]"})
    assert found in marked
    assert marked.count("[x]") == 1
    assert "<!--" not in marked


def test_what_stands_before_the_first_block_stays() -> None:
    assert with_marks(f"<hr>{BODY}", {TWO: "[x]"}).startswith('<hr><p data-block-key="aaaaa">')


@pytest.mark.parametrize(
    "html", ["", "<p>Old.</p>", "<!--block -->", "<!--block <p>-->", "<!--block"]
)
def test_a_body_without_blocks_has_no_places(html: str) -> None:
    assert find_places(html) == []
    assert with_marks(html, {ONE: "[x]"}) == html


def test_a_block_that_opens_with_its_own_paragraph_takes_the_mark_into_it() -> None:
    assert with_marks(f"{marker(ONE)}<p>Old.</p>", {ONE: "[x]"}) == "<p>[x]Old.</p>"
