"""Every kind of page, in a real browser: accessible in both schemes, narrow and wide, with and without scripts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import brotli
import pytest
from playwright.sync_api import expect

from copydesk.editorial.models import Publication
from tests.factories.editorial import (
    block,
    make_article,
    make_attachment,
    make_person,
    make_picture,
    make_series,
    make_static_page,
    make_topic,
    publish,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Response
    from pytest_django import Settings

    from copydesk.editorial.models import Person, Picture, Series, Topic
    from copydesk.members.models import Member

    NewPage = Callable[..., Page]
    Check = Callable[[Page], None]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

ACCOUNT = (
    "/account/email/",
    "/account/password/set/",
    "/account/2fa/",
    "/account/2fa/webauthn/",
    "/account/sessions/",
    "/account/logout/",
)
CODE = {"language": "python", "code": "def f(x):\n    return x", "caption": ""}
NARROW, WIDE = {"width": 320, "height": 720}, {"width": 1280, "height": 900}


@pytest.fixture
def story(front_page: object) -> dict[str, str]:
    """A small publication with a page of every kind; return the pages' paths."""
    picture = make_picture(description="A stone bridge", credit="Photo: R. R.")
    rosa = make_person(
        "Rosa Reporter",
        bio="<p>Writes about <b>rivers</b>.</p>",
        position="Reporter",
        portrait=picture,
    )
    topic, series = make_topic("Bridges", description="All that crosses."), make_series()
    about = make_static_page("About us")
    settings = Publication.load()
    settings.name, settings.tagline, settings.accent = "The Weir", "News from the river", "#b3541e"
    settings.community_statement, settings.guidelines_page = "<p>Be kind.</p>", about
    settings.save()
    make_archive(topic, rosa, picture, series)
    shared: dict[str, Any] = {"topics": [topic], "by": [rosa], "lead_picture": picture}
    whole = publish(make_article("Everything", body=everything(picture.pk), **shared))
    gated = publish(
        make_article(
            "For members", body=["Open.", block("preview_end"), "Closed."], visibility="members"
        )
    )
    gone = make_article("Gone", slug="gone")
    publish(gone)
    gone.unpublish()
    return {
        "front": "/", "latest": "/latest/", "topics": "/topics/", "topic": "/topics/bridges/", "people": "/people/",
        "person": "/people/rosa-reporter/", "series": "/series/a-year-of-bridges/", "archive": "/archive/",
        "year": "/archive/2026/", "month": "/archive/2026/2/", "search": "/search/?q=story", "no words": "/search/",
        "a slip": "/search/?q=storry", "nothing found": "/search/?q=zzz", "article": whole.path, "gated": gated.path,
        "static page": f"/{about.slug}/", "404": "/nothing-here/", "410": "/gone/", "sign in": "/account/login/",
        "sign up": "/account/signup/", "record": "/record/",
    }  # fmt: skip


def make_archive(topic: Topic, person: Person, picture: Picture, series: Series) -> None:
    """Publish enough for a list of two pages."""
    for number in range(24):
        publish(
            make_article(
                f"Story {number}",
                standfirst="Why they fall.",
                topics=[topic],
                by=[person],
                lead_picture=picture if number < 4 else None,
                is_featured=number < 3,
                series=series if number % 5 == 0 else None,
                kind="opinion" if number % 2 else "news",
                dated_at=datetime(2026, 3, 1, tzinfo=UTC) - timedelta(days=number),
            )
        )


