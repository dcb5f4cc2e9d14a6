"""Of two who come at the same time, one is first: on either database, in connections of their own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from copydesk.editorial.models import Article, PublishedArticle
from copydesk.kit import clock
from copydesk.record.actions.approving import AlreadySettled, ask_for_withdrawal, confirm
from copydesk.record.actions.requests import AlreadyDecided, TooMany, decline_request, take_request
from copydesk.record.logic.asking import MOST_OF_SENDER, Said
from copydesk.record.models import Approval, CorrectionRequest, Entry
from copydesk.record.queries.approvals import present_state
from copydesk.record.queries.inspection import inspect_record
from tests.factories.asking import make_request, set_rule
from tests.factories.editorial import make_article, publish
from tests.factories.members import make_member

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from copydesk.members.models import Member

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(acts: Sequence[Callable[[], object]]) -> list[str]:
    """Do these at the same moment, each in a thread; return how each ended, in order of the alphabet."""
    ready = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        ready.wait()
        try:
            act()
        except (AlreadySettled, AlreadyDecided, TooMany) as late:
            return type(late).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def test_of_two_who_confirm_one_does(front_page: object) -> None:
    set_rule()
    people = [make_member("ada"), make_member("olga")]
    article = Article.objects.get(pk=publish(make_article(owner=make_member("wanda"))).pk)
    approval = ask_for_withdrawal(
        articles=[article], how="unpublish", reason="x", by=make_member("wanda"), at=clock.now()
    )
    seen = present_state(approval)

    def confirming(by: Member) -> Callable[[], object]:
        mine = Approval.objects.get(pk=approval.pk)
        return lambda: confirm(approval=mine, seen=seen, by=by, at=clock.now())

    assert at_once([confirming(by) for by in people]) == ["AlreadySettled", "done"]
    assert not PublishedArticle.objects.exists()
    [entry] = Entry.objects.filter(kind="withdrawn")
    approval.refresh_from_db()
    assert entry.by_id == approval.decided_by_id
    assert inspect_record() == []


def test_of_two_who_decide_on_a_request_one_does(front_page: object) -> None:
    people = [make_member("ada"), make_member("olga")]
    row = make_request(publish(make_article()).pk, email="reader@example.org")

    def declining(by: Member) -> Callable[[], object]:
        mine = CorrectionRequest.objects.get(pk=row.pk)
        return lambda: decline_request(request=mine, reason=by.name, by=by, at=clock.now())

    assert at_once([declining(by) for by in people]) == ["AlreadyDecided", "done"]
    row.refresh_from_db()
    assert row.decided_by
    assert row.reason == row.decided_by.name


def test_of_many_requests_at_once_no_more_than_may_are_taken(front_page: object) -> None:
    published = publish(make_article())

    def asking() -> object:
        return take_request(
            published=published, said=Said("x"), address="198.51.100.7", at=clock.now()
        )

    ends = at_once([asking] * (MOST_OF_SENDER + 3))
    assert ends == ["TooMany"] * 3 + ["done"] * MOST_OF_SENDER
    assert CorrectionRequest.objects.count() == MOST_OF_SENDER
