"""A site that corrects a page tells us, and a flag opens at the articles of ours that rest on that page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from copydesk.federation.actions.mentioning import queue_mentions, send_next_mention
from copydesk.federation.actions.receiving import take_mention
from copydesk.federation.actions.verifying import verify_next_mention
from copydesk.federation.models import Mention, MentionState, ReceivedMention, ReceivedState, Tale
from copydesk.kit import clock
from copydesk.record.actions.decisions import decide_flags
from copydesk.record.models import Flag, FlagState, Gravity, NoticeKind, Severity
from copydesk.record.queries.flag_wording import what_happened
from copydesk.record.tasks import reliance
from copydesk.sources.actions.handling import mark_source
from copydesk.sources.logic.addresses import url_key
from copydesk.sources.models import Relation, Source, Standing
from tests.factories.elsewhere import corrected, correction, show
from tests.factories.mentions import make_received, make_told_notice, ours, post
from tests.factories.notices import notify
from tests.factories.publisher import Answer
from tests.factories.reliance import flagged, make_notice, make_resting, path_of, tell
from tests.factories.sources import make_citation, make_source

if TYPE_CHECKING:
    from datetime import datetime

    from django.test import Client
    from pytest_django import Settings

    from copydesk.editorial.models import Article
    from copydesk.members.models import Member
    from tests.factories.publisher import Publisher

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("front_page")]

HOUR = timedelta(hours=1)


@pytest.fixture
def later() -> datetime:
    """When they tell us: after our articles were published."""
    return clock.now() + 2 * HOUR


def tells(source: str, article: Article, *, at: datetime) -> ReceivedMention:
    """Let a page tell us that it links to an article, and look at it."""
    take_mention(source=source, target=ours(article), page=article, address="", at=at)
    verify_next_mention(at=at)
    return ReceivedMention.objects.get(source=source)


def source_at(url: str, **fields: Any) -> Source:
    return make_source("The bridge report", url=url, url_key=url_key(url), **fields)


def test_who_rests_on_a_page_that_was_corrected_is_flagged_once(
    elsewhere: Publisher, later: datetime
) -> None:
    target, quoting, disputing = (make_resting(title) for title in ("Target", "Quoting", "Not so"))
    source = source_at(elsewhere.url("/story"))
    make_citation(quoting, source, Relation.QUOTES)
    make_citation(disputing, source, Relation.DISPUTES)
    at = later - HOUR
    url = show(elsewhere, "/story", ours(target), says=corrected(correction(at=at)))
    assert tells(url, target, at=later).tale == Tale.CORRECTION
    flag = Flag.objects.get()
    assert (flag.article_id, flag.source_id) == (quoting.pk, source.pk)
    assert (flag.gravity, flag.opened_at) == (Gravity.SOURCE_CORRECTED, later)
    said = "127.0.0.1 says it corrected “Thirteen bridges”: It was 12, not 13."
    assert what_happened(flag) == said
    tells(url, target, at=later + HOUR)
    assert Flag.objects.count() == 1


def test_a_link_in_the_body_is_reliance_too(elsewhere: Publisher, later: datetime) -> None:
    url = elsewhere.url("/story")
    target = make_resting("Target", f"{url}?utm_source=feed#part")
    show(elsewhere, "/story", ours(target), says=corrected(correction(at=later - HOUR)))
    tells(url, target, at=later)
    assert flagged(source=None) == {"Target"}


def test_one_whose_only_tie_is_a_dispute_is_not_flagged_for_the_link_to_it(
    elsewhere: Publisher, later: datetime
) -> None:
    url = elsewhere.url("/story")
    target = make_resting("Target", url)
    make_citation(target, source_at(url), Relation.DISPUTES)
    show(elsewhere, "/story", ours(target), says=corrected(correction(at=later - HOUR)))
    tells(url, target, at=later)
    assert not Flag.objects.exists()


def test_a_retraction_is_graver_and_flags_where_a_correction_waits(
    elsewhere: Publisher, later: datetime
) -> None:
    url = elsewhere.url("/story")
    target = make_resting("Target", url)
    says = corrected(correction(at=later - HOUR))
    show(elsewhere, "/story", ours(target), says=says)
    tells(url, target, at=later)
    says["creativeWorkStatus"] = "Retracted"
    show(elsewhere, "/story", ours(target), says=says)
    assert tells(url, target, at=later).tale == Tale.RETRACTION
    gravest = Flag.objects.order_by("-gravity")
    assert [flag.gravity for flag in gravest] == [Gravity.RETRACTED, Gravity.SOURCE_CORRECTED]
    assert "says it retracted" in what_happened(gravest[0])


def test_a_further_correction_opens_no_second_flag_until_the_first_is_decided(
    elsewhere: Publisher, later: datetime, ada: Member
) -> None:
    url = elsewhere.url("/story")
    target = make_resting("Target", url)
    for minutes in (0, 1):
        says = corrected(correction(at=later + timedelta(minutes=minutes)))
        show(elsewhere, "/story", ours(target), says=says)
        tells(url, target, at=later + HOUR)
    flag = Flag.objects.get()
    decide_flags(
        flag_ids=[flag.pk], state=FlagState.NO_EFFECT, note="Not the part.", by=ada, at=later
    )
    tells(url, target, at=later + 2 * HOUR)
    assert Flag.objects.filter(state=FlagState.OPEN).count() == 1
    tells(url, target, at=later + 3 * HOUR)
    assert Flag.objects.count() == 2


def test_what_we_knew_when_we_wrote_is_no_news(elsewhere: Publisher, later: datetime) -> None:
    url = elsewhere.url("/story")
    target = make_resting("Target", url)
    says = corrected(correction(at="2026-11-01"), correction(at="2025-02-03T10:00:00Z"))
    show(elsewhere, "/story", ours(target), says=says)
    found = tells(url, target, at=later)
    assert found.corrected_at is not None
    assert f"{found.corrected_at:%Y-%m-%d %H}" == "2026-11-01 23"
    assert not Flag.objects.exists()


def test_what_an_editor_has_marked_since_is_no_news(
    elsewhere: Publisher, later: datetime, ada: Member
) -> None:
    target = make_resting("Target")
    source = source_at(elsewhere.url("/story"))
    make_citation(target, source)
    mark_source(source=source, expected=Standing.OK, standing=Standing.CORRECTED, by=ada, at=later)
    url = show(elsewhere, "/story", ours(target), says=corrected(correction(at=later - HOUR)))
    tells(url, target, at=later + HOUR)
    assert not Flag.objects.exists()


def test_a_mark_takes_up_the_flag_that_told_of_it(
    elsewhere: Publisher, later: datetime, ada: Member
) -> None:
    target = make_resting("Target")
    source = source_at(elsewhere.url("/story"))
    make_citation(target, source)
    url = show(elsewhere, "/story", ours(target), says=corrected(correction(at=later - HOUR)))
    tells(url, target, at=later)
    at = later + HOUR
    mark_source(source=source, expected=Standing.OK, standing=Standing.CORRECTED, by=ada, at=at)
    reliance.flag_source_standing.call(
        source_id=source.pk, standing="corrected", at=at.isoformat(), by_id=ada.pk
    )
    states = dict(Flag.objects.values_list("cause", "state"))
    assert sorted(states.values()) == [FlagState.OPEN, FlagState.SUPERSEDED]
    assert states[f"source:{source.pk}:corrected"] == FlagState.OPEN


@pytest.mark.parametrize("where", ["http://other.example/b", "{site}elsewhere"])
def test_nobody_speaks_for_another_page_that_does_not_say_so_itself(
    elsewhere: Publisher, later: datetime, where: str
) -> None:
    url = where.format(site=elsewhere.url("/"))
    target = make_resting("Target", url)
    show(elsewhere, "/elsewhere", says={"headline": "All is well"})
    says = corrected(correction(at=later - HOUR), url=url)
    found = tells(show(elsewhere, "/story", ours(target), says=says), target, at=later)
    assert (found.state, found.tale) == (ReceivedState.VERIFIED, Tale.NOTHING)
    assert not Flag.objects.exists()


@pytest.mark.parametrize("status", [404, 302])
def test_a_page_that_tells_of_another_is_confirmed_where_that_one_cannot_be_read(
    elsewhere: Publisher, later: datetime, status: int
) -> None:
    target = make_resting("Target", elsewhere.url("/b"))
    elsewhere.pages["/b"] = Answer(status=status, headers={"Location": "http://10.0.0.1/"})
    says = [corrected(correction(at=later - HOUR), url=f"/{name}") for name in "ab"]
    found = tells(show(elsewhere, "/story", ours(target), says=says), target, at=later)
    assert (found.state, found.tale) == (ReceivedState.VERIFIED, Tale.NOTHING)
    assert elsewhere.paths == ["/story", "/b"]
    assert not Flag.objects.exists()


def test_a_page_that_tells_of_many_others_makes_few_queries(
    elsewhere: Publisher, later: datetime
) -> None:
    target = make_resting("Target")
    says = [corrected(correction(), url=f"/{number}") for number in range(1_000)]
    source = show(elsewhere, "/story", ours(target), says=says)
    take_mention(source=source, target=ours(target), page=target, address="", at=later)
    with CaptureQueriesContext(connection) as queries:
        verify_next_mention(at=later)
    assert len(queries) <= 12
    assert elsewhere.paths == ["/story"]


def test_what_a_page_cites_is_not_what_it_is(elsewhere: Publisher, later: datetime) -> None:
    target = make_resting("Target", elsewhere.url("/story"))
    says = {
        "@type": "NewsArticle",
        "citation": [corrected(correction(), creativeWorkStatus="Retracted")],
    }
    show(elsewhere, "/story", ours(target), says=says)
    assert tells(elsewhere.url("/story"), target, at=later).tale == Tale.NOTHING


def test_the_inbox_tells_what_they_say_with_a_link_and_no_markup_of_theirs(
    elsewhere: Publisher, later: datetime, desk: Client
) -> None:
    url = elsewhere.url("/story")
    target = make_resting("Target", url)
    words = "It was 12 & not 13. &lt;script&gt;alert(1)&lt;/script&gt;"
    says = corrected(correction(words, at=later - HOUR))
    show(elsewhere, "/story", ours(target), says=says)
    tells(url, target, at=later)
    page = desk.get(reverse("record_flags")).content.decode()
    assert f'<a href="{url}">127.0.0.1 says it corrected “Thirteen bridges”: It was 12' in page
    assert "<script>alert(1)" not in page


# --- Two sites of ours: what one publishes, the other reads


@pytest.mark.parametrize("kind", [NoticeKind.CORRECTION, NoticeKind.RETRACTION])
def test_two_sites_tell_each_other_what_they_corrected(
    elsewhere: Publisher, client: Client, settings: Settings, kind: NoticeKind
) -> None:
    """Theirs corrects an article that ours rests on; ours told theirs that it does. Both are played by this site."""
    here, there = settings.COPYDESK_BASE_URL, f"http://{elsewhere.address}"
    theirs = make_resting("Theirs")
    their_path = path_of(theirs)
    resting = make_resting("Ours", f"{there}{their_path}")

    # Theirs is told, and sees for itself, that ours cites it.
    settings.COPYDESK_BASE_URL = there
    make_received(theirs, f"{here}{path_of(resting)}", target=f"{there}{their_path}")
    words = "It was 12, not 13."
    severity = Severity.SUBSTANTIVE
    notice = notify(theirs.published, words, kind=kind, severity=severity, at=clock.now() + HOUR)
    assert queue_mentions(notice_id=notice.pk, at=clock.now()) == 1
    speaker = f"/webmention/notices/{notice.pk}/"
    for path in (their_path, speaker):
        elsewhere.pages[path] = Answer(client.get(path).content)

    # Ours is told by the page of the notice, and reads the article.
    settings.COPYDESK_BASE_URL = here
    at = clock.now() + 2 * HOUR
    assert post(client, f"{there}{speaker}", ours(resting)).status_code == 202
    verify_next_mention(at=at)
    found = ReceivedMention.objects.get(page=resting)
    assert found.state == ReceivedState.VERIFIED
    assert found.words == "It was 12, not 13."
    flag = Flag.objects.get(article=resting)
    is_retraction = kind == NoticeKind.RETRACTION
    assert flag.gravity == (Gravity.RETRACTED if is_retraction else Gravity.SOURCE_CORRECTED)
    assert "Theirs" in what_happened(flag)
    assert elsewhere.paths == [speaker, their_path]


def test_who_cites_us_is_told_by_the_page_of_the_notice(
    elsewhere: Publisher, client: Client, settings: Settings
) -> None:
    article = make_resting("Ours")
    citing = show(elsewhere, "/citing", ours(article))
    elsewhere.pages["/citing"].headers["Link"] = "</endpoint>; rel=webmention"
    elsewhere.pages["/endpoint"] = Answer(status=202)
    cited = source_at("https://cited.example/")
    make_citation(article, cited)
    make_received(article, citing)
    make_received(article, cited.url)
    make_received(article, "https://gone.example/", verified_at=None, state=ReceivedState.GONE)
    make_received(make_resting("Another"), "https://another.example/")
    notice = make_notice(article)
    assert queue_mentions(notice_id=notice.pk, at=notice.published_at) == 2
    told = dict(Mention.objects.values_list("target", "is_citing"))
    assert told == {citing: True, cited.url: False}
    Mention.objects.filter(is_citing=False).delete()
    send_next_mention(at=notice.published_at)
    assert Mention.objects.get().state == MentionState.SENT
    [(path, body)] = elsewhere.posted
    assert path == "/endpoint"
    assert f"webmention%2Fnotices%2F{notice.pk}%2F" in body


def test_the_page_of_a_notice_links_to_those_it_tells_and_is_not_indexed(client: Client) -> None:
    notice = make_told_notice()
    page = client.get(f"/webmention/notices/{notice.pk}/")
    html = page.content.decode()
    assert 'href="https://elsewhere.example/story" rel="nofollow ugc noopener"' in html
    assert '<meta name="robots" content="noindex, nofollow">' in html
    assert "It was wrong." in html
    assert page["Cache-Control"] == "no-cache"
    notice.article.unpublish()
    assert client.get(f"/webmention/notices/{notice.pk}/").status_code == 404


def test_a_correction_of_ours_that_followed_theirs_goes_on_one_hop(
    elsewhere: Publisher, later: datetime, ada: Member
) -> None:
    url = elsewhere.url("/story")
    target = make_resting("Target", url)
    make_resting("Further", target)
    show(elsewhere, "/story", ours(target), says=corrected(correction(at=later - HOUR)))
    tells(url, target, at=later)
    flag = Flag.objects.get()
    assert flag.article_id == target.pk
    notice = make_notice(target, by=ada, at=later)
    tell(notice, because_of=f"flag:{flag.pk}")
    further = Flag.objects.get(article__title="Further")
    assert (further.cause, further.gravity) == (flag.cause, Gravity.SOURCE_CHANGED)
    assert what_happened(further) == "Our own article got a notice: Correction"
