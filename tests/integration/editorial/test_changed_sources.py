"""The desk sees which sources changed, for which articles it matters, and what its people made of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from copydesk.kit import clock
from copydesk.pagestore.models import Expiry
from copydesk.sources.actions.handling import AlreadyHandled, handle_event
from copydesk.sources.logic.verdicts import Verdict
from copydesk.sources.models import Handling, Source, SourceEvent, Standing
from copydesk.sources.queries.events import changed_sources
from tests.factories.desk import edit_url, enter
from tests.factories.editorial import make_article, publish
from tests.factories.quoting import quotation
from tests.factories.sources import make_check, make_citation, make_snapshot, make_source

if TYPE_CHECKING:
    from copydesk.editorial.models import Article
    from copydesk.members.models import Member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("front_page", "archive_dir")]

URL = "/desk/sources/changed/"
HUNK = {"old": "will not fail", "new": "may fail", "before": "The bridge", "after": "this winter"}


def make_event(source: Source, *, severity: int = 3, **fields: Any) -> SourceEvent:
    given = {"kind": "passage_edited", "excerpt": [HUNK], "detected_at": clock.now(), **fields}
    return SourceEvent.objects.create(source=source, severity=severity, **given)


def make_quoting(source: Source, title: str = "On bridges", count: int = 1) -> Article:
    article = make_article(
        title, body=[quotation("Some words", source) for _number in range(count)]
    )
    publish(article)
    return article


def decide(client: Client, event: SourceEvent, decision: str, **more: object) -> str:
    """Send a decision as the list's form does, and return the page it leads to."""
    data = {"event": event.pk, "decision": decision, "standing": event.source.standing, **more}
    return client.post(URL, data, follow=True).content.decode()


def test_nothing_changed_is_said_so(desk: Client) -> None:
    page = desk.get(URL).content.decode()
    assert "No source that an article relies on has changed." in page
    assert "Nothing has been handled yet." in desk.get(f"{URL}?show=handled").content.decode()


def test_an_event_shows_what_changed_and_for_which_articles(desk: Client) -> None:
    source = make_source("The report")
    article = make_quoting(source)
    make_event(source)
    page = desk.get(URL).content.decode()
    assert "A passage we quote was edited" in page
    for part in ("The bridge", "will not fail</del>", "may fail</ins>", "this winter"):
        assert part in page
    block = article.body[0].id
    assert f'href="{edit_url(article)}#block-{block}-section"' in page
    assert "1 live article relies on it" in page


def test_the_gravest_for_the_most_articles_comes_first() -> None:
    lonely, popular, slight = make_source("Lonely"), make_source("Popular"), make_source("Slight")
    make_quoting(lonely)
    for number in range(3):
        make_quoting(popular, f"Popular {number}", count=2)
        make_quoting(slight, f"Slight {number}")
    withdrawn = make_quoting(lonely, "Withdrawn")
    withdrawn.unpublish()
    for source, severity in ((slight, 1), (lonely, 3), (popular, 2)):
        make_event(source, severity=severity)
    unread = make_event(make_source("Nobody's"), severity=3)
    found = changed_sources(is_handled=False)
    assert [(row.event.source.title, row.article_count) for row in found.rows] == [
        ("Popular", 3),
        ("Lonely", 1),
        ("Slight", 3),
        ("Nobody's", 0),
    ]
    assert found.rows[-1].event == unread


def test_it_leads_to_the_block_whose_words_are_gone() -> None:
    source = make_source()
    article = make_quoting(source, count=3)
    second = source.quotations.get(position=1)
    check = make_check(make_snapshot(source), "Some words", verdict=Verdict.NOT_FOUND)
    source.quotations.filter(pk=second.pk).update(latest_check=check)
    make_event(source)
    [row] = changed_sources(is_handled=False).rows
    assert [(each.page_id, each.block_id) for each in row.articles] == [
        (article.pk, second.block_id)
    ]


def test_the_number_of_queries_is_the_same_for_many_events(desk: Client) -> None:
    def count(number: int) -> tuple[int, int]:
        for each in range(number):
            source = make_source(f"Source {number} {each}")
            make_quoting(source, f"Article {number} {each}")
            make_event(source)
        with CaptureQueriesContext(connection) as query:
            changed_sources(is_handled=False)
        with CaptureQueriesContext(connection) as page:
            assert desk.get(URL).status_code == 200
        return len(query), len(page)

    count(1)
    first = count(1)
    assert count(8) == first
    assert first[0] <= 6


def test_a_long_list_has_pages(desk: Client) -> None:
    source = make_source()
    for _number in range(27):
        make_event(source)
    assert desk.get(URL).content.decode().count('<article class="changed-source"') == 25
    assert desk.get(f"{URL}?p=2").content.decode().count('<article class="changed-source"') == 2
    for odd in ("0", "-1", "999", "x", "\0", "9" * 400):
        assert desk.get(URL, {"p": odd}).status_code == 200


def test_of_no_effect_is_closed_with_its_note(desk: Client, ada: Member) -> None:
    source = make_source()
    event, other = make_event(source), make_event(source)
    page = decide(desk, event, "no_effect", note="A comma.")
    event.refresh_from_db()
    assert (event.handling, event.handled_by, event.note) == (Handling.NO_EFFECT, ada, "A comma.")
    other.refresh_from_db()
    assert other.handling == Handling.OPEN
    assert "closed as of no effect" in page
    handled = desk.get(f"{URL}?show=handled").content.decode()
    assert "A comma." in handled
    assert "Ada Editor" in handled


