"""A page that is said to link to ours is fetched, and believed no more than it shows."""

from __future__ import annotations

import zlib
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from copydesk.federation.actions.receiving import take_mention
from copydesk.federation.actions.verifying import verify_next_mention
from copydesk.federation.logic.limits import LEASE, MAX_BYTES, WAITS
from copydesk.federation.logic.mentions import read_page
from copydesk.federation.models import ReceivedMention, ReceivedState, Tale
from copydesk.kit import clock
from copydesk.record.models import Flag
from tests.factories.elsewhere import corrected, correction, show
from tests.factories.mentions import ours
from tests.factories.publisher import Answer
from tests.factories.reliance import make_resting
from tests.factories.sources import make_citation, make_source

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_django import Settings

    from copydesk.editorial.models import Article
    from copydesk.federation.logic.mentions import Said
    from tests.factories.publisher import Publisher

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("front_page")]


@pytest.fixture
def article() -> Article:
    return make_resting("On bridges")


def look(article: Article, source: str, *, at: datetime | None = None) -> ReceivedMention:
    """Take a Webmention and look at it."""
    at = at or clock.now()
    take_mention(source=source, target=ours(article), page=article, address="192.0.2.1", at=at)
    assert verify_next_mention(at=at) is not None
    return ReceivedMention.objects.get(source=source)


def test_a_page_that_links_to_ours_is_confirmed(elsewhere: Publisher, article: Article) -> None:
    found = look(article, show(elsewhere, "/story", ours(article), title="  Of\n bridges "))
    assert (found.state, found.title, found.tale) == (
        ReceivedState.VERIFIED,
        "Of bridges",
        Tale.NOTHING,
    )
    assert found.verified_at is not None
    assert verify_next_mention(at=clock.now() + timedelta(days=2)) is None
    assert not Flag.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        "<!-- <a href='{url}'>see</a> -->",
        "<script>var a = \"<a href='{url}'>see</a>\"</script>",
        "<template><a href='{url}'>see</a></template>",
        "<textarea><a href='{url}'>see</a></textarea>",
        "<p>{url}</p>",
        "<a title='{url}'>see</a>",
        "<a href='{url}other/'>see</a>",
        "<a href='{url}?page=2'>see</a>",
        "<a href='ftp://localhost:8000/on-bridges/'>see</a>",
        "<a href='javascript:location=\"{url}\"'>see</a>",
        "<a href='http://elsewhere.example/?{url}'>see</a>",
        "<a href='http://localhost:8000@elsewhere.example/on-bridges/'>see</a>",
        "<a href='/on-bridges/'>see</a>",
    ],
)
def test_what_only_looks_like_a_link_is_none(
    elsewhere: Publisher, article: Article, body: str
) -> None:
    found = look(article, show(elsewhere, "/story", body=body.format(url=ours(article))))
    assert (found.state, found.detail) == (ReceivedState.FAILED, "does not link to the target")
    assert found.verified_at is None


def test_one_address_may_be_written_in_many_ways(elsewhere: Publisher, article: Article) -> None:
    url = ours(article)
    written = (
        f"<a href=' {url}#top '>see</a>",
        f"<base href='http://localhost:8000/x/'><a href='../{article.slug}'>see</a>",
        f"<map><area href='{url.replace('//', '//WWW.')}'></map>",
    )
    states = [
        look(article, show(elsewhere, f"/{number}", body=body)).state
        for number, body in enumerate(written)
    ]
    assert states == [ReceivedState.VERIFIED] * len(written)


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (Answer(status=404), "answered 404"),
        (Answer(status=403), "answered 403"),
        (Answer("{}", headers={"Content-Type": "application/json"}), "not HTML"),
        (Answer(b"x" * (MAX_BYTES + 1)), "larger than"),
        (
            Answer(zlib.compress(b"x" * 20_000_000), headers={"Content-Encoding": "deflate"}),
            "larger than",
        ),
        (Answer("<div>" * 100_000), "too deeply nested"),
        (Answer(status=302, headers={"Location": "http://10.0.0.1/"}), "public Internet"),
        (Answer(status=302, headers={"Location": "file:///etc/passwd"}), "http"),
        (Answer(b"\xff\xfe\x00\x00" * 100), "does not link"),
        (Answer(""), "does not link"),
    ],
)
def test_a_hostile_source_is_not_confirmed(
    elsewhere: Publisher, article: Article, answer: Answer, detail: str
) -> None:
    elsewhere.pages["/story"] = answer
    found = look(article, elsewhere.url("/story"))
    assert found.state == ReceivedState.FAILED
    assert detail in found.detail
    assert verify_next_mention(at=clock.now() + timedelta(days=9)) is None


def test_no_private_address_is_asked(
    elsewhere: Publisher, article: Article, settings: Settings
) -> None:
    settings.COPYDESK_SOURCE_NETWORKS = ()
    found = look(article, show(elsewhere, "/story", ours(article)))
    assert found.state == ReceivedState.FAILED
    assert elsewhere.asked == []


