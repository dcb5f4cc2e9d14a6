"""Whatever rests on whatever: a flag has a way that is there, a second hop follows a correction, and cycles end."""

from __future__ import annotations

import itertools
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copydesk.kit import clock
from copydesk.record.actions.decisions import Decided, decide_flags
from copydesk.record.actions.flagging import flag_source_standing
from copydesk.record.models import Flag, FlagState, Gravity, NoticeKind, Reliance
from tests.factories.members import make_member
from tests.factories.reliance import make_notice, make_resting, tell
from tests.factories.sources import make_citation, make_source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copydesk.editorial.models import Article
    from copydesk.members.models import Member
    from copydesk.sources.models import Source

COUNT = 5
Edges = set[tuple[int, int]]
edges = st.sets(st.tuples(st.integers(0, COUNT - 1), st.integers(0, COUNT - 1)), max_size=14)
cited = st.sets(st.integers(0, COUNT - 1), min_size=1, max_size=3)
# Which of the open flags is answered next, and how: a correction, a retraction, or nothing of weight.
answers = st.lists(
    st.tuples(st.integers(0, 20), st.sampled_from(["correction", "retraction", "no_effect"])),
    max_size=12,
)
EXAMPLES = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class UndoneError(Exception):
    """Ends a transaction whose rows nobody wants."""


@contextmanager
def undone() -> Iterator[None]:
    """Undo what is done within."""
    with suppress(UndoneError), transaction.atomic():
        yield
        raise UndoneError


@pytest.fixture
def articles(front_page: object) -> list[Article]:
    return [make_resting(f"Article {number}") for number in range(COUNT)]


def connect(articles: list[Article], pairs: Edges) -> None:
    Reliance.objects.bulk_create(
        Reliance(article=articles[one], on=articles[other], tie="link")
        for one, other in pairs
        if one != other
    )


def answer(flag: Flag, how: str, by: Member) -> None:
    if how == "no_effect":
        given_: dict[str, Any] = {"state": FlagState.NO_EFFECT, "note": "None.", "by": by}
        decide_flags(flag_ids=[flag.pk], at=clock.now(), **given_)
        return
    tell(make_notice(flag.article, kind=NoticeKind(how), by=by), because_of=f"flag:{flag.pk}")


@pytest.mark.django_db
@EXAMPLES
@given(pairs=edges, citing=cited, steps=answers)
def test_flags_have_a_way_that_is_there_and_follow_corrections_alone(
    articles: list[Article], ada: Member, pairs: Edges, citing: set[int], steps: list[Any]
) -> None:
    with undone():
        connect(articles, pairs)
        source = make_source("The report", standing="retracted")
        for number in citing:
            make_citation(articles[number], source)
        given_: dict[str, Any] = {"source_id": source.pk, "by_id": None, "at": clock.now()}
        flag_source_standing(standing="retracted", **given_)
        assert Flag.objects.count() == len(citing)
        for place, how in steps:
            waiting = list(Flag.objects.filter(state=FlagState.OPEN).order_by("pk"))
            if waiting:
                answer(waiting[place % len(waiting)], how, ada)
        check(articles, pairs, citing, source)


def check(articles: list[Article], pairs: Edges, citing: set[int], source: Source) -> None:
    place = {article.pk: number for number, article in enumerate(articles)}
    flags = list(Flag.objects.all())
    assert len(flags) <= COUNT
    assert len({flag.article_id for flag in flags}) == len(flags)
    by_article = {flag.article_id: flag for flag in flags}
    for flag in flags:
        first, *between = flag.path
        assert first == {"kind": "source", "id": source.pk, "title": "The report"}
        way = [place[step["id"]] for step in between] + [place[flag.article_id]]
        assert way[0] in citing
        assert len(set(way)) == len(way)
        assert all((further, nearer) in pairs for nearer, further in itertools.pairwise(way))
        corrected = [by_article[step["id"]] for step in between]
        assert all(before.state == FlagState.CORRECTED for before in corrected)
        weights = [before.gravity for before in corrected] + [flag.gravity]
        assert weights == sorted(weights, reverse=True)
        assert min(weights) >= Gravity.SOURCE_CHANGED
    for flag in flags:
        if flag.state == FlagState.CORRECTED:
            resting = {articles[one].pk for one, on in pairs if on == place[flag.article_id]}
            assert resting - {flag.article_id} <= by_article.keys()


@pytest.mark.django_db(transaction=True)
def test_of_editors_who_decide_at_once_one_is_first_and_the_others_are_told(
    front_page: object,
) -> None:
    source = make_source(standing="retracted")
    for number in range(3):
        make_citation(make_resting(f"Article {number}"), source)
    flag_source_standing(source_id=source.pk, standing="retracted", by_id=None, at=clock.now())
    keys = list(Flag.objects.values_list("pk", flat=True))
    editors = [make_member(name) for name in ("ada", "olga", "mo", "wanda")]
    start, errors = threading.Barrier(len(editors)), []
    results: dict[int, Decided] = {}

    def decide(editor: Member) -> None:
        try:
            start.wait()
            results[editor.pk] = decide_flags(
                flag_ids=keys,
                state=FlagState.NO_EFFECT,
                note=str(editor.pk),
                by=editor,
                at=clock.now(),
            )
        except Exception as error:  # noqa: BLE001 - it is told to the test, whatever it is
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(editor,)) for editor in editors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(result.count for result in results.values()) == [0, 0, 0, 3]
    [winner] = [pk for pk, result in results.items() if result.count]
    assert set(Flag.objects.values_list("decided_by", "note")) == {(winner, str(winner))}
    for pk, result in results.items():
        if pk != winner:
            assert {flag.decided_by_id for flag in result.late} == {winner}


@pytest.mark.django_db(transaction=True)
def test_the_same_cause_told_by_two_workers_at_once_flags_once(front_page: object) -> None:
    source = make_source(standing="retracted")
    for number in range(3):
        make_citation(make_resting(f"Article {number}"), source)
    start, counts = threading.Barrier(4), []

    def work() -> None:
        try:
            start.wait()
            given_: dict[str, Any] = {"source_id": source.pk, "by_id": None, "at": clock.now()}
            counts.append(flag_source_standing(standing="retracted", **given_))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == [0, 0, 0, 3]