def everything(picture: int) -> list[dict[str, Any] | str]:
    """Return a body with every block."""
    image = {
        "image": picture,
        "alt": "",
        "is_decorative": False,
        "caption": "<p>In May</p>",
        "credit": "",
    }
    cell = "<p>1</p>"
    table = {"columns": [{"type": "text", "heading": "Year"}, {"type": "text", "heading": "Bridges"}],
             "rows": [{"values": [cell, cell]}], "caption": ""}  # fmt: skip
    file = make_attachment().pk
    sound = make_attachment("Talk", content=b"RIFF", name="talk.wav").pk
    film = make_attachment("Film", content=b"\0\0", name="film.mp4").pk
    return [
        'Words with a <a href="/about/">link</a> and <code>code</code>.',
        block("heading", {"text": "A section", "level": "2", "anchor": ""}),
        block("heading", {"text": "A subsection", "level": "3", "anchor": ""}),
        block("quotation", {"text": "<p>Words.</p>", "speaker": "Mill", "publication": "On Liberty",
                            "url": "https://example.org/", "date": "1859-01-01"}),
        block("pullquote", {"text": "A sentence.", "attribution": ""}),
        block("image", {**image, "width": "wide"}),
        block("gallery", {"images": [block("item", image), block("item", image)], "caption": "Two"}),
        block("table", {"caption": "Bridges by year", "table": table, "has_header_column": True}),
        block("code", {"language": "python", "code": "def f(x):\n    return 'a' * x  # why", "caption": "A function"}),
        block("callout", {"kind": "note", "title": "Mind", "text": "<p>The gap.</p>"}),
        block("divider"),
        block("embed", {"url": "https://youtu.be/dQw4w9WgXcQ", "title": "A film", "caption": "By somebody"}),
        block("audio", {"file": sound, "title": "A talk", "caption": "", "transcript": "<p>Hello.</p>"}),
        block("video", {"file": film, "title": "A film", "caption": "", "transcript": "<p>Hello.</p>", "poster": None}),
        block("file", {"file": file, "label": "The minutes"}),
    ]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_every_page_is_accessible(
    story: dict[str, str],
    new_page: NewPage,
    assert_accessible: Check,
    expect_fault: Callable[[str], None],
    scheme: str,
    size: dict[str, int],
) -> None:
    expect_fault(r"status of 4(04|10)")
    page = new_page(color_scheme=scheme, viewport=size)
    for name, path in story.items():
        page.goto(path)
        assert_accessible(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], f"{name} is {width} px wide"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_members_and_editors_pages_are_accessible(
    story: dict[str, str],
    new_page: NewPage,
    assert_accessible: Check,
    ada: Member,
    mailoutbox: list[object],
    scheme: str,
) -> None:
    page = new_page(color_scheme=scheme, viewport=NARROW)
    sign_in_by_code(page, ada.email, mailoutbox)
    for path in (*ACCOUNT, "/-/patterns/", story["article"]):
        page.goto(path)
        assert page.url.endswith(path)
        assert_accessible(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= NARROW["width"], f"{path} is {width} px wide"


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_a_publication_from_right_to_left_is_accessible(
    story: dict[str, str],
    new_page: NewPage,
    assert_accessible: Check,
    settings: Settings,
    size: dict[str, int],
) -> None:
    settings.LANGUAGE_CODE = "ar"
    page = new_page(viewport=size, locale="ar")
    for path in (
        story["front"],
        story["article"],
        story["person"],
        story["gated"],
        "/account/login/",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.dir") == "rtl", path
        assert_accessible(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], f"{path} is {width} px wide"
        # Nothing hangs out on the other side either, where a page does not scroll.
        assert page.evaluate("Math.min(0, ...[...document.querySelectorAll('main *')].filter("
                             "e => !e.closest('.visually-hidden, .table__scroll, pre'))"
                             ".map(e => Math.round(e.getBoundingClientRect().left)))") >= 0, path  # fmt: skip


def test_code_and_words_of_another_language_keep_their_direction(
    story: dict[str, str], new_page: NewPage
) -> None:
    arabic = publish(
        make_article("رسالة إلى نهر", language="ar", body=["كلمات.", block("code", CODE)])
    )
    page = new_page()
    page.goto(arabic.path)
    assert direction(page, "h1") == direction(page, ".prose p") == "rtl"
    assert direction(page, ".prose pre") == direction(page, ".community") == "ltr"
    assert page.locator("h1").get_attribute("lang") == "ar"
    assert page.locator(".article-head__meta").evaluate("e => e.closest('[lang]').lang") == "en"


def direction(page: Page, selector: str) -> str:
    return str(page.locator(selector).first.evaluate("e => getComputedStyle(e).direction"))


def test_nothing_moves_for_who_wants_no_motion(story: dict[str, str], new_page: NewPage) -> None:
    page = new_page(reduced_motion="reduce")
    page.goto(story["article"])
    page.keyboard.press("Tab")
    moving = page.evaluate("""[...document.querySelectorAll('*')].filter(e => {
        const style = getComputedStyle(e);
        return (style.animationName || 'none') !== 'none' || parseFloat(style.transitionDuration) > 0
            || style.scrollBehavior === 'smooth';
    }).length""")
    assert moving == 0


def test_what_can_be_reached_by_keyboard_shows_that_it_is(
    story: dict[str, str], new_page: NewPage
) -> None:
    page = new_page()
    page.goto(story["article"])
    for _ in range(12):
        page.keyboard.press("Tab")
        focused = page.evaluate("""(() => { const style = getComputedStyle(document.activeElement);
            return [document.activeElement.outerHTML.slice(0, 80), style.outlineStyle, style.outlineWidth] })()""")
        assert focused[1] == "solid", focused
        assert float(focused[2].removesuffix("px")) >= 2, focused


def test_the_first_view_of_an_article_is_light(story: dict[str, str], new_page: NewPage) -> None:
    """At most 50 kB over the wire without pictures, and nothing from anywhere else (the fixture watches).

    The live server of the tests sends files as they are; `copydesk serve` sends their brotli copies, weighed here.
    """
    page = new_page()
    weights: list[int] = []

    def weigh(response: Response) -> None:
        kind = response.headers.get("content-type", "")
        if not kind.startswith(
            ("image/png", "image/jpeg", "image/webp", "image/avif", "audio/", "video/")
        ):
            body = response.body()
            weights.append(len(body) if kind.startswith("font/") else len(brotli.compress(body)))

    page.on("response", weigh)
    page.goto(story["article"], wait_until="networkidle")
    assert len(weights) > 2
    assert sum(weights) <= 50_000


def test_reading_searching_and_turning_pages_need_no_script(
    story: dict[str, str], new_page: NewPage
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name="Story 0").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Story 0")
    page.get_by_role("link", name="Search").first.click()
    page.get_by_role("searchbox").last.fill("story")
    page.get_by_role("searchbox").last.press("Enter")
    expect(page.locator("mark").first).to_have_text("Story", ignore_case=True)
    page.goto(story["topic"])
    page.get_by_role("link", name="Older").click()
    expect(page.get_by_role("link", name="Story 23")).to_be_visible()


def test_the_keyboard_alone_reaches_the_text(story: dict[str, str], new_page: NewPage) -> None:
    page = new_page()
    page.goto(story["article"])
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_an_embed_loads_nothing_before_the_click(
    story: dict[str, str], new_page: NewPage, expect_fault: Callable[[str], None]
) -> None:
    page = new_page()
    page.goto(story["article"], wait_until="networkidle")
    assert page.locator("iframe").count() == 0
    expect_fault(r"youtube-nocookie|ERR_NAME_NOT_RESOLVED")
    page.get_by_role("link", name="A film").click()
    frame = page.locator("iframe")
    expect(frame).to_have_attribute(
        "src", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1"
    )
    assert frame.get_attribute("title")


def test_pictures_come_in_three_formats_with_their_size(
    story: dict[str, str], new_page: NewPage
) -> None:
    page = new_page()
    page.goto(story["article"])
    picture = page.locator("main picture").first
    assert picture.locator("source").evaluate_all("all => all.map(one => one.type)") == [
        "image/avif",
        "image/webp",
    ]
    image = picture.locator("img")
    assert image.get_attribute("width")
    assert image.get_attribute("height")
    image.evaluate("image => image.decode()")
    assert image.evaluate("image => image.naturalWidth") > 0
    assert ".avif" in image.evaluate("image => image.currentSrc")


def test_print_leaves_the_frame_out(story: dict[str, str], new_page: NewPage) -> None:
    page = new_page()
    page.goto(story["article"])
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_member_meets_a_gate_signs_in_by_code_and_reads_on(
    story: dict[str, str], new_page: NewPage, ben: Member, mailoutbox: list[object]
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(story["gated"])
    expect(page.get_by_text("Closed.")).to_have_count(0)
    page.locator(".gate").get_by_role("link", name="Sign in").click()
    sign_in_by_code(page, ben.email, mailoutbox)
    page.goto(story["gated"])
    expect(page.get_by_text("Closed.")).to_be_visible()


def test_an_editor_writes_and_publishes_and_readers_read(
    story: dict[str, str],
    new_page: NewPage,
    ada: Member,
    mailoutbox: list[object],
    expect_fault: Callable[[str], None],
) -> None:
    expect_fault(
        "console: "
    )  # The editor's own scripts may warn; readers' pages are watched elsewhere.
    page = new_page()
    page.goto("/desk/write/")
    sign_in_by_code(page, ada.email, mailoutbox)
    page.goto("/desk/write/")
    page.get_by_role("textbox", name="Headline").fill("Fresh from the desk")
    page.locator("textarea[name=standfirst]").fill("It works.")
    page.locator("[data-w-dropdown-target=toggle]").last.click()
    page.locator("button[name=action-publish]").click()
    page.wait_for_url("**/desk/pages/**")
    reader = new_page()
    reader.goto("/fresh-from-the-desk/")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Fresh from the desk")
    expect(reader.get_by_text("It works.")).to_be_visible()


def sign_in_by_code(page: Page, email: str, outbox: list[object]) -> None:
    """Go through the sign-in form with the code that is mailed."""
    page.goto("/account/login/code/")
    page.locator("input[name=email]").fill(email)
    page.locator("main form button[type=submit]").first.click()
    page.locator("input[name=code]").wait_for()
    code = next(line.strip() for line in outbox[-1].body.splitlines() if is_code(line.strip()))  # type: ignore[attr-defined]
    page.locator("input[name=code]").fill(code)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()


def is_code(line: str) -> bool:
    """Whether a line of a mail is a code: a few capitals and digits, and nothing else."""
    bare = line.replace("-", "")
    return 4 <= len(bare) <= 12 and bare.isalnum() and bare.upper() == bare
