from __future__ import annotations

from copydesk.editorial.logic.body import (
    Footnotes,
    Labels,
    measure,
    unique_anchors,
)

LABELS = Labels(section="Footnotes", back="Back to reference")


def mark(name: str) -> str:
    return f'<footnote id="{name}">abc</footnote>'


def test_footnotes_are_numbered_in_the_order_of_reading() -> None:
    notes = Footnotes({"a": "<p>First</p>", "b": "<p>Second</p>"})
    html = notes.number(f"<p>x{mark('b')} y{mark('a')}</p>")
    assert html.index("#fn-1") < html.index("#fn-2")
    assert notes.section(LABELS).index("Second") < notes.section(LABELS).index("First")


def test_two_references_to_a_note_share_its_number_and_have_a_way_back_each() -> None:
    notes = Footnotes({"a": "<p>Note</p>"})
    html = notes.number(mark("a") + mark("a"))
    assert 'id="fnref-1-1"' in html
    assert 'id="fnref-1-2"' in html
    assert notes.section(LABELS).count("<li") == 1
    assert notes.section(LABELS).count("footnote-back") == 2


def test_a_reference_to_a_note_that_is_gone_leaves_nothing() -> None:
    notes = Footnotes({})
    assert notes.number(f"a{mark('x')}b") == "ab"
    assert notes.section(LABELS) == ""


def test_anchors_are_unique() -> None:
    assert unique_anchors(["river", "bridge", "river", "river"]) == [
        "river",
        "bridge",
        "river-2",
        "river-3",
    ]


def test_words_are_counted_in_any_script() -> None:
    assert measure("The editor's co-op, at 10.").word_count == 5
    assert measure("新聞の記事").word_count == 5
    assert measure("كلمتان هنا").word_count == 2
    assert measure("").word_count == 0


def test_reading_takes_at_least_a_minute() -> None:
    assert measure("").reading_minutes == 1
    assert measure("word " * 239).reading_minutes == 2
