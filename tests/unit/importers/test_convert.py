from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.importers.wordpress.logic.blocks import parse_blocks
from copydesk.importers.wordpress.logic.body import Context, NoteKind
from copydesk.importers.wordpress.logic.convert import (
    Converted,
    convert,
    plain_text,
    read_footnotes,
)
from copydesk.importers.wordpress.logic.fit import fit_blocks
from copydesk.importers.wordpress.logic.reader import ExportReader
from copydesk.importers.wordpress.logic.shortcodes import mark_shortcodes, read_attrs
from copydesk.importers.wordpress.logic.text import repair_text

if TYPE_CHECKING:
    from pathlib import Path

NOTE = "aa484441-9ea2-470c-a0a3-218ede0c6b05"


def body(content: str, **context: Any) -> Converted:
    return convert(content, Context(key="1", **context))


def blocks(content: str, **context: Any) -> list[tuple[str, Any]]:
    return [(block["type"], block["value"]) for block in body(content, **context).blocks]


def kinds(content: str) -> list[NoteKind]:
    return [note.kind for note in body(content).notes]


def text(content: str) -> str:
    ((kind, value),) = blocks(content)
    assert kind == "text"
    return str(value)


def wp(name: str, html: str, attrs: str = "") -> str:
    return f"<!-- wp:{name} {attrs}-->\n{html}\n<!-- /wp:{name} -->"


# -- the block grammar


def test_blocks_nest() -> None:
    (outer,) = parse_blocks('<!-- wp:a {"x":{"y":1}} --><i><!-- wp:ns/b /--></i><!-- /wp:a -->')
    assert (outer.name, outer.attrs) == ("core/a", {"x": {"y": 1}})
    assert [child.name for child in outer.children] == ["ns/b"]
    assert outer.full_html() == "<i></i>"


def test_broken_marks_lose_no_text() -> None:
    found = parse_blocks("<!-- /wp:x --><!-- wp:p {bad} -->one<!-- wp:q -->two<!-- /wp:p -->three")
    assert "".join(block.full_html() for block in found) == "onetwothree"


@given(st.text(alphabet=list('<!-wp:/ab{}" >\n'), max_size=200))
def test_any_text_is_some_blocks(content: str) -> None:
    parse_blocks(content)


# -- the classic editor


def test_blank_lines_are_paragraphs_and_newlines_are_breaks() -> None:
    assert text("One\ntwo\n\n\nThree <em>x\n\ny</em>") == (
        "<p>One<br/>two</p><p>Three <i>x</i></p><p><i>y</i></p>"
    )


def test_block_markup_has_no_automatic_paragraphs() -> None:
    assert text(wp("paragraph", "<p>One\ntwo</p>")) == "<p>One two</p>"


def test_inline_formatting_is_mapped_and_the_rest_is_only_text() -> None:
    assert text(
        '<strong>a</strong> <span style="x">b</span> <del>c</del> <kbd>d</kbd> <q>e</q> <u>f</u>'
    ) == ("<p><b>a</b> b <s>c</s> <code>d</code> “e” f</p>")


def test_links_keep_only_addresses_that_can_be_followed() -> None:
    html = '<a href="https://x.example/?a=1&amp;b=2">a</a> <a href="#">b</a> <a href="javascript:x()">c</a>'
    assert text(html) == '<p><a href="https://x.example/?a=1&amp;b=2">a</a> b c</p>'
    assert kinds(html) == [NoteKind.LINK_DROPPED]


def test_two_breaks_end_a_paragraph() -> None:
    assert text("one<br><br />two") == "<p>one</p><p>two</p>"


def test_an_image_in_a_paragraph_splits_it() -> None:
    found = blocks(
        'Before <a href="https://o.example/a.jpg"><img class="wp-image-5" src="a.jpg" alt="A"></a> after'
    )
    assert [kind for kind, _value in found] == ["text", "image", "text"]
    assert found[1][1]["image"] == {"wp_id": 5, "url": "a.jpg"}
    assert found[1][1]["alt"] == "A"


