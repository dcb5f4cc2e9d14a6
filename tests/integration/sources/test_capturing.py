"""Sources are fetched from a real peer, archived, and looked at again."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from warcio.archiveiterator import ArchiveIterator

from copydesk.sources.actions.adding import add_source, ask_again, edit_source
from copydesk.sources.actions.capturing import look_at_next
from copydesk.sources.actions.turns import LEASE, PAUSE, claim_host
from copydesk.sources.logic.answers import Answer as Came
from copydesk.sources.logic.changes import ChangeKind
from copydesk.sources.logic.schedule import Liveness
from copydesk.sources.logic.verdicts import Layer
from copydesk.sources.models import Access, Handling, Host, Source, SourceEvent
from copydesk.sources.queries.texts import archive, layers_of, warc_of
from tests.factories.desk import enter
from tests.factories.editorial import make_article
from tests.factories.publisher import STORY, Answer, Publisher, make_page
from tests.factories.sources import make_quotation, make_source

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries, Settings

    from copydesk.members.models import Member
    from tests.integration.sources.conftest import Clock

pytestmark = pytest.mark.django_db

LINKED = """<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Piers and repairs",
"author": {"@type": "Person", "name": "Jo Brandt"}, "datePublished": "2026-11-18",
"publisher": {"@type": "Organization", "name": "The Gazette"}}</script>"""


def add(publisher: Publisher, clock: Clock, path: str = "/bridge", **page: str) -> Source:
    source, _is_new = add_source(url=publisher.show(path, **page), by=None, at=clock.at)
    return source


def test_a_page_is_fetched_archived_and_described(publisher: Publisher, clock: Clock) -> None:
    source = add(publisher, clock, head=LINKED)
    look = clock.look()
    assert look.answer == Came.READ
    source.refresh_from_db()
    assert (source.title, source.byline, source.publisher) == (
        "Piers and repairs",
        ["Jo Brandt"],
        "The Gazette",
    )
    assert source.published_on == "2026-11-18"
    assert source.origins["title"] == "jsonld"
    snapshot = source.snapshots.get()
    assert STORY in layers_of(snapshot)[Layer.VISIBLE].replace("\n", " ")
    assert (snapshot.http_status, snapshot.final_url) == (200, publisher.url("/bridge"))
    records = list(ArchiveIterator(io.BytesIO(archive().get(snapshot.warc_sha256))))
    assert [record.rec_type for record in records][:3] == ["warcinfo", "response", "request"]


def test_the_same_address_joins_the_source_that_is_there(
    publisher: Publisher, clock: Clock
) -> None:
    source = add(publisher, clock)
    again, is_new = add_source(
        url=publisher.url("/bridge?utm_source=x#top"), by=None, at=clock.forward(seconds=1)
    )
    assert (again.pk, is_new) == (source.pk, False)


def test_what_an_editor_says_is_never_overwritten(publisher: Publisher, clock: Clock) -> None:
    source = add(publisher, clock, head=LINKED)
    edit_source(source=source, values={"title": "Our own title"}, at=clock.at)
    clock.look()
    source.refresh_from_db()
    assert (source.title, source.publisher) == ("Our own title", "The Gazette")


def test_an_unchanged_page_is_seen_again_and_not_kept_twice(
    publisher: Publisher, clock: Clock
) -> None:
    source = add(publisher, clock)
    clock.look()
    ask_again(source=source, at=clock.forward(hours=2))
    assert clock.look().event is None
    snapshot = source.snapshots.get()
    assert snapshot.seen_at == clock.at
    assert snapshot.captured_at == clock.at - timedelta(hours=2, seconds=10)


def test_of_an_unchanged_page_no_file_is_added(
    publisher: Publisher, clock: Clock, archive_dir: Path
) -> None:
    source = add(publisher, clock)
    clock.look()
    before = sorted(archive_dir.rglob("*"))
    ask_again(source=source, at=clock.forward(hours=2))
    clock.look()
    assert sorted(archive_dir.rglob("*")) == before


def test_a_page_that_is_put_back_is_kept_once_and_downloaded_whole(
    publisher: Publisher, clock: Clock
) -> None:
    source = add(publisher, clock)
    for text in (STORY, "The council took its report back for now. " * 9, STORY):
        publisher.show("/bridge", text)
        ask_again(source=source, at=clock.forward(hours=2))
        assert clock.look().answer == Came.READ
    back, _other, first = source.snapshots.all()
    assert back.payload_sha256 == first.payload_sha256
    kept = [
        record.rec_type for record in ArchiveIterator(io.BytesIO(archive().get(back.warc_sha256)))
    ]
    assert kept == ["warcinfo", "revisit", "request", "conversion"]
    whole = [record.rec_type for record in ArchiveIterator(io.BytesIO(warc_of(back)))]
    assert whole == ["warcinfo", "response", "request", "conversion", *kept]
    assert warc_of(first) == archive().get(first.warc_sha256)


def test_a_page_that_knows_its_version_is_asked_only_for_what_is_newer(
    publisher: Publisher, clock: Clock
) -> None:
    source = add(publisher, clock)
    publisher.pages["/bridge"].headers["ETag"] = '"v1"'
    clock.look()
    publisher.pages["/bridge"] = Answer(status=304)
    ask_again(source=source, at=clock.forward(hours=2))
    assert clock.look().answer == Came.SAME
    assert publisher.asked[-1][1]["If-None-Match"] == '"v1"'
    assert source.snapshots.get().seen_at == clock.at


def test_a_page_edited_elsewhere_gives_a_second_copy_and_is_only_logged(
    publisher: Publisher, clock: Clock
) -> None:
    source = add(publisher, clock)
    clock.look()
    publisher.show("/bridge", STORY + "\n\nThe mayor will speak next week about the budget.")
    ask_again(source=source, at=clock.forward(hours=2))
    event = clock.look().event
    assert event is not None
    assert (event.kind, event.handling) == (ChangeKind.EDITED_ELSEWHERE, Handling.LOGGED)
    assert source.snapshots.count() == 2


def test_a_correction_notice_that_appears_is_an_open_event(
    publisher: Publisher, clock: Clock
) -> None:
    source = add(publisher, clock)
    clock.look()
    publisher.show("/bridge", STORY + "\n\nCorrection: an earlier version misstated the cost.")
    ask_again(source=source, at=clock.forward(hours=2))
    clock.look()
    event = SourceEvent.objects.get()
    assert (event.kind, event.handling) == (ChangeKind.NOTICE_APPEARED, Handling.OPEN)
    assert event.before != event.after


def test_a_source_is_dead_after_three_failures_days_apart_and_comes_back(
    publisher: Publisher, clock: Clock
) -> None:
    source = add(publisher, clock)
    clock.look()
    del publisher.pages["/bridge"]
    seen = []
    for _ in range(4):
        ask_again(source=source, at=clock.forward(days=1.6))
        assert clock.look().answer == Came.GONE
        source.refresh_from_db()
        seen.append(source.liveness)
    assert seen == [Liveness.SUSPECT1, Liveness.SUSPECT1, Liveness.SUSPECT2, Liveness.SUSPECT2]
    ask_again(source=source, at=clock.forward(days=3))
    clock.look()
    source.refresh_from_db()
    assert source.liveness == Liveness.DEAD
    assert [event.kind for event in source.events.all()] == [ChangeKind.GONE]
    publisher.show("/bridge")
    ask_again(source=source, at=clock.forward(days=1))
    clock.look()
    source.refresh_from_db()
    assert (source.liveness, source.trouble) == (Liveness.LIVE, "")


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (Answer(make_page(), 401), "paywalled"),
        (Answer(make_page("Subscribe to continue reading this article."), 403), "paywalled"),
        (Answer(make_page("Forbidden."), 403), "blocked"),
        (Answer(make_page("This page could not be found.", title="404 Not Found")), "soft_404"),
        (Answer(b"\x89PNG\r\n\x1a\n" + b"\0" * 400, 200, {"Content-Type": "image/png"}), None),
        (Answer(""), "empty"),
        (Answer(make_page(), 500), "failed"),
    ],
)
def test_each_reason_why_a_page_cannot_be_read_has_a_name(
    publisher: Publisher, clock: Clock, answer: Answer, trouble: str | None
) -> None:
    source = add(publisher, clock)
    publisher.pages["/bridge"] = answer
    assert clock.look().answer != Came.READ
    source.refresh_from_db()
    assert source.trouble
    assert trouble is None or source.trouble == trouble
    assert not source.snapshots.exists()
    assert source.next_check_at is not None
    assert source.claimed_until is None
    assert (source.access == Access.PAYWALLED) == (trouble == "paywalled")


def test_a_host_is_asked_one_at_a_time_with_five_seconds_between(
    publisher: Publisher, clock: Clock
) -> None:
    first, second = add(publisher, clock, "/one"), add(publisher, clock, "/two")
    assert clock.look().source_id == first.pk
    assert look_at_next(at=clock.forward(seconds=2)) is None
    assert publisher.paths == ["/one"]
    assert clock.look().source_id == second.pk


def test_a_host_that_is_asked_too_much_says_when_to_come_back(
    publisher: Publisher, clock: Clock
) -> None:
    source = add(publisher, clock)
    publisher.pages["/bridge"] = Answer("slow down", 429, {"Retry-After": "3600"})
    assert clock.look().answer == Came.BUSY
    source.refresh_from_db()
    assert source.next_check_at == clock.at + timedelta(hours=1)
    assert source.liveness == Liveness.LIVE
    assert Host.objects.get().next_at >= clock.at + timedelta(hours=1)


def test_what_nobody_asked_for_keeps_to_robots_txt(publisher: Publisher, clock: Clock) -> None:
    source = add(publisher, clock)
    publisher.pages["/robots.txt"] = Answer("User-agent: *\nDisallow: /", 200)
    assert clock.look().answer == Came.READ, "somebody who has read the page asked for it"
    Source.objects.update(next_check_at=clock.at)
    assert clock.look().answer is None
    assert clock.look().answer == Came.BLOCKED
    assert publisher.paths == ["/bridge", "/robots.txt"]
    source.refresh_from_db()
    assert source.liveness == Liveness.BLOCKED


def test_a_private_address_is_refused(
    publisher: Publisher, clock: Clock, settings: Settings
) -> None:
    source = add(publisher, clock)
    settings.COPYDESK_SOURCE_NETWORKS = ()
    assert clock.look().answer == Came.FAILED
    source.refresh_from_db()
    assert source.trouble in {"private_address", "bad_port"}
    assert publisher.asked == []


def test_a_source_of_which_nothing_is_kept_is_tried_again_within_minutes(
    publisher: Publisher, clock: Clock
) -> None:
    source = add(publisher, clock)
    there = publisher.pages["/bridge"]
    publisher.pages["/bridge"] = Answer(make_page(), 500)
    assert clock.look().answer == Came.FAILED
    publisher.pages["/bridge"] = there
    clock.look(
        minutes=12
    )  # Nobody waits at the screen any more: the site's wishes are asked for first.
    assert clock.look(seconds=10).answer == Came.READ
    publisher.pages["/bridge"] = Answer(make_page(), 500)
    assert clock.look(minutes=70).answer == Came.FAILED
    source.refresh_from_db()
    assert source.next_check_at is not None
    assert source.next_check_at - clock.at >= timedelta(days=3)


def test_a_copy_that_must_not_be_shown_is_private(publisher: Publisher, clock: Clock) -> None:
    source = add(publisher, clock, head='<meta name="robots" content="noarchive">')
    clock.look()
    assert source.snapshots.get().is_private


def test_a_full_disk_puts_the_source_off_and_loses_nothing(
    publisher: Publisher, clock: Clock, archive_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = add(publisher, clock)
    archive_dir.parent.mkdir(exist_ok=True)
    archive_dir.write_text("a file where the folder should be")
    look = clock.look()
    assert look.answer is None
    assert look.detail
    source.refresh_from_db()
    assert source.next_check_at is not None
    assert source.next_check_at > clock.at
    archive_dir.unlink()
    assert clock.look(minutes=11).answer == Came.READ


def test_a_worker_that_was_killed_leaves_the_source_to_the_next(
    publisher: Publisher, clock: Clock
) -> None:
    source = add(publisher, clock)
    Source.objects.update(claimed_until=clock.at + timedelta(seconds=120))
    Host.objects.create(name="127.0.0.1", next_at=clock.at + timedelta(seconds=120))
    assert look_at_next(at=clock.forward(seconds=10)) is None
    assert clock.look(seconds=130).source_id == source.pk


@pytest.mark.parametrize(
    "later",
    [
        Answer("<html><body><div id=root></div><script src=app.js></script></body></html>"),
        Answer(
            make_page(
                "The council met on Tuesday.\n\nSubscribe to continue reading this article.",
                head='<script type="application/ld+json">{"@type": "NewsArticle", '
                '"isAccessibleForFree": false}</script>',
            )
        ),
    ],
    ids=["scripts make it now", "behind a paywall now"],
)
def test_words_that_cannot_be_seen_any_more_are_not_called_gone(
    publisher: Publisher, clock: Clock, front_page: object, later: Answer
) -> None:
    source = add(publisher, clock)
    row = make_quotation(make_article(), source, text="there is no evidence that it will fail")
    clock.look()
    row.refresh_from_db()
    assert row.check_result is not None
    assert row.check_result.verdict == "exact"
    assert row.selector["exact"] == row.text
    publisher.pages["/bridge"] = later
    ask_again(source=source, at=clock.forward(hours=2))
    clock.look()
    row.refresh_from_db()
    assert row.latest_check is not None
    assert row.latest_check.verdict == "exact"


def test_a_passage_that_is_quoted_and_changes_is_the_gravest_event(
    publisher: Publisher, clock: Clock, front_page: object
) -> None:
    source = add(publisher, clock)
    row = make_quotation(make_article(), source, text="there is no evidence that it will fail")
    clock.look()
    publisher.show("/bridge", STORY.replace("there is no evidence", "there is some evidence"))
    ask_again(source=source, at=clock.forward(hours=2))
    event = clock.look().event
    assert event is not None
    assert (event.kind, event.severity, event.handling) == ("passage_edited", 3, Handling.OPEN)
    row.refresh_from_db()
    assert row.check_result is not None
    assert row.latest_check is not None
    assert (row.check_result.verdict, row.latest_check.verdict) == ("exact", "altered")
    assert row.snapshot != source.snapshots.first()


def test_a_text_pasted_at_the_desk_checks_the_quotations_that_waited_for_it(
    archive_dir: Path, front_page: object, client: Client, ada: Member
) -> None:
    source = make_source()
    row = make_quotation(make_article(), source, text="there is no evidence that it will fail")
    answer = enter(client, ada).post(f"/desk/sources/{source.pk}/text/", {"text": STORY})
    assert answer.status_code == 200
    row.refresh_from_db()
    assert row.check_result is not None
    assert row.check_result.verdict == "exact"


def test_what_somebody_waits_for_comes_before_all_that_is_late(
    publisher: Publisher, clock: Clock
) -> None:
    for number in range(3):
        make_source(
            next_check_at=clock.at - timedelta(days=9), url=f"http://127.0.0.2:{9 + number}/"
        )
    source = add(publisher, clock)
    assert clock.look().source_id == source.pk


def test_those_of_a_busy_host_are_put_off_one_after_the_other(
    clock: Clock, archive_dir: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    claim_host("busy.example", at=clock.at)
    for number in range(40):
        make_source(next_check_at=clock.at, url=f"https://busy.example/{number}")
    # To take each and to give it back; the host is asked for once.
    with django_assert_max_num_queries(2 * 40 + 10):
        assert look_at_next(at=clock.at) is None
    times = Source.objects.order_by("pk").values_list("next_check_at", flat=True)
    first = clock.at + LEASE
    assert list(times) == [first + PAUSE * number for number in range(40)]