@pytest.mark.parametrize(
    "says",
    [
        "[" * 200_000,
        '{"correction":' * 50_000 + "1" + "}" * 50_000,
        '{"correction": [' + '{"text": "x"},' * 30_000 + "]}",
        '{"@graph": [' + '{"correction": "x"},' * 30_000 + "]}",
        "<!-- not closed",
        '{"correction": ' + "9" * 100_000 + "}",
        '{"correction": {"text": {"text": ["deep"]}, "datePublished": {"@value": 1}}}',
        '{"correction": [[1], null, true, 7, ""], "creativeWorkStatus": {"name": 3}}',
    ],
)
def test_hostile_data_does_not_keep_a_page_from_being_read(
    elsewhere: Publisher, article: Article, says: str
) -> None:
    found = look(article, show(elsewhere, "/story", ours(article), says=says))
    assert found.state == ReceivedState.VERIFIED


def test_words_of_a_stranger_are_cleaned(elsewhere: Publisher, article: Article) -> None:
    words = "<script>alert(1)</script>It was <b>12</b>,\n\u202enot\x00 13 \ud800." + "x" * 9_000
    says = corrected(correction(words), headline="<img src=x onerror=alert(1)>Bridges")
    found = look(article, show(elsewhere, "/story", ours(article), says=says))
    assert found.words.startswith("It was 12, not 13 .x")
    assert len(found.words) == 500
    assert found.tale == Tale.CORRECTION


def test_a_site_in_trouble_is_asked_again_and_given_up_in_the_end(
    elsewhere: Publisher, article: Article
) -> None:
    elsewhere.pages["/story"] = Answer(status=503)
    at = clock.now()
    found = look(article, elsewhere.url("/story"), at=at)
    for wait in WAITS:
        assert found.state == ReceivedState.WAITING
        assert verify_next_mention(at=at + wait - timedelta(seconds=1)) is None
        at += wait
        verify_next_mention(at=at)
        found.refresh_from_db()
    assert (found.state, found.attempt_count) == (ReceivedState.FAILED, len(WAITS) + 1)
    assert "503" in found.detail


def test_trouble_that_passes_is_no_trouble(elsewhere: Publisher, article: Article) -> None:
    elsewhere.pages["/story"] = Answer(status=429)
    at = clock.now()
    look(article, elsewhere.url("/story"), at=at)
    show(elsewhere, "/story", ours(article))
    verify_next_mention(at=at + WAITS[0])
    assert ReceivedMention.objects.get().state == ReceivedState.VERIFIED


@pytest.mark.parametrize("status", [200, 404, 410])
def test_a_source_that_links_no_more_is_gone(
    elsewhere: Publisher, article: Article, status: int
) -> None:
    url = show(elsewhere, "/story", ours(article))
    look(article, url)
    elsewhere.pages["/story"] = Answer("<p>Nothing here.", status)
    found = look(article, url)
    assert (found.state, found.verified_at) == (ReceivedState.GONE, None)
    show(elsewhere, "/story", ours(article))
    assert look(article, url).state == ReceivedState.VERIFIED


def test_a_wall_does_not_undo_what_was_confirmed(elsewhere: Publisher, article: Article) -> None:
    url = show(elsewhere, "/story", ours(article))
    look(article, url)
    elsewhere.pages["/story"] = Answer(status=403)
    found = look(article, url)
    assert (found.state, found.detail) == (ReceivedState.VERIFIED, "answered 403")
    assert found.verified_at is not None


def test_of_a_page_that_was_withdrawn_meanwhile_nothing_is_confirmed(
    elsewhere: Publisher, article: Article
) -> None:
    at = clock.now()
    source = show(elsewhere, "/story", ours(article))
    take_mention(source=source, target=ours(article), page=article, address="", at=at)
    article.unpublish()
    verify_next_mention(at=at)
    assert ReceivedMention.objects.get().state == ReceivedState.FAILED


def test_one_that_comes_again_while_it_is_looked_at_is_looked_at_again(
    elsewhere: Publisher, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = clock.now()
    source = show(elsewhere, "/story")

    def read_and_be_told(html: str, *, url: str) -> Said | None:
        take_mention(
            source=source,
            target=ours(article),
            page=article,
            address="",
            at=at + timedelta(seconds=1),
        )
        return read_page(html, url=url)

    with monkeypatch.context() as patch:
        patch.setattr("copydesk.federation.actions.verifying.read_page", read_and_be_told)
        assert look(article, source, at=at).state == ReceivedState.WAITING
    show(elsewhere, "/story", ours(article))
    assert verify_next_mention(at=at + LEASE) is not None
    assert ReceivedMention.objects.get().state == ReceivedState.VERIFIED


def test_a_page_whose_reader_dies_each_time_is_given_up(article: Article) -> None:
    at = clock.now()
    take_mention(source="https://a.example/", target=ours(article), page=article, address="", at=at)
    ReceivedMention.objects.update(attempt_count=len(WAITS) + 1)
    verify_next_mention(at=at)
    assert ReceivedMention.objects.get().state == ReceivedState.FAILED


def test_a_correction_of_what_nothing_rests_on_is_kept_without_a_flag(
    elsewhere: Publisher, article: Article
) -> None:
    make_citation(article, make_source(url="https://other.example/"))
    at = clock.now() + timedelta(hours=1)
    says = corrected(correction(at=at - timedelta(minutes=5)))
    found = look(article, show(elsewhere, "/story", ours(article), says=says), at=at)
    assert (found.tale, found.words) == (Tale.CORRECTION, "It was 12, not 13.")
    assert found.corrected_at == at - timedelta(minutes=5)
    assert not Flag.objects.exists()