def test_emoji_images_are_characters_and_tracking_pixels_are_gone() -> None:
    emoji = '<img src="https://s.w.org/images/core/emoji/1.png" alt="😀">'
    html = f'<p>Hi {emoji}<img src="//t.example/p" width="1" height="1"></p>'
    assert text(html) == "<p>Hi 😀</p>"


def test_a_bare_address_of_a_known_site_is_an_embed() -> None:
    assert blocks("https://www.youtube.com/watch?v=abcdefg") == [
        ("embed", {"url": "https://www.youtube.com/watch?v=abcdefg", "title": "", "caption": ""})
    ]
    assert text("https://unknown.example/x") == "<p>https://unknown.example/x</p>"


def test_frames_become_embeds_of_the_page_they_show() -> None:
    ((kind, value),) = blocks(
        '<iframe src="//www.youtube-nocookie.com/embed/abcdefg?rel=0" title="T"></iframe>'
    )
    assert (kind, value["url"], value["title"]) == (
        "embed",
        "https://www.youtube.com/watch?v=abcdefg",
        "T",
    )


def test_a_pasted_post_of_another_site_is_an_embed() -> None:
    html = (
        '<blockquote class="twitter-tweet"><p>Hi</p>— A <a href="https://twitter.com/a/status/1?ref=x">d</a>'
        '</blockquote><script src="https://platform.twitter.com/widgets.js"></script>'
    )
    assert [(kind, value["url"]) for kind, value in blocks(html)] == [
        ("embed", "https://twitter.com/a/status/1?ref=x")
    ]


def test_multi_line_code_is_a_listing_and_its_text_is_exact() -> None:
    assert blocks('<pre class="brush: php">if (a &lt; b) {\n\n\tx();\n}</pre>') == [
        ("code", {"language": "php", "code": "if (a < b) {\n\n\tx();\n}", "caption": ""})
    ]


def test_lists_nest_and_what_cannot_stand_in_them_follows() -> None:
    found = blocks(
        '<ul>\n<li><p>a</p><p>b</p><ol><li>c</li></ol></li>\n<li><img src="x.png" alt="">d</li></ul>'
    )
    assert found[0] == ("text", "<ul><li>a<br/>b<ol><li>c</li></ol></li><li>d</li></ul>")
    assert found[1][0] == "image"


def test_quotations_name_their_source() -> None:
    html = '<blockquote cite="https://s.example/"><p>Words</p><h3>Head</h3><cite>— Ann</cite></blockquote>'
    ((kind, value),) = blocks(html)
    assert kind == "quotation"
    assert value["text"] == "<p>Words</p><p><b>Head</b></p>"
    assert (value["speaker"], value["url"]) == ("Ann", "https://s.example/")


def test_quotations_nest() -> None:
    ((_kind, value),) = blocks("<blockquote>a<blockquote>b</blockquote></blockquote>")
    assert value["text"] == "<p>a</p><blockquote><p>b</p></blockquote>"


def test_tables_of_text_become_grids() -> None:
    html = (
        "<table><caption>T</caption><thead><tr><th>A</th><th>B</th></tr></thead>"
        "<tbody><tr><th>x</th><td><b>1</b> &amp; 2</td></tr><tr><th>y</th></tr></tbody></table>"
    )
    ((kind, value),) = blocks(html)
    assert kind == "table"
    assert [column["heading"] for column in value["table"]["columns"]] == ["A", "B"]
    assert value["table"]["rows"] == [
        {"values": ["<p>x</p>", "<p><b>1</b> &amp; 2</p>"]},
        {"values": ["<p>y</p>", ""]},
    ]
    assert (value["caption"], value["has_header_column"]) == ("T", True)


