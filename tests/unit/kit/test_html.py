"""Nothing live survives the sanitizer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from copydesk.kit.html import clean_article_html, plain_text
from tests.factories.liveness import live_parts

if TYPE_CHECKING:
    from pathlib import Path

OURS = {
    "a handler": '<p onclick="alert(1)">x</p>',
    "a handler with a slash": "<p/onmouseover=alert(1)>x</p>",
    "javascript": '<a href="javascript:alert(1)">x</a>',
    "javascript with a tab": '<a href="java\tscript:alert(1)">x</a>',
    "javascript in references": '<a href="&#106;avascript&colon;alert(1)">x</a>',
    "data": '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    "vbscript": '<a href="VbScript:x">x</a>',
    "a frame": '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "a form": '<form action="https://evil.example"><input name="password"></form>',
    "a style": '<p style="position:fixed">x</p><style>*{display:none}</style>',
    "svg": '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "mathml": "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "noscript": '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    "a picture": '<img src="https://evil.example/pixel">',
    "meta": '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    "base": '<base href="https://evil.example/">',
    "a quotation's source": '<blockquote cite="javascript:alert(1)">x</blockquote>',
    "a comment": "<!--><script>alert(1)</script>-->",
    "a template": "<template><script>alert(1)</script></template>",
    "title": "<title><img src=x onerror=alert(1)></title>",
}


@pytest.fixture(scope="module")
def hostile(shared_data: Path) -> dict[str, str]:
    """Every hostile input of the corpora, by name."""
    folder = shared_data / "xss"
    found = {
        path.name: path.read_text(encoding="utf-8").split("\n--\n")[0]
        for path in sorted(folder.glob("bleach-*.test"))
    }
    cases = json.loads((folder / "html5lib-sanitizer.json").read_text(encoding="utf-8"))
    return found | {f"{number} {case['name']}": case["input"] for number, case in enumerate(cases)}


def test_the_corpora_are_whole(hostile: dict[str, str]) -> None:
    assert len(hostile) == 20 + 72


def test_nothing_of_the_corpora_lives(hostile: dict[str, str], subtests: pytest.Subtests) -> None:
    for name, html in hostile.items():
        with subtests.test(name):
            assert live_parts(clean_article_html(html)) == []


def test_the_corpora_do_live_before(hostile: dict[str, str]) -> None:
    """Otherwise the test above would prove nothing."""
    assert sum(bool(live_parts(html)) for html in hostile.values()) > 60


@pytest.mark.parametrize("name", OURS)
def test_nothing_of_ours_lives(name: str) -> None:
    assert live_parts(clean_article_html(OURS[name])) == []


def test_cleaning_twice_changes_nothing_more(
    hostile: dict[str, str], subtests: pytest.Subtests
) -> None:
    for name, html in {**hostile, **OURS}.items():
        with subtests.test(name):
            once = clean_article_html(html)
            assert clean_article_html(once) == once


KEPT = [
    '<p lang="de">Ein <em>Wort</em></p>',
    '<blockquote cite="https://example.org/a"><p>Words</p></blockquote>',
    '<table><thead><tr><th scope="col">A</th></tr></thead><tbody><tr><td colspan="2">1</td></tr></tbody></table>',
    '<ol start="3" type="a"><li>x</li></ol>',
    '<details open=""><summary>S</summary>x</details>',
    "<dl><dt>a</dt><dd>b</dd></dl>",
    "<ruby>漢<rt>kan</rt></ruby>",
]


@pytest.mark.parametrize("html", KEPT)
def test_the_structure_of_text_is_kept(html: str) -> None:
    assert clean_article_html(html) == html


def test_links_keep_their_address() -> None:
    for address in (
        "https://example.org/?a=1&amp;b=2",
        "/topics/",
        "#fn-1",
        "mailto:a@example.org",
        "tel:+4930",
    ):
        assert f'href="{address}"' in clean_article_html(f'<a href="{address}">x</a>')


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>two &amp; three</p>", "One\ntwo & three"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<p>x&nbsp;y   z</p>", "x y z"),
        ("<p>&lt;b&gt;</p>", "<b>"),
        ("<style>p{}</style><p>x</p>", "x"),
        ("", ""),
    ],
)
def test_plain_text(html: str, text: str) -> None:
    assert plain_text(html) == text
