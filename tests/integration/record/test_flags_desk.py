"""The desk's one inbox of flags, and what editors make of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from copydesk.kit import clock
from copydesk.record.actions.decisions import (
    AlreadyDecided,
    AnotherArticle,
    NoteMissing,
    answer_flag,
    decide_flags,
)
from copydesk.record.actions.flagging import flag_source_change
from copydesk.record.models import Flag, FlagState
from copydesk.record.queries.flags import inbox
from copydesk.sources.models import Handling, SourceEvent
from tests.factories.desk import edit_url, enter
from tests.factories.editorial import make_person
from tests.factories.members import make_member
from tests.factories.reliance import make_notice, make_resting, tell
from tests.factories.sources import make_checked_quotation, make_citation, make_source

if TYPE_CHECKING:
    from copydesk.editorial.models import Article
    from copydesk.members.models import Member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("front_page")]

URL = "/desk/record/flags/"


def make_flag(article: Article, **fields: Any) -> Flag:
    """Return a flag at an article because a source of its own changed."""
    source = fields.pop("source", None) or make_source("The report")
    event = SourceEvent.objects.create(
        source=source, kind="passage_edited", severity=3, detected_at=clock.now()
    )
    make_citation(article, source)
    flag_source_change(event_id=event.pk, at=clock.now())
    flag = Flag.objects.get(article=article, event=event)
    Flag.objects.filter(pk=flag.pk).update(**fields)
    flag.refresh_from_db()
    return flag


def titles(page: str) -> list[str]:
    """Return the titles of the flagged articles in the order of the page."""
    parts = page.split('<article class="flag"')[1:]
    return [part.split("<bdi>", 1)[1].split("</bdi>")[0] for part in parts]


def test_nothing_waiting_is_said_so(desk: Client) -> None:
    assert "No flag waits." in desk.get(URL).content.decode()
    assert "Nothing has been decided yet." in desk.get(f"{URL}?show=decided").content.decode()
    assert "What our articles rely on has moved" not in desk.get("/desk/").content.decode()


def test_the_gravest_comes_first_then_the_most_urgent(desk: Client) -> None:
    now = clock.now()
    make_flag(make_resting("Light"), gravity=1)
    make_flag(make_resting("Grave, later"), gravity=4, due_at=now + timedelta(days=9))
    make_flag(make_resting("Grave, overdue"), gravity=4, due_at=now - timedelta(days=1))
    withdrawn = make_resting("Withdrawn")
    make_flag(withdrawn, gravity=4)
    withdrawn.unpublish()
    page = desk.get(URL).content.decode()
    assert titles(page) == ["Grave, overdue", "Grave, later", "Light"]
    assert page.count("Overdue:") == 1
    assert "3 flags wait for a decision." in desk.get("/desk/").content.decode()


def test_a_flag_tells_what_happened_the_way_and_the_words(desk: Client) -> None:
    article = make_resting("On bridges")
    source = make_source("The <b>report</b>")
    quotation = make_checked_quotation(article, source, text="They hold.")
    flag = make_flag(article, source=source)
    page = desk.get(URL).content.decode()
    assert "A passage that we quote was edited" in page
    assert f"/desk/sources/changed/#event-{flag.event_id}" in page
    assert "<bdi>The &lt;b&gt;report&lt;/b&gt;</bdi>" in page
    assert "“They hold.”" in page
    response = desk.post(URL, {"update": flag.pk})
    assert response["Location"] == f"{edit_url(article)}#block-{quotation.block_id}-section"
    flag.refresh_from_db()
    assert flag.state == FlagState.UPDATED


def test_a_flag_by_a_notice_of_ours_leads_to_the_article(desk: Client) -> None:
    one = make_resting("One")
    make_resting("Two", one)
    tell(make_notice(one))
    page = desk.get(URL).content.decode()
    assert "Our own article got a notice: Correction" in page
    shown = desk.get(f"/desk/record/reliance/{one.pk}/").content.decode()
    assert "It was wrong." in shown
    assert "1 article rests on it" in shown
    assert "1 open flag" in shown


def test_many_are_decided_at_once_with_a_note(desk: Client, ada: Member) -> None:
    flags = [make_flag(make_resting(f"Article {number}")) for number in range(3)]
    keys = [flag.pk for flag in flags[:2]]
    said = {"flags": keys, "decision": "no_effect", "note": "Only a comma."}
    assert "2 flags are closed." in desk.post(URL, said, follow=True).content.decode()
    states = Flag.objects.order_by("pk").values_list("state", "note", "decided_by")
    assert list(states) == [("no_effect", "Only a comma.", ada.pk)] * 2 + [("open", "", None)]
    handled = SourceEvent.objects.order_by("pk").values_list("handling", flat=True)
    assert list(handled) == [Handling.NO_EFFECT, Handling.NO_EFFECT, Handling.OPEN]
    decided = desk.get(f"{URL}?show=decided").content.decode()
    assert len(titles(decided)) == 2
    assert "Only a comma." in decided


@pytest.mark.parametrize(
    "said",
    [
        {"decision": "no_effect", "note": " "},
        {"decision": "no_effect", "note": "x" * 2_001},
        {"decision": "corrected", "note": "Mine."},
        {"decision": "", "note": "Mine."},
        {"flags": [0], "decision": "updated"},
        {"flags": ["x"], "decision": "updated"},
        {"flags": [], "decision": "updated"},
        {"update": "x" * 40},
        {"update": str(10**30)},
    ],
)
def test_what_cannot_be_read_changes_nothing(desk: Client, said: dict[str, Any]) -> None:
    flag = make_flag(make_resting("On bridges"))
    page = desk.post(URL, {"flags": [flag.pk], **said}, follow=True)
    assert "Nothing has changed." in page.content.decode()
    flag.refresh_from_db()
    assert flag.state == FlagState.OPEN


def test_a_change_is_handled_when_its_last_flag_is_decided(ada: Member) -> None:
    source = make_source()
    one = make_resting("One")
    make_citation(one, source)
    flag = make_flag(make_resting("Two"), source=source)
    given: dict[str, Any] = {"by": ada, "at": clock.now()}
    decide_flags(flag_ids=[flag.pk], state=FlagState.UPDATED, **given)
    event = SourceEvent.objects.get()
    assert event.handling == Handling.OPEN
    other = Flag.objects.get(article=one)
    decide_flags(flag_ids=[other.pk], state=FlagState.NO_EFFECT, note="Not here.", **given)
    event.refresh_from_db()
    assert event.handling == Handling.UPDATED


def test_the_second_editor_is_told_who_was_first(desk: Client) -> None:
    flag = make_flag(make_resting("On bridges"))
    decide_flags(
        flag_ids=[flag.pk], state=FlagState.UPDATED, by=make_member("olga"), at=clock.now()
    )
    said = {"flags": [flag.pk], "decision": "no_effect", "note": "Mine."}
    for data in (said, {"update": flag.pk}):
        page = desk.post(URL, data, follow=True).content.decode()
        assert "“On bridges”: Olga Owner has decided this on" in page
    flag.refresh_from_db()
    assert (flag.state, flag.note) == (FlagState.UPDATED, "")


def test_no_effect_needs_a_note_whoever_asks(ada: Member) -> None:
    flag = make_flag(make_resting("On bridges"))
    with pytest.raises(NoteMissing):
        decide_flags(
            flag_ids=[flag.pk], state=FlagState.NO_EFFECT, note=" \n", by=ada, at=clock.now()
        )
    assert Flag.objects.get().state == FlagState.OPEN


def test_a_notice_answers_the_flag_it_was_published_for(ada: Member) -> None:
    article = make_resting("On bridges")
    flag, other = make_flag(article), make_flag(make_resting("Other"))
    tell(make_notice(article, by=ada), because_of=f"flag:{flag.pk}")
    notice = make_notice(article, by=ada)
    for name in (f"flag:{flag.pk}", f"flag:{other.pk}", "flag:x", "request:1", "flag:" + "9" * 50):
        tell(notice, because_of=name)
    flag.refresh_from_db()
    assert (flag.state, flag.decided_by) == (FlagState.CORRECTED, ada)
    assert flag.answer is not None
    assert flag.answer.pk != notice.pk
    other.refresh_from_db()
    assert other.state == FlagState.OPEN
    with pytest.raises(AlreadyDecided):
        answer_flag(flag=flag, notice=notice, by=ada, at=clock.now())
    with pytest.raises(AnotherArticle):
        answer_flag(flag=other, notice=notice, by=ada, at=clock.now())


def test_writers_see_the_flags_of_their_own_articles_and_decide_on_none() -> None:
    wanda = make_member("wanda")
    own = make_flag(make_resting("Hers", owner=wanda))
    make_flag(make_resting("Not hers"))
    client = enter(Client(), wanda)
    page = client.get(URL).content.decode()
    assert titles(page) == ["Hers"]
    assert "What becomes of the chosen flags" not in page
    client.post(URL, {"flags": [own.pk], "decision": "updated"})
    own.refresh_from_db()
    assert own.state == FlagState.OPEN


def test_mine_are_those_at_articles_i_own_or_am_named_on(desk: Client, ada: Member) -> None:
    make_flag(make_resting("Owned", owner=ada))
    make_flag(make_resting("Named", by=[make_person("Ada", member=ada)]))
    make_flag(make_resting("Neither"))
    page = desk.get(f"{URL}?show=mine").content.decode()
    assert sorted(titles(page)) == ["Named", "Owned"]
    assert "At my articles (2)" in " ".join(page.split())


def test_the_number_of_queries_is_the_same_for_many_flags(desk: Client) -> None:
    def count(number: int) -> tuple[int, int]:
        for each in range(number):
            one = make_resting(f"{number} {each}")
            make_flag(one)
            make_resting(f"On {number} {each}", one)
            tell(make_notice(one))
        with CaptureQueriesContext(connection) as listing:
            assert desk.get(URL).status_code == 200
        last = Flag.objects.order_by("pk").last()
        with CaptureQueriesContext(connection) as ground:
            assert desk.get(f"/desk/record/reliance/{last and last.article_id}/").status_code == 200
        return len(listing), len(ground)

    count(1)
    assert count(1) == count(6)


@pytest.mark.parametrize(("show", "queries"), [("open", 4), ("mine", 4), ("decided", 5)])
def test_the_inbox_asks_no_more_than_it_says(ada: Member, show: str, queries: int) -> None:
    make_flag(make_resting("Mine", owner=ada))
    make_flag(make_resting("Decided"), state=FlagState.UPDATED, decided_at=clock.now())
    with CaptureQueriesContext(connection) as asked:
        found = inbox(flags=Flag.objects.all(), show=show, member=ada, at=clock.now())
    assert (len(asked), len(found.rows)) == (queries, 1)


def test_pages_beyond_the_last_and_of_no_number_are_answered(desk: Client) -> None:
    make_flag(make_resting("On bridges"))
    for number in ("0", "-1", "999999999999999999999", "x", ""):
        assert desk.get(URL, {"p": number}).status_code == 200
    assert desk.get(URL, {"show": "<script>"}).status_code == 200