def test_other_tables_keep_their_html_and_are_reported() -> None:
    html = '<table><tr><td colspan="2">a</td></tr><tr><td>b</td><td>c</td></tr></table>'
    ((kind, value),) = blocks(html)
    assert (kind, value["origin"]) == ("html", "table")
    assert kinds(html) == [NoteKind.ELEMENT_KEPT_AS_HTML]


def test_scripts_and_forms_are_dropped_and_reported() -> None:
    html = "<p>a</p><script>x()</script><style>p{}</style><select><option>1</select>"
    assert text(html) == "<p>a</p>"
    assert kinds(html) == [NoteKind.ELEMENT_DROPPED, NoteKind.ELEMENT_DROPPED]


def test_more_marks_the_teaser_and_nextpage_a_divider() -> None:
    converted = body("One\n\n<!--more Read on-->\n\nTwo\n<!--nextpage-->\nThree")
    assert converted.teaser == "One"
    assert [block["type"] for block in converted.blocks] == ["text", "divider", "text"]
    assert [note.kind for note in converted.notes] == [NoteKind.PAGE_BREAK]


# -- shortcodes


def test_captions_old_and_new() -> None:
    for code in (
        '[caption id="attachment_7" width="9"]<a href="x"><img src="a.jpg" alt="A"/></a> A <em>fine</em> day[/caption]',
        '[caption id="attachment_7" caption="A fine day"]<img src="a.jpg" alt="A"/>[/caption]',
    ):
        ((kind, value),) = blocks(code)
        assert (kind, value["image"]["wp_id"], value["alt"]) == ("image", 7, "A")
        assert value["caption"].replace("<i>", "").replace("</i>", "") == "A fine day"


def test_galleries_name_their_images_or_take_those_uploaded() -> None:
    ((kind, value),) = blocks('[gallery columns=2 ids="4, 5"]')
    assert kind == "gallery"
    assert [image["value"]["image"]["wp_id"] for image in value["images"]] == [4, 5]
    ((_kind, value),) = blocks("[gallery exclude=9]", attached_images=(8, 9, 10))
    assert [image["value"]["image"]["wp_id"] for image in value["images"]] == [8, 10]


def test_media_and_provider_shortcodes() -> None:
    found = blocks(
        '[audio mp3="https://o.example/a.mp3"]\n\n[embed width=3]https://vimeo.com/1[/embed]\n\n[wpvideo abcd123]'
    )
    assert [kind for kind, _value in found] == ["audio", "embed", "embed"]
    assert found[2][1]["url"] == "https://videopress.com/v/abcd123"


def test_unknown_shortcodes_are_reported_and_what_they_enclose_stays() -> None:
    content = 'a [box color="red"]inside <b>x</b>[/box] b [form id="3"] c'
    assert text(content) == "<p>a inside <b>x</b> b c</p>"
    assert [(note.kind, note.detail) for note in body(content).notes] == [
        (NoteKind.SHORTCODE_UNWRAPPED, '[box color="red"]'),
        (NoteKind.SHORTCODE_DROPPED, '[form id="3"]'),
    ]


@pytest.mark.parametrize(
    "words", ["[sic]", "[…]", "[the minister]", "[1]", "[[gallery]]", "<code>[gallery]</code>"]
)
def test_brackets_of_authors_are_text(words: str) -> None:
    marked, found = mark_shortcodes(f"He said {words} so")
    assert (found, "cd-shortcode" in marked) == ([], False)


def test_attributes_with_curly_quotes_and_bare_values() -> None:
    assert read_attrs(" a=“1 2” b=3 https://x.example/ 'q r'") == (
        {"a": "1 2", "b": "3"},
        ("https://x.example/", "q r"),
    )


# -- blocks


def test_image_width_caption_and_id_from_attributes() -> None:
    caption = '<figcaption>C <a href="/x">d</a></figcaption>'
    html = f'<figure class="wp-block-image alignwide"><img src="a.jpg" alt=""/>{caption}</figure>'
    ((kind, value),) = blocks(wp("image", html, '{"id":3,"align":"wide"} '))
    assert (kind, value["width"], value["image"]) == ("image", "wide", {"wp_id": 3, "url": "a.jpg"})
    assert value["caption"] == 'C <a href="/x">d</a>'


