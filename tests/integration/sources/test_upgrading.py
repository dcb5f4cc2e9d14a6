"""After an upgrade: quotations that an older algorithm judged are compared anew, by the worker, a few at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from copydesk.ops.serve.background import COMPARE_SECONDS, Archivist
from copydesk.sources.actions import upgrading
from copydesk.sources.actions.adding import add_source, ask_again
from copydesk.sources.actions.rechecking import AT_ONCE, recheck_source, renew
from copydesk.sources.actions.turns import LEASE
from copydesk.sources.actions.upgrading import TRY_BROKEN_AGAIN, recheck_next
from copydesk.sources.logic.matching import ALGORITHM_VERSION
from copydesk.sources.logic.states import standing_of
from copydesk.sources.logic.verdicts import Layer, State, Verdict
from copydesk.sources.models import Check, Quotation, Source, SourceEvent, Trigger
from copydesk.sources.queries.relied import known_of, live_quotations
from copydesk.sources.queries.texts import archive
from tests.factories.editorial import make_article, publish
from tests.factories.sources import make_check, make_quotation, make_snapshot, make_source

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import DjangoAssertNumQueries

    from copydesk.editorial.models import Article
    from copydesk.sources.models import Snapshot
    from tests.factories.publisher import Publisher
    from tests.integration.sources.conftest import Clock

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
TEXT = "The council met on Tuesday. The bridge will hold for many years to come, it said."
OLD = ALGORITHM_VERSION - 1
WORDS = "The bridge will hold for many years to come"
EDITED = TEXT.replace("will hold", "may hold")


@pytest.fixture
def article(archive_dir: Path, front_page: object) -> Article:
    page = make_article()
    publish(page)
    return page


def copy_of(source: Source, text: str = TEXT, **fields: object) -> Snapshot:
    return make_snapshot(source, layers={Layer.VISIBLE: text}, archive=archive(), **fields)


def judged(
    article: Article,
    source: Source,
    *,
    text: str = WORDS,
    pinned: Snapshot | None = None,
    latest: Snapshot | None = None,
    verdict: Verdict = Verdict.EXACT,
) -> Quotation:
    """Return a quotation that an older algorithm judged, rightly or not."""
    row = make_quotation(article, source, text=text)
    copy = pinned or copy_of(source)
    row.snapshot = copy
    row.check_result = make_check(copy, text, verdict=verdict, algorithm_version=OLD)
    row.latest_check = make_check(latest, text, algorithm_version=OLD) if latest else None
    row.save(update_fields=["snapshot", "check_result", "latest_check"])
    return row


def fresh(row: Quotation) -> Quotation:
    return Quotation.objects.with_checks().get(pk=row.pk)


def verdicts(row: Quotation) -> tuple[str, str]:
    found = fresh(row)
    checks = (found.check_result, found.latest_check)
    assert {check.algorithm_version for check in checks if check} == {ALGORITHM_VERSION}
    first, second = (check.verdict if check else "" for check in checks)
    return first, second


def state_of(row: Quotation) -> State:
    return standing_of(known_of(live_quotations(Quotation.objects.filter(pk=row.pk))[0])).state


def test_a_quotation_is_judged_anew_once_and_what_the_old_algorithm_found_is_kept(
    article: Article,
) -> None:
    row = judged(article, make_source())
    assert recheck_next(at=AT) == 1
    assert verdicts(row) == ("exact", "")
    assert [(check.algorithm_version, check.trigger) for check in Check.objects.order_by("pk")] == [
        (ALGORITHM_VERSION - 1, Trigger.PUBLISH),
        (ALGORITHM_VERSION, Trigger.UPGRADE),
    ]
    assert recheck_next(at=AT) is None
    assert not SourceEvent.objects.exists()


def test_words_accepted_no_more_are_told_to_the_desk_and_never_as_a_change_of_the_source(
    article: Article,
) -> None:
    source = make_source()
    pinned = copy_of(source, EDITED, captured_at=AT)
    latest = copy_of(source, f"{EDITED} It is old.", captured_at=AT + timedelta(days=1))
    row = judged(article, source, pinned=pinned, latest=latest)
    assert recheck_next(at=AT) == 1
    assert verdicts(row) == ("altered", "altered")
    assert state_of(row) == State.LIVE
    event = SourceEvent.objects.get()
    assert (event.kind, event.handling, event.severity) == ("judged_anew", "open", 2)
    source.refresh_from_db()
    assert (source.standing, source.change_count) == ("ok", 0)
    assert fresh(row).snapshot == pinned


def test_the_desk_is_told_once_of_a_source_until_it_has_seen_to_it(article: Article) -> None:
    source = make_source()
    pinned = copy_of(source, EDITED)
    for number in range(AT_ONCE + 1):
        judged(article, source, pinned=pinned, text=f"{WORDS} {number}")
    assert [recheck_next(at=AT), recheck_next(at=AT), recheck_next(at=AT)] == [AT_ONCE, 1, None]
    assert SourceEvent.objects.count() == 1


def test_a_fetch_between_the_upgrade_and_the_turn_calls_nothing_changed_that_is_not(
    article: Article, publisher: Publisher, clock: Clock
) -> None:
    source, _is_new = add_source(url=publisher.show("/bridge", EDITED * 5), by=None, at=clock.at)
    row = make_quotation(article, source, text=WORDS)
    clock.look()
    # What the old algorithm accepted, the present one does not; the page is edited elsewhere.
    Check.objects.update(algorithm_version=OLD, verdict="exact")
    publisher.show("/bridge", EDITED * 5 + "\n\nThe mayor was not there, and nobody said why.")
    ask_again(source=source, at=clock.forward(hours=2))
    event = clock.look().event
    assert event is not None
    assert event.kind == "edited_elsewhere"
    assert verdicts(row) == ("altered", "altered")
    assert state_of(row) == State.LIVE
    assert source.events.filter(kind="judged_anew", handling="open").count() == 1


def test_a_passage_that_did_change_still_alerts_after_an_upgrade(
    article: Article, publisher: Publisher, clock: Clock
) -> None:
    source, _is_new = add_source(url=publisher.show("/bridge", TEXT * 5), by=None, at=clock.at)
    row = make_quotation(article, source, text=WORDS)
    clock.look()
    Check.objects.update(algorithm_version=OLD)
    publisher.show("/bridge", EDITED * 5)
    ask_again(source=source, at=clock.forward(hours=2))
    event = clock.look().event
    assert event is not None
    assert event.kind == "passage_edited"
    assert verdicts(row) == ("exact", "altered")
    assert state_of(row) == State.CHANGED


def test_two_workers_never_hold_one_source_and_a_dead_ones_hold_ends(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgrading, "SOURCES_AT_ONCE", 1)
    first, second = make_source(), make_source()
    for source in (first, second):
        judged(article, source)
    assert upgrading._claim(AT) == [first.pk]
    assert recheck_next(at=AT) == 1
    assert [row.source for row in Quotation.objects.outdated().with_checks()] == [first]
    assert recheck_next(at=AT) is None
    assert recheck_next(at=AT + LEASE) == 1
    assert not Quotation.objects.outdated().exists()


def test_a_quotation_changed_meanwhile_is_left_to_whoever_changed_it(article: Article) -> None:
    source = make_source()
    row = judged(article, source)
    rows = list(Quotation.objects.outdated().with_checks())
    Quotation.objects.filter(pk=row.pk).update(quote_sha256="other", check_result=None)
    assert renew(rows, at=AT) == ([], set())
    assert fresh(row).check_result is None


def test_a_copy_the_archive_has_lost_keeps_nobody_waiting_and_is_tried_again_the_next_day(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgrading, "AT_ONCE", 2)
    source = make_source()
    lost = make_snapshot(source, layers={Layer.VISIBLE: TEXT + " Lost."})
    kept = [judged(article, source, pinned=lost, text=f"{WORDS} {number}") for number in range(3)]
    row = judged(article, source)
    other = judged(article, make_source())
    assert [recheck_next(at=AT) for _ in range(3)] == [2, 0, None]
    assert verdicts(row) == verdicts(other) == ("exact", "")
    assert {fresh(each).check_result for each in kept} == {each.check_result for each in kept}
    archive().put(b'{"visible": "' + TEXT.encode() + b' Lost."}')
    assert recheck_next(at=AT + TRY_BROKEN_AGAIN) is not None


def test_translations_and_what_is_no_longer_live_are_left_alone(article: Article) -> None:
    source = make_source()
    translated, withdrawn = judged(article, source), judged(article, source, text="The bridge")
    Quotation.objects.filter(pk=translated.pk).update(kind="translated")
    Quotation.objects.filter(pk=withdrawn.pk).update(is_live=False)
    assert recheck_next(at=AT) == 0
    assert recheck_next(at=AT) is None
    assert Check.objects.count() == 2


def test_a_turn_takes_as_many_queries_for_many_quotations_as_for_one(
    article: Article, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    judged(article, make_source())
    most = 22 if connection.vendor == "postgresql" else 20
    with django_assert_max_num_queries(most):
        assert recheck_next(at=AT) == 1
    for number in range(upgrading.SOURCES_AT_ONCE):
        source = make_source()
        copy = copy_of(source, f"{TEXT} {number}")
        judged(article, source, pinned=copy)
        judged(article, source, pinned=copy, text="The council met on Tuesday")
    with django_assert_max_num_queries(most):
        assert recheck_next(at=AT) == 2 * upgrading.SOURCES_AT_ONCE


def test_where_nothing_is_left_a_look_takes_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_source(algorithm_version=ALGORITHM_VERSION)
    with django_assert_num_queries(1):
        assert recheck_next(at=AT) is None


def test_the_worker_goes_on_while_sources_are_left_and_rests_then(article: Article) -> None:
    row = judged(article, make_source())
    archivist = Archivist()
    archivist.work()
    assert archivist.pause() < COMPARE_SECONDS
    assert verdicts(row) == ("exact", "")
    archivist.work()
    assert archivist.pause() == COMPARE_SECONDS


def test_the_command_compares_with_the_newest_copy_and_says_what_was_lost(
    article: Article,
) -> None:
    source = make_source()
    pinned = copy_of(source, captured_at=AT)
    newest = copy_of(source, EDITED, captured_at=AT + timedelta(days=1))
    row = judged(article, source, pinned=pinned)
    translated = make_quotation(article, source, kind="translated", snapshot=pinned)
    passages = recheck_source(source_id=source.pk, at=AT)
    assert [(it.was_accepted, it.is_accepted) for it in passages] == [(True, False)]
    assert verdicts(row) == ("exact", "altered")
    assert fresh(row).snapshot == pinned
    latest = fresh(row).latest_check
    assert latest is not None
    assert latest.snapshot == newest
    assert fresh(translated).check_result is None