def test_all_changes_of_a_source_are_closed_together(desk: Client) -> None:
    source, elsewhere = make_source(), make_event(make_source())
    events = [make_event(source) for _number in range(3)]
    page = decide(desk, events[0], "no_effect", all_of_source="on")
    assert "3 changes are closed." in page
    assert set(source.events.values_list("handling", flat=True)) == {Handling.NO_EFFECT}
    elsewhere.refresh_from_db()
    assert elsewhere.handling == Handling.OPEN


def test_updating_leads_to_the_block_in_the_editor(desk: Client) -> None:
    source = make_source()
    article, event = make_quoting(source), make_event(source)
    data = {"event": event.pk, "decision": "update", "standing": "ok", "page": article.pk}
    response = desk.post(URL, data)
    assert response["Location"] == f"{edit_url(article)}#block-{article.body[0].id}-section"
    event.refresh_from_db()
    assert event.handling == Handling.UPDATED


def test_an_article_that_does_not_rely_on_it_is_no_way_out(desk: Client) -> None:
    event, other = make_event(make_source()), make_article()
    data = {"event": event.pk, "decision": "update", "standing": "ok", "page": other.pk}
    desk.post(URL, data)
    event.refresh_from_db()
    assert event.handling == Handling.OPEN


@pytest.mark.parametrize("mark", ["corrected", "retracted"])
def test_a_marked_source_is_known_to_readers_at_once(desk: Client, ada: Member, mark: str) -> None:
    source = make_source(standing=Standing.CHANGED)
    article, event = make_quoting(source), make_event(source)
    citing = make_article()
    publish(citing)
    make_citation(citing, source)
    last = Expiry.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    decide(desk, event, mark, note="They say so.")
    source.refresh_from_db()
    assert (source.standing, source.standing_by, source.standing_note) == (
        mark,
        ada,
        "They say so.",
    )
    assert source.standing_at is not None
    event.refresh_from_db()
    assert event.handling == Handling.MARKED
    expired = {name for row in Expiry.objects.filter(pk__gt=last) for name in row.tags.split()}
    assert expired == {f"source:{source.pk}", f"article:{article.pk}", f"article:{citing.pk}"}


def test_the_second_of_two_people_sees_who_was_first(desk: Client, olga: Member) -> None:
    event = make_event(make_source())
    handle_event(event=event, handling=Handling.UPDATED, note="Mine", by=olga, at=clock.now())
    page = decide(desk, event, "no_effect", note="Too late")
    assert "Olga Owner has handled this" in page
    assert "Quotation updated" in page
    event.refresh_from_db()
    assert (event.handling, event.note) == (Handling.UPDATED, "Mine")
    with pytest.raises(AlreadyHandled) as late:
        handle_event(event=event, handling=Handling.NO_EFFECT, by=olga, at=clock.now())
    assert late.value.event.handled_by == olga


def test_a_source_marked_meanwhile_is_not_marked_again(desk: Client) -> None:
    source = make_source()
    event = make_event(source)
    Source.objects.filter(pk=source.pk).update(standing=Standing.RETRACTED)
    page = decide(desk, event, "corrected")
    assert "has been marked meanwhile: Retracted" in page
    source.refresh_from_db()
    event.refresh_from_db()
    assert (source.standing, event.handling) == (Standing.RETRACTED, Handling.OPEN)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"event": "x"},
        {"decision": "publish"},
        {"standing": "perfect"},
        {"note": "x" * 2001},
        {"decision": "update"},
        {"decision": "update", "page": "9" * 30},
        {"event": str(10**30)},
    ],
)
def test_what_cannot_be_read_changes_nothing(desk: Client, data: dict[str, str]) -> None:
    event = make_event(make_source())
    sent = (
        {"event": str(event.pk), "decision": "no_effect", "standing": "ok", **data} if data else {}
    )
    response = desk.post(URL, sent, follow=True)
    assert "Nothing has changed" in response.content.decode()
    event.refresh_from_db()
    assert event.handling == Handling.OPEN


def test_writers_look_and_editors_decide(wanda: Member, mo: Member, ben: Member) -> None:
    event = make_event(make_source())
    for member in (wanda, mo):
        client = enter(Client(), member)
        assert b"No effect" not in client.get(URL).content
        decide(client, event, "no_effect")
    decide(enter(Client(), ben), event, "no_effect")
    decide(Client(), event, "no_effect")
    event.refresh_from_db()
    assert event.handling == Handling.OPEN


def test_the_home_of_the_desk_says_how_many_wait(desk: Client) -> None:
    home = reverse("wagtailadmin_home")
    assert URL not in desk.get(home).content.decode().partition("<main")[2]
    make_event(make_source())
    make_event(make_source(), handling=Handling.LOGGED)
    page = desk.get(home).content.decode()
    assert "1 change of a source waits" in page
    assert f'href="{URL}"' in page


def test_hostile_sources_are_shown_as_text(desk: Client) -> None:
    evil = "<script>alert(1)</script>"
    source = make_source(evil, publisher=evil)
    hunks = [{**HUNK, "old": evil}, {}, {"new": "x" * 5000}]
    make_event(source, excerpt=hunks, detected_at=clock.now() - timedelta(days=900))
    page = desk.get(URL).content.decode()
    assert evil not in page
    assert "&lt;script&gt;alert(1)" in page
