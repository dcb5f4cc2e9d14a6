"""A publication in Arabic speaks Arabic to its readers, and the library pages of an account do too."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import translation
from django.utils.translation import ngettext
from selectolax.lexbor import LexborHTMLParser

from copydesk.editorial.models import Publication
from copydesk.sources.models import Relation, Standing
from copydesk.sources.queries import wording
from tests.factories.editorial import (
    block,
    make_article,
    make_person,
    make_series,
    make_topic,
    publish,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client
    from pytest_django import Settings

    from copydesk.editorial.models import PublishedArticle
    from copydesk.members.models import Member

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/latest/",
    "/topics/",
    "/topics/alsihha/",
    "/people/",
    "/people/layla/",
    "/series/jusur/",
    "/archive/",
    "/archive/2026/",
    "/archive/2026/3/",
    "/search/",
    "/search/?q=النهر",
    "/search/?q=غائب",
    "/nothing-here/",
    "/account/login/",
    "/account/signup/",
    "/account/password/reset/",
]
# The same in every language: names, addresses of pages and of mail.
NAMES = {"Mastodon", "Bluesky", "YouTube"}
ADDRESS = re.compile(r"https?://\S+|\S+@\S+")
SAID = ("aria-label", "title", "alt", "placeholder", "data-copied")
LATIN = re.compile(r"[A-Za-z]{2,}")


@pytest.fixture
def arabic(settings: Settings) -> Iterator[None]:
    """A publication whose language is Arabic; the language of its last answer does not stay for other tests."""
    settings.LANGUAGE_CODE = "ar"
    with translation.override("ar", deactivate=True):
        yield


@pytest.fixture
def article(arabic: None) -> PublishedArticle:
    """The second part of a series, for all to read, with one of everything that brings words of ours."""
    Publication.objects.update(name="جريدة النهر", tagline="أخبار الضفتين", version="arabic")
    topic, series = make_topic("الصحة", slug="alsihha"), make_series("سنة الجسور", slug="jusur")
    people = [
        make_person("ليلى", slug="layla", email="layla@example.org"),
        make_person("سمير", slug="samir"),
    ]
    shared: dict[str, Any] = {"topics": [topic], "by": people, "series": series}
    publish(
        make_article(
            "الجسر الأول", body=["كلمات."], dated_at=datetime(2026, 3, 3, 12, tzinfo=UTC), **shared
        )
    )
    body: list[dict[str, Any] | str] = [
        "عند النهر.",
        block("heading", {"text": "تاريخ", "level": "2", "anchor": "tarikh"}),
        block(
            "embed",
            {"url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "title": "جسر", "caption": ""},
        ),
    ]
    return publish(
        make_article(
            "الجسر الثاني",
            body=body,
            kind="opinion",
            dated_at=datetime(2026, 3, 4, 12, tzinfo=UTC),
            **shared,
        )
    )


def read(client: Client, path: str, **headers: str) -> LexborHTMLParser:
    return LexborHTMLParser(client.get(path, headers=headers).content)


def said(page: LexborHTMLParser) -> list[str]:
    """Return everything a page shows or has read aloud, its title included."""
    page.strip_tags(["script", "style", "template"])
    texts = [node.text(deep=False, strip=True) for node in page.css("title, body, body *")]
    labels = [node.attributes.get(name) for name in SAID for node in page.css(f"body [{name}]")]
    return [text for text in (*texts, *labels) if text]


def foreign(page: LexborHTMLParser) -> set[str]:
    """Return the words in Latin letters that are neither names nor addresses."""
    return {word for text in said(page) for word in LATIN.findall(ADDRESS.sub("", text))} - NAMES


def assert_is_arabic(page: LexborHTMLParser) -> None:
    html = page.css_first("html")
    assert html
    assert (html.attributes["lang"], html.attributes["dir"]) == ("ar", "rtl")
    assert not foreign(page)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_nothing_in_english(
    client: Client, article: PublishedArticle, path: str
) -> None:
    assert_is_arabic(read(client, path))


def test_the_article_says_nothing_in_english(client: Client, article: PublishedArticle) -> None:
    page = read(client, article.path)
    assert_is_arabic(page)
    texts = " ".join(said(page))
    for label in (
        "بقلم",
        "رأي",
        "الجزء 2 من 2 في سلسلة",
        "عن الكاتبين",
        "مشاركة",
        "الجزء السابق",
        "رابط إلى هذا القسم",
    ):
        assert label in texts, label


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", {"الأحدث", "بحث", "الحساب", "الموضوعات", "الأرشيف", "الانتقال إلى المحتوى"}),
        ("/topics/", {"الموضوعات", "مقالان"}),
        ("/search/?q=الجسر", {"البحث في المقالات", "مقالان"}),
        ("/search/?q=غائب", {"لا مقالات", "لا نتائج. قد يفيد البحث بكلمات أقل أو أعم."}),
        ("/nothing-here/", {"لا توجد صفحة بهذا العنوان", "الصفحة الأولى", "أحدث المقالات"}),
        ("/account/login/", {"إرسال رمز إلى بريدي", "كلمة المرور", "تسجيل الدخول بمفتاح مرور"}),
    ],
)
def test_a_page_says_in_arabic(
    client: Client, article: PublishedArticle, path: str, words: set[str]
) -> None:
    assert words <= set(said(read(client, path)))


def test_dates_are_written_as_arabic_writes_them(client: Client, article: PublishedArticle) -> None:
    page = read(client, article.path)
    date = page.css_first(".article-head time")
    assert date
    assert date.text() == "4 مارس، 2026"
    assert "مارس 2026" in said(read(client, "/archive/2026/3/"))


@pytest.mark.parametrize(
    ("count", "articles", "minutes"),
    [
        (0, "لا مقالات", "قراءة في أقل من دقيقة"),
        (1, "مقال واحد", "قراءة في دقيقة واحدة"),
        (2, "مقالان", "قراءة في دقيقتين"),
        (3, "3 مقالات", "قراءة في 3 دقائق"),
        (10, "10 مقالات", "قراءة في 10 دقائق"),
        (11, "11 مقالًا", "قراءة في 11 دقيقة"),
        (99, "99 مقالًا", "قراءة في 99 دقيقة"),
        (100, "100 مقال", "قراءة في 100 دقيقة"),
        (102, "102 مقال", "قراءة في 102 دقيقة"),
        (103, "103 مقالات", "قراءة في 103 دقائق"),
    ],
)
def test_what_is_counted_has_its_form(count: int, articles: str, minutes: str) -> None:
    with translation.override("ar"):
        assert (
            ngettext("%(count)d article", "%(count)d articles", count) % {"count": count}
            == articles
        )
        assert (
            ngettext("%(total)s article", "%(total)s articles", count) % {"total": count}
            == articles
        )
        read_in = ngettext("%(minutes)s min read", "%(minutes)s min read", count) % {
            "minutes": count
        }
        assert read_in == minutes


class TestAnEnglishPublication:
    """Who prefers Arabic in the browser signs in and writes in Arabic there too."""

    @pytest.fixture(autouse=True)
    def _leave_no_language(self) -> Iterator[None]:
        with translation.override("en", deactivate=True):
            yield

    def test_signing_in_follows_the_browser(self, client: Client) -> None:
        html = read(client, "/account/login/", **{"accept-language": "ar"}).css_first("html")
        assert html
        assert (html.attributes["lang"], html.attributes["dir"]) == ("ar", "rtl")

    def test_the_desk_follows_the_browser(self, client: Client, ada: Member) -> None:
        client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
        page = read(client, "/desk/", **{"accept-language": "ar"})
        html = page.css_first("html")
        assert html
        assert (html.attributes["lang"], html.attributes["dir"]) == ("ar", "rtl")
        assert "الصفحات" in " ".join(said(page))

    def test_other_browsers_get_english(self, client: Client) -> None:
        html = read(client, "/").css_first("html")
        assert html
        assert (html.attributes["lang"], html.attributes["dir"]) == ("en", "ltr")


def test_lists_of_what_is_known_of_a_source_have_the_comma_of_the_script() -> None:
    with translation.override("ar"):
        lines = [
            wording.relations_phrase([Relation.QUOTES, Relation.DISPUTES]),
            wording.standing_phrase(Standing.RETRACTED, datetime(2026, 11, 19, tzinfo=UTC)),
        ]
    assert [("،" in line, "," in line) for line in lines] == [(True, False), (True, False)]
