"""When something moves, who relies on it is flagged: once for each cause, and one hop at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from copydesk.kit import clock
from copydesk.record.actions.decisions import answer_flag
from copydesk.record.actions.flagging import flag_notice, flag_source_change, flag_source_standing
from copydesk.record.models import Flag, FlagState, NoticeKind, RecordSettings, Severity
from copydesk.sources.actions.handling import handle_event, mark_source
from copydesk.sources.logic.verdicts import Verdict
from copydesk.sources.models import Handling, Relation, Source, SourceEvent, Standing
from tests.factories.editorial import make_static_page
from tests.factories.members import make_member
from tests.factories.reliance import flagged, make_notice, make_resting, path_of, publish_with, tell
from tests.factories.sources import (
    make_check,
    make_checked_quotation,
    make_citation,
    make_snapshot,
    make_source,
)

if TYPE_CHECKING:
    from copydesk.editorial.models import Article

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("front_page")]


def make_event(source: Source, kind: str = "passage_edited", **fields: Any) -> SourceEvent:
    given = {"severity": 3, "detected_at": clock.now(), **fields}
    return SourceEvent.objects.create(source=source, kind=kind, **given)


def make_citing(title: str, source: Source, relation: Relation = Relation.CITES) -> Article:
    article = make_resting(title)
    make_citation(article, source, relation)
    return article


def make_losing(title: str, source: Source) -> Article:
    """Return an article that quotes words which its source has no more."""
    article = make_resting(title)
    quotation = make_checked_quotation(article, source)
    lost = make_check(make_snapshot(source), quotation.text, verdict=Verdict.ALTERED)
    source.quotations.filter(pk=quotation.pk).update(latest_check=lost)
    return article


def gravity_of(title: str) -> int:
    return int(Flag.objects.get(article__title=title).gravity)


def test_a_changed_passage_weighs_most_where_it_is_quoted() -> None:
    source = make_source("The report")
    make_losing("Quoting", source)
    make_citing("Citing", source)
    make_citing("Mentioning", source, Relation.MENTIONS)
    make_citing("Disputing", source, Relation.DISPUTES)
    make_citing("Elsewhere", make_source())
    event = make_event(source)
    assert flag_source_change(event_id=event.pk, at=event.detected_at) == 2
    assert flagged() == {"Quoting", "Citing"}
    assert (gravity_of("Quoting"), gravity_of("Citing")) == (3, 1)
    flag = Flag.objects.get(article__title="Quoting")
    assert (flag.cause, flag.source, flag.event) == (f"event:{event.pk}", source, event)
    assert flag.path == [{"kind": "source", "id": source.pk, "title": "The report"}]
    assert flag.due_at == event.detected_at + timedelta(days=7)


def test_what_is_done_twice_flags_once() -> None:
    source = make_source()
    make_citing("Citing", source)
    event = make_event(source)
    flag_source_change(event_id=event.pk, at=clock.now())
    assert flag_source_change(event_id=event.pk, at=clock.now()) == 0
    assert Flag.objects.count() == 1


def test_a_notice_of_retraction_that_appears_weighs_more_than_another() -> None:
    one, two = make_source(), make_source()
    make_citing("One", one)
    make_citing("Two", two)
    for source, severity in ((one, 3), (two, 2)):
        event = make_event(source, "notice_appeared", severity=severity)
        flag_source_change(event_id=event.pk, at=clock.now())
    assert (gravity_of("One"), gravity_of("Two")) == (4, 2)


def test_a_change_that_somebody_dismissed_meanwhile_flags_nobody() -> None:
    source = make_source()
    make_citing("Citing", source)
    event = make_event(source)
    handle_event(event=event, handling=Handling.NO_EFFECT, by=make_member("ada"), at=clock.now())
    assert flag_source_change(event_id=event.pk, at=clock.now()) == 0


def test_dismissing_a_change_closes_its_flags() -> None:
    source, ada = make_source(), make_member("ada")
    make_citing("Citing", source)
    event = make_event(source)
    flag_source_change(event_id=event.pk, at=clock.now())
    handle_event(event=event, handling=Handling.NO_EFFECT, note="A comma.", by=ada, at=clock.now())
    flag = Flag.objects.get()
    assert (flag.state, flag.note, flag.decided_by) == (FlagState.NO_EFFECT, "A comma.", ada)


@pytest.mark.parametrize(
    ("standing", "gravity"),
    [
        (Standing.RETRACTED, 4),
        (Standing.WITHDRAWN, 4),
        (Standing.CORRECTED, 2),
        (Standing.CONCERN, 2),
    ],
)
def test_a_marked_source_flags_who_rests_on_it(standing: Standing, gravity: int) -> None:
    source = make_source()
    make_citing("Citing", source)
    Source.objects.filter(pk=source.pk).update(standing=standing)
    given: dict[str, Any] = {"source_id": source.pk, "standing": standing, "at": clock.now()}
    assert flag_source_standing(by_id=None, **given) == 1
    assert gravity_of("Citing") == gravity
    assert Flag.objects.get().cause == f"source:{source.pk}:{standing.value}"


def test_a_mark_that_was_taken_back_flags_nobody() -> None:
    source = make_source()
    make_citing("Citing", source)
    given: dict[str, Any] = {"source_id": source.pk, "by_id": None, "at": clock.now()}
    assert flag_source_standing(standing="retracted", **given) == 0
    assert flag_source_standing(standing="ok", **given) == 0


def test_the_flag_of_a_mark_takes_up_those_of_the_change_before() -> None:
    source, ada = make_source(), make_member("ada")
    make_citing("Citing", source)
    event = make_event(source)
    flag_source_change(event_id=event.pk, at=clock.now())
    at = clock.now()
    mark_source(source=source, expected=Standing.OK, standing=Standing.RETRACTED, by=ada, at=at)
    flag_source_standing(source_id=source.pk, standing="retracted", by_id=ada.pk, at=at)
    states = dict(Flag.objects.values_list("cause", "state"))
    assert states == {f"event:{event.pk}": "superseded", f"source:{source.pk}:retracted": "open"}


def test_only_live_articles_are_flagged() -> None:
    source = make_source()
    make_citing("Withdrawn", source).unpublish()
    make_citation(make_static_page(), source)
    assert flag_source_change(event_id=make_event(source).pk, at=clock.now()) == 0


def test_a_substantive_correction_of_ours_flags_who_links_to_it() -> None:
    one = make_resting("One")
    make_resting("Two", one)
    notice = make_notice(one)
    tell(notice)
    flag = Flag.objects.get()
    assert (flag.article.title, flag.cause, flag.notice) == ("Two", f"notice:{notice.pk}", notice)
    assert (flag.gravity, flag.path) == (2, [{"kind": "article", "id": one.pk, "title": "One"}])


@pytest.mark.parametrize(
    ("kind", "severity", "gravity"),
    [
        (NoticeKind.RETRACTION, Severity.MINOR, 4),
        (NoticeKind.CONCERN, Severity.MINOR, 2),
        (NoticeKind.CORRECTION, Severity.MINOR, None),
        (NoticeKind.CLARIFICATION, Severity.SUBSTANTIVE, None),
        (NoticeKind.UPDATE, Severity.SUBSTANTIVE, None),
        (NoticeKind.EDITORS_NOTE, Severity.SUBSTANTIVE, None),
    ],
)
def test_only_grave_notices_travel(
    kind: NoticeKind, severity: Severity, gravity: int | None
) -> None:
    one = make_resting("One")
    make_resting("Two", one)
    tell(make_notice(one, kind=kind, severity=severity))
    assert list(Flag.objects.values_list("gravity", flat=True)) == ([gravity] if gravity else [])


def test_the_second_hop_opens_only_when_the_first_publishes_a_correction() -> None:
    source, ada = make_source("The report"), make_member("ada")
    one = make_citing("One", source)
    two = make_resting("Two", one)
    make_resting("Three", two)
    Source.objects.filter(pk=source.pk).update(standing="retracted")
    flag_source_standing(source_id=source.pk, standing="retracted", by_id=None, at=clock.now())
    assert flagged() == {"One"}
    notice = make_notice(one)
    answer_flag(flag=Flag.objects.get(), notice=notice, by=ada, at=clock.now())
    tell(notice)
    assert flagged() == {"One", "Two"}
    flag = Flag.objects.get(article=two)
    assert [step["title"] for step in flag.path] == ["The report", "One"]
    assert (flag.cause, flag.gravity, flag.notice) == (f"source:{source.pk}:retracted", 2, notice)
    assert flag.source == source
    further = make_notice(two, kind=NoticeKind.RETRACTION)
    answer_flag(flag=flag, notice=further, by=ada, at=clock.now())
    tell(further)
    assert gravity_of("Three") == 1


def test_a_cycle_ends_where_it_began() -> None:
    ada = make_member("ada")
    one = make_resting("One")
    two = make_resting("Two", one)
    three = make_resting("Three", two)
    publish_with(one, f'<a href="{path_of(three)}">three</a>')
    tell(make_notice(one))
    for each in (two, three):
        notice = make_notice(each)
        answer_flag(flag=Flag.objects.get(article=each), notice=notice, by=ada, at=clock.now())
        tell(notice)
    assert flagged() == {"Two", "Three"}


def test_due_days_are_those_of_the_settings() -> None:
    RecordSettings.objects.create(due_days=2)
    one = make_resting("One")
    make_resting("Two", one)
    at = clock.now()
    flag_notice(notice_id=make_notice(one).pk, at=at)
    assert Flag.objects.get().due_at == at + timedelta(days=2)
