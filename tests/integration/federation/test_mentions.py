"""Pages elsewhere that an article cites are told when it is corrected."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest
from django_tasks_db.models import DBTaskResult

from copydesk.federation.actions.mentioning import queue_mentions, send_next_mention
from copydesk.federation.logic.limits import WAITS
from copydesk.federation.models import Mention, MentionState
from copydesk.kit import clock
from copydesk.record.models import NoticeKind, Severity
from copydesk.sources.models import Relation
from tests.factories.publisher import Answer
from tests.factories.reliance import make_notice, make_resting, tell
from tests.factories.sources import make_citation, make_offline_source, make_source

if TYPE_CHECKING:
    from pytest_django import Settings

    from copydesk.record.models import Notice
    from tests.factories.publisher import Publisher

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("front_page")]

HEAD = '<link rel="webmention" href="/endpoint">'


def corrected(*urls: str) -> Notice:
    """Return a notice of an article that cites these addresses."""
    article = make_resting("On bridges")
    for url in urls:
        make_citation(article, make_source(url=url))
    return make_notice(article)


def queue(notice: Notice) -> int:
    return queue_mentions(notice_id=notice.pk, at=notice.published_at)


def test_who_is_cited_elsewhere_is_told_once(elsewhere: Publisher, settings: Settings) -> None:
    target = elsewhere.show("/story", head=HEAD)
    elsewhere.pages["/endpoint"] = Answer(status=202)
    notice = corrected(target, f"{settings.COPYDESK_BASE_URL}/ours/")
    make_citation(notice.article, make_offline_source(), Relation.CITES)
    assert (queue(notice), queue(notice)) == (1, 1)
    at = clock.now()
    assert send_next_mention(at=at) is not None
    assert send_next_mention(at=at) is None
    [(path, body)] = elsewhere.posted
    source = f"{settings.COPYDESK_BASE_URL}{notice.article.published.path}"
    assert (path, parse_qs(body)) == ("/endpoint", {"source": [source], "target": [target]})
    assert Mention.objects.get().state == MentionState.SENT


@pytest.mark.parametrize(
    ("kind", "severity"),
    [(NoticeKind.UPDATE, Severity.SUBSTANTIVE), (NoticeKind.CORRECTION, Severity.MINOR)],
)
def test_what_does_not_travel_is_told_nobody(kind: NoticeKind, severity: Severity) -> None:
    article = make_resting("On bridges")
    make_citation(article, make_source())
    assert queue(make_notice(article, kind=kind, severity=severity)) == 0
    assert not Mention.objects.exists()


def test_a_site_that_takes_none_is_asked_once(elsewhere: Publisher) -> None:
    queue(corrected(elsewhere.show("/story"), elsewhere.url("/gone")))
    at = clock.now()
    assert send_next_mention(at=at) is not None
    assert send_next_mention(at=at) is not None
    assert send_next_mention(at=at + timedelta(days=9)) is None
    assert set(Mention.objects.values_list("state", flat=True)) == {MentionState.UNWANTED}
    assert elsewhere.posted == []


def test_a_site_in_trouble_is_tried_again_and_given_up_in_the_end(elsewhere: Publisher) -> None:
    target = elsewhere.show("/story", head=HEAD)
    elsewhere.pages["/endpoint"] = Answer(status=503)
    queue(corrected(target))
    at = clock.now()
    for wait in WAITS:
        assert send_next_mention(at=at) is not None
        assert Mention.objects.get().state == MentionState.WAITING
        assert send_next_mention(at=at + wait - timedelta(seconds=1)) is None
        at += wait
    send_next_mention(at=at)
    found = Mention.objects.get()
    assert (found.state, found.attempt_count) == (MentionState.FAILED, len(WAITS) + 1)
    assert "503" in found.detail


def test_trouble_that_passes_is_no_trouble(elsewhere: Publisher) -> None:
    target = elsewhere.url("/story")
    elsewhere.pages["/story"] = Answer(status=500)
    queue(corrected(target))
    at = clock.now()
    send_next_mention(at=at)
    elsewhere.pages["/story"] = Answer(headers={"Link": "</endpoint>; rel=webmention"})
    elsewhere.pages["/endpoint"] = Answer(status=201)
    send_next_mention(at=at + WAITS[0])
    assert Mention.objects.get().state == MentionState.SENT


def test_an_endpoint_that_refuses_is_not_asked_again(elsewhere: Publisher) -> None:
    elsewhere.pages["/endpoint"] = Answer(status=400)
    queue(corrected(elsewhere.show("/story", head=HEAD)))
    send_next_mention(at=clock.now())
    assert Mention.objects.get().state == MentionState.UNWANTED


def test_no_private_address_is_asked_whatever_a_page_names(
    elsewhere: Publisher, settings: Settings
) -> None:
    queue(
        corrected(elsewhere.show("/story", head='<link rel="webmention" href="http://10.0.0.1/">'))
    )
    send_next_mention(at=clock.now())
    settings.COPYDESK_SOURCE_NETWORKS = ()
    queue(corrected(elsewhere.show("/other", head=HEAD)))
    asked = len(elsewhere.asked)
    send_next_mention(at=clock.now())
    assert set(Mention.objects.values_list("state", flat=True)) == {MentionState.UNWANTED}
    assert (len(elsewhere.asked), elsewhere.posted) == (asked, [])


def test_of_an_article_that_was_withdrawn_meanwhile_nobody_is_told(elsewhere: Publisher) -> None:
    notice = corrected(elsewhere.show("/story", head=HEAD))
    queue(notice)
    notice.article.unpublish()
    send_next_mention(at=clock.now())
    assert Mention.objects.get().state == MentionState.UNWANTED
    assert elsewhere.asked == []


def test_publishing_a_notice_queues_it() -> None:
    tell(corrected("https://elsewhere.example/story"))
    assert DBTaskResult.objects.filter(task_path__endswith="queue_mentions").count() == 1
