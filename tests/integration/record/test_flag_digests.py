"""Editors are mailed what waits: once a day at most, and only when something is new or overdue."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core import mail

from copydesk.kit import clock
from copydesk.record.actions.digesting import send_digests, want_digest
from copydesk.record.models import Flag, FlagState
from copydesk.record.queries.digests import MOST_NAMED
from tests.factories.members import make_member
from tests.factories.reliance import make_notice, make_resting, tell

if TYPE_CHECKING:
    from django.test import Client

    from copydesk.members.models import Member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("front_page")]

DAY = timedelta(days=1)


def test_nobody_is_mailed_when_nothing_waits(ada: Member) -> None:
    assert send_digests(at=clock.now()) == 0


def test_a_new_flag_is_mailed_once_and_an_overdue_one_every_day(ada: Member) -> None:
    make_member("wanda")
    one = make_resting("One\r\nBcc: x@example.org")
    make_resting("Two", one)
    tell(make_notice(one))
    at = clock.now()
    assert send_digests(at=at) == 1
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["ada@example.org"], "1 flag waits for a decision")
    assert "Important: Our own article got a notice: Correction" in sent.body
    assert "One Bcc: x@example.org → Two" in sent.body
    assert "/desk/record/flags/" in sent.body
    assert send_digests(at=at) == 0
    assert send_digests(at=at + DAY) == 0
    assert send_digests(at=at + 8 * DAY) == 1
    assert "New: 0. Overdue: 1." in mail.outbox[-1].body
    assert send_digests(at=at + 8 * DAY + timedelta(hours=23)) == 0
    assert send_digests(at=at + 9 * DAY) == 1
    Flag.objects.update(state=FlagState.NO_EFFECT)
    assert send_digests(at=at + 10 * DAY) == 0


def test_of_many_flags_some_are_named(ada: Member) -> None:
    one = make_resting("One")
    for number in range(MOST_NAMED + 2):
        make_resting(f"Resting {number}", one)
    tell(make_notice(one))
    send_digests(at=clock.now())
    assert mail.outbox[0].subject == f"{MOST_NAMED + 2} flags wait for a decision"
    assert mail.outbox[0].body.count(" → Resting") == MOST_NAMED


def test_an_editor_can_turn_the_mails_off_and_on(desk: Client, ada: Member) -> None:
    make_member("olga")
    one = make_resting("One")
    make_resting("Two", one)
    tell(make_notice(one))
    desk.post("/desk/record/flags/", {"digest": "off"})
    assert "You get no mails about flags." in desk.get("/desk/record/flags/").content.decode()
    assert send_digests(at=clock.now()) == 1
    assert mail.outbox[0].to == ["olga@example.org"]
    want_digest(member=ada, wanted=True)
    assert send_digests(at=clock.now()) == 1


def test_who_cannot_be_mailed_keeps_nobody_else_from_it(
    ada: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_member("olga")
    one = make_resting("One")
    make_resting("Two", one)
    tell(make_notice(one))
    tried: list[str] = []

    def fail(_subject: str, _text: str, _sender: None, to: list[str]) -> None:
        tried.extend(to)
        raise OSError("no server")

    monkeypatch.setattr("copydesk.record.actions.digesting.send_mail", fail)
    assert send_digests(at=clock.now()) == 0
    assert sorted(tried) == ["ada@example.org", "olga@example.org"]
