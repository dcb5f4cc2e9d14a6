"""Whatever an article lives through, the record verifies, and its last word is what readers get."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copydesk.editorial.models import Article, PublishedArticle
from copydesk.kit import clock
from copydesk.record.actions.redacting import NothingToRedact, StillPublished, redact_recorded
from copydesk.record.models import REDACTABLE, WITH_TEXT, Entry, EntryKind, Notice, Payload
from copydesk.record.queries.inspection import inspect_record
from tests.database import undone
from tests.factories.editorial import make_article, publish
from tests.factories.notices import notify

if TYPE_CHECKING:
    from collections.abc import Callable

    from copydesk.editorial.models import FrontPage

pytestmark = pytest.mark.django_db

ARTICLES = 2


def edit(pk: int, **fields: Any) -> None:
    draft = Article.objects.get(pk=pk).get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save_revision()
    publish(draft)


def correct(pk: int, word: str) -> None:
    published = PublishedArticle.objects.filter(pk=pk).first()
    if published is not None:
        notify(published, f"It was wrong: {word}.")


def withdraw(pk: int, _word: str) -> None:
    article = Article.objects.get(pk=pk)
    if article.live:
        article.unpublish()


def redact(pk: int, word: str) -> None:
    """Take out the oldest thing that can be."""
    for entry in Entry.objects.filter(article_id=pk, kind__in=REDACTABLE).order_by("index"):
        try:
            redact_recorded(entry=entry, reason=word, by_id=None, at=clock.now())
        except (NothingToRedact, StillPublished):
            continue
        return


DONE: dict[str, Callable[[int, str], None]] = {
    "edit": lambda pk, word: edit(pk, standfirst=f"So much for {word}."),
    "move": lambda pk, word: edit(pk, slug=f"{word}-{pk}"),
    "correct": correct,
    "withdraw": withdraw,
    "redact": redact,
}
WORDS = st.sampled_from(["sluice", "weir", "lock", "quay"])
STEPS = st.lists(
    st.tuples(st.sampled_from([*DONE]), st.integers(0, ARTICLES - 1), WORDS), max_size=12
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_a_record_verifies_after_whatever_articles_live_through(
    front_page: FrontPage, steps: list[tuple[str, int, str]]
) -> None:
    with undone():
        pks = [make_article(f"Article {number}").pk for number in range(ARTICLES)]
        for pk in pks:
            publish(Article.objects.get(pk=pk))
        for what, which, word in steps:
            DONE[what](pks[which], word)
        assert inspect_record() == []
        for pk in pks:
            assert_record_says_what_readers_get(pk)


def assert_record_says_what_readers_get(pk: int) -> None:
    happened = Entry.objects.filter(article_id=pk, kind__in=(*WITH_TEXT, EntryKind.WITHDRAWN))
    last = happened.latest("index")
    published = PublishedArticle.objects.filter(pk=pk).first()
    assert (last.kind == EntryKind.WITHDRAWN) == (published is None)
    if published is None:
        return
    assert last.path == published.path
    assert published.version_count == happened.filter(kind__in=WITH_TEXT).count()
    assert published.standfirst in Payload.objects.get(pk=last.payload_sha256).content
    said = {notice["uuid"]: notice["text"] for notice in published.notices}
    kept = Notice.objects.filter(article_id=pk).values_list("uuid", "text")
    assert said == {str(uuid): text for uuid, text in kept}