OLD_GALLERY = (
    '<figure class="wp-block-gallery"><ul class="blocks-gallery-grid"><li><figure><img src="a" data-id="1"/>'
    "<figcaption>A</figcaption></figure></li><li><figure><img src=b data-id=2></figure></li></ul></figure>"
)
NEW_GALLERY = (
    '<figure class="wp-block-gallery">'
    + wp("image", '<figure><img src="a" class="wp-image-1"/><figcaption>A</figcaption></figure>')
    + wp("image", '<figure><img src="b" class="wp-image-2"/></figure>')
    + "</figure>"
)


@pytest.mark.parametrize("html", [OLD_GALLERY, NEW_GALLERY])
def test_galleries_of_both_forms(html: str) -> None:
    ((kind, value),) = blocks(wp("gallery", html))
    assert kind == "gallery"
    assert [image["value"]["image"]["wp_id"] for image in value["images"]] == [1, 2]
    assert value["images"][0]["value"]["caption"] == "A"


def test_containers_are_flattened_in_order() -> None:
    inner = wp("column", '<div class="c">' + wp("paragraph", "<p>1</p>") + "</div>") + wp(
        "column", wp("heading", "<h3 id='x'>2</h3>") + wp("spacer", "<div></div>")
    )
    assert blocks(wp("columns", f"<div>{inner}</div>")) == [
        ("text", "<p>1</p>"),
        ("heading", {"text": "2", "level": "3", "anchor": "x"}),
    ]


def test_a_cover_is_its_image_then_its_words() -> None:
    words = wp("paragraph", "<p>Hi</p>")
    html = f'<div><img class="wp-image-4" src="a.jpg" alt="A"/><div>{words}</div></div>'
    found = blocks(wp("cover", html, '{"url":"a.jpg","id":4,"align":"full"} '))
    assert [(kind, kind == "image" and value["width"]) for kind, value in found] == [
        ("image", "full"),
        ("text", False),
    ]
    (kind, value), _text = blocks(
        wp("cover", f"<div>{wp('paragraph', '<p>Hi</p>')}</div>", '{"url":"b.jpg","id":4} ')
    )
    assert (kind, value["image"]) == ("image", {"wp_id": 4, "url": "b.jpg"})


def test_media_of_all_kinds() -> None:
    content = (
        wp(
            "audio",
            '<figure><audio src="a.mp3"></audio><figcaption>A</figcaption></figure>',
            '{"id":1} ',
        )
        + wp("video", '<figure><video poster="p.jpg" src="v.mp4"></video></figure>', '{"id":2} ')
        + wp(
            "file",
            '<div><a href="f.pdf">Paper</a><a href="f.pdf" class="wp-block-file__button" download>D</a></div>',
            '{"id":3,"href":"f.pdf"} ',
        )
        + wp(
            "embed",
            "<figure><div>\nhttps://x.com/a/status/1\n</div><figcaption>E</figcaption></figure>",
            '{"url":"https://x.com/a/status/1"} ',
        )
    )
    found = dict(blocks(content))
    assert found["audio"]["file"] == {"wp_id": 1, "url": "a.mp3"}
    assert found["audio"]["caption"] == "A"
    assert found["video"]["poster"] == {"wp_id": None, "url": "p.jpg"}
    assert found["file"] == {"file": {"wp_id": 3, "url": "f.pdf"}, "label": "Paper"}
    assert found["embed"]["caption"] == "E"


