"""When sources are looked at again, by what relies on them and by how they answered."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from copydesk.editorial.actions.sourcing import sync_sources
from copydesk.sources.actions.adding import add_source, ask_again
from copydesk.sources.logic.schedule import Liveness
from copydesk.sources.models import Source
from tests.factories.editorial import make_article, publish
from tests.factories.publisher import STORY, Answer, Publisher, make_page
from tests.factories.quoting import quotation
from tests.factories.sources import make_citation

if TYPE_CHECKING:
    from tests.integration.sources.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("front_page")]


def add(publisher: Publisher, clock: Clock) -> Source:
    publisher.show("/bridge", STORY)
    return add_source(url=publisher.url("/bridge"), by=None, at=clock.at)[0]


def wait_of(source: Source, clock: Clock) -> float:
    """Return the hours until a source is looked at again."""
    source.refresh_from_db()
    assert source.next_check_at is not None
    return (source.next_check_at - clock.at) / timedelta(hours=1)


@pytest.mark.parametrize(("age", "least", "most"), [(1, 0.4, 0.6), (60, 0.8, 1.2)])
def test_a_source_of_a_young_article_is_looked_at_twice_as_often(
    publisher: Publisher, clock: Clock, age: int, least: float, most: float
) -> None:
    source = add(publisher, clock)
    page = publish(make_article("Bridges")).article
    type(page).objects.filter(pk=page.pk).update(first_published_at=clock.at - timedelta(days=age))
    make_citation(page, source)
    clock.look()
    assert least < wait_of(source, clock) < most


def test_what_is_published_again_has_its_sources_looked_at(
    publisher: Publisher, clock: Clock
) -> None:
    source = add(publisher, clock)
    clock.look()
    article = make_article(body=[quotation("Some words of it.", source)])
    Source.objects.update(next_check_at=clock.at + timedelta(days=90))
    sync_sources(article=article, adds_sources=True, by=None, at=clock.forward(hours=2))
    assert wait_of(source, clock) > 24, "it was looked at just now"
    sync_sources(article=article, adds_sources=False, by=None, at=clock.forward(days=2))
    assert wait_of(source, clock) > 24, "thousands may be written again together"
    sync_sources(article=article, adds_sources=True, by=None, at=clock.at)
    assert (wait_of(source, clock), source.is_asked_for) == (0, False)


def test_a_page_that_asks_for_money_is_there(publisher: Publisher, clock: Clock) -> None:
    source = add(publisher, clock)
    clock.look()
    seen = []
    for answer in [404, 404, 401, 404, 404]:
        publisher.pages["/bridge"] = Answer(make_page(), answer)
        ask_again(source=source, at=clock.forward(days=4))
        clock.look()
        source.refresh_from_db()
        seen.append(source.liveness)
    one, two = Liveness.SUSPECT1, Liveness.SUSPECT2
    assert seen == [one, two, Liveness.LIVE, one, two]