def test_buttons_verse_pullquotes_and_separators() -> None:
    content = (
        wp("buttons", wp("button", '<div><a href="https://x.example/">Go</a></div>'))
        + wp("separator", "<hr/>")
        + wp("verse", "<pre>One\ntwo\n\nthree</pre>")
        + wp("pullquote", "<figure><blockquote><p>Big</p><cite>Me</cite></blockquote></figure>")
    )
    assert blocks(content) == [
        ("text", '<p><a href="https://x.example/">Go</a></p>'),
        ("divider", None),
        ("text", "<p>One<br/>two</p><p>three</p>"),
        ("pullquote", {"text": "Big", "attribution": "Me"}),
    ]


def test_footnotes() -> None:
    content = wp(
        "paragraph",
        f'<p>A<sup data-fn="{NOTE}" class="fn"><a href="#x">1</a></sup><sup data-fn="none"><a>2</a></sup></p>',
    )
    meta = f'[{{"id":"{NOTE}","content":"A <em>note</em>"}}]'
    converted = body(content + "<!-- wp:footnotes /-->", footnotes=read_footnotes(meta))
    assert converted.blocks[0]["value"] == f'<p>A<footnote id="{NOTE}">aa4844</footnote></p>'
    assert converted.footnotes == {NOTE: "<p>A <i>note</i></p>"}
    assert [note.kind for note in converted.notes] == [NoteKind.FOOTNOTE_MISSING]
    assert read_footnotes("broken") == read_footnotes('{"a":1}') == {}


def test_unknown_and_dynamic_blocks() -> None:
    content = (
        wp("acme/chart", '<div class="chart">Data</div>')
        + "<!-- wp:latest-posts /--><!-- wp:acme/x /-->"
    )
    assert blocks(content) == [
        ("html", {"html": '<div class="chart">Data</div>', "origin": "acme/chart"})
    ]
    assert kinds(content) == [
        NoteKind.BLOCK_KEPT_AS_HTML,
        NoteKind.BLOCK_DROPPED,
        NoteKind.BLOCK_DROPPED,
    ]


def test_unknown_containers_are_unwrapped() -> None:
    content = wp("acme/row", "<div>" + wp("paragraph", "<p>In</p>") + "</div>")
    assert text(content) == "<p>In</p>"
    assert kinds(content) == [NoteKind.BLOCK_UNWRAPPED]


def test_synced_patterns_are_put_in_and_cannot_loop() -> None:
    content = '<!-- wp:block {"ref":5} /-->'
    assert [
        b["value"] for b in body(content, reusable_blocks={5: wp("paragraph", "<p>P</p>")}).blocks
    ] == ["<p>P</p>"]
    assert body(content, reusable_blocks={5: content}).blocks == ()


def test_ids_are_the_same_each_time() -> None:
    one, other = body("a\n\n<hr>\n\nb"), body("a\n\n<hr>\n\nb")
    assert [b["id"] for b in one.blocks] == [b["id"] for b in other.blocks]
    assert len({b["id"] for b in one.blocks}) == 3


# -- the real archives


@pytest.mark.parametrize(
    "name", ["themeunittestdata.wordpress.xml", "64-block-test-data.xml", "small-export.xml"]
)
def test_every_post_of_the_real_archives_converts(shared_data: Path, name: str) -> None:
    for found in ExportReader(shared_data / "wordpress" / name).items():
        converted = convert(found.content, Context(key=str(found.wp_id)))
        for block in converted.blocks:
            if block["type"] == "code":
                continue  # May show any markup.
            assert "<cd-" not in str(block["value"]), found.title
            assert "<!--" not in str(block["value"]), found.title


def test_known_posts_of_the_real_archives(shared_data: Path) -> None:
    folder = shared_data / "wordpress"
    theme = {i.wp_id: i for i in ExportReader(folder / "themeunittestdata.wordpress.xml").items()}
    more = convert(theme[996].content, Context(key="996"))
    assert more.teaser.startswith("This content is before the more tag.")
    captions = convert(theme[1177].content, Context(key="1177")).blocks
    shown = [block["value"]["caption"] for block in captions if block["type"] == "image"]
    support = "https://en.support.wordpress.com/images/image-settings/"
    assert shown[5] == f'Look at 580x300 getting some <a href="{support}">caption</a> love.'
    assert shown[6] == "Bigger caption than the image usually is."
    notes = next(
        i for i in ExportReader(folder / "64-block-test-data.xml").items() if i.wp_id == 75
    )
    converted = convert(
        notes.content, Context(key="75", footnotes=read_footnotes(notes.meta["footnotes"]))
    )
    assert list(converted.footnotes.values()) == ["<p>A note</p>", "<p>Another note</p>"]


# -- limits, text, and anything at all


def test_blocks_fit_the_editor() -> None:
    content = f"<h2 id='Not Allowed'>{'word ' * 100}</h2><pre class='language-js'>x</pre><pre class='lang-zzz'>y</pre>"
    heading, script, other = fit_blocks(body(content).blocks)
    assert len(heading["value"]["text"]) <= 250
    assert heading["value"]["text"].endswith("word…")
    assert heading["value"]["anchor"] == ""
    assert (script["value"]["language"], other["value"]["language"]) == ("javascript", "text")


@pytest.mark.parametrize(
    ("damaged", "whole"),
    [
        ("Itâ€™s a â€œtestâ€\x9d of cafÃ©", "It’s a “test” of café"),
        ("ðŸ˜€ hi", "😀 hi"),
        ("Ð¿Ñ€Ð¸Ð²ÐµÑ‚", "привет"),
        ("Â© 2010 and Â© 2011", "© 2010 and © 2011"),
    ],
)
def test_certain_damage_is_repaired_and_listed(damaged: str, whole: str) -> None:
    repaired, repairs = repair_text(damaged)
    assert repaired == whole
    assert repairs
    assert kinds(damaged)[0] == NoteKind.TEXT_REPAIRED


@pytest.mark.parametrize(
    "sound",
    [
        "‘curly’ “quotes” café naïve — dash…",
        "SÃO PAULO É ÂNGULO",
        "cafÃ©",
        "Â£5 for « x »",
        "日本語 é",
    ],
)
def test_sound_and_doubtful_text_is_left(sound: str) -> None:
    assert repair_text(sound) == (sound, ())


@given(st.text(max_size=200))
def test_repair_of_what_was_never_damaged_changes_nothing_that_round_trips(sound: str) -> None:
    repaired, repairs = repair_text(sound)
    assert (repaired == sound) == (not repairs)


PIECES = [
    "<p>", "</p>", "<b>", "</b>", "<a href='x'>", "</a>", "<ul>", "<li>", "</ul>", "<table>", "<td>", "</table>",
    "<figure>", "<img src=a>", "<blockquote>", "</blockquote>", "<h2>", "</h2>", "<pre>", "<code>", "<iframe src=//x>",
    "[gallery]", "[caption]", "[/caption]", "[x a=1]", "<!--more-->", "<!-- wp:group -->", "<!-- /wp:group -->",
    "<!-- wp:image /-->", "\n\n", "word ", "&amp;",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_mixture_converts_and_keeps_its_words(parts: list[str]) -> None:
    content = "".join(parts)
    converted = convert(content, Context(key="x"))
    told = "".join(str(block["value"]) for block in converted.blocks) + "".join(
        n.detail for n in converted.notes
    )
    assert ("word" in told) == ("word" in content) or "<iframe" in content


def test_deep_nesting_does_no_harm() -> None:
    assert "deep" in str(body("<div>" * 3000 + "deep").blocks)
    assert "deep" in str(body("<b><i>" * 500 + "deep").blocks)
    assert "deep" in str(body("[a b=1]" * 300 + "deep" + "[/a]" * 300).blocks)
    assert "deep" in str(body("<!-- wp:group -->" * 500 + "<p>deep</p>").blocks)


def test_plain_text_of_titles() -> None:
    assert plain_text("A <em>fine</em> &amp; good\nday") == "A fine & good day"
