"""What is known of quotations follows what is published."""

from __future__ import annotations

import json
import logging
import shutil
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import PageLogEntry

from copydesk.editorial.actions.sourcing import sync_sources
from copydesk.editorial.models import Article, ArticleCitation
from copydesk.kit import clock
from copydesk.pagestore.models import Expiry
from copydesk.sources.actions.syncing import pin_waiting
from copydesk.sources.models import Check, Citation, Override, Quotation, Relation, Source
from tests.factories.desk import save
from tests.factories.editorial import make_article, publish
from tests.factories.quoting import (
    ALTERED_WORDS,
    FOREIGN_WORDS,
    REPORT,
    TRUE_WORDS,
    copy_source,
    make_copied_source,
    quotation,
)
from tests.factories.sources import make_snapshot, make_source

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from copydesk.members.models import Member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("front_page", "archive_dir")]


def rewrite(article: Article, *blocks: dict[str, Any], by: Member | None = None) -> None:
    """Publish another body."""
    article = Article.objects.get(pk=article.pk)
    article.body = list(blocks)
    article.save_revision(user=by).publish(user=by)


def expired_since(last: int) -> set[str]:
    return {name for row in Expiry.objects.filter(pk__gt=last) for name in row.tags.split()}


def last_expiry() -> int:
    return Expiry.objects.order_by("pk").values_list("pk", flat=True).last() or 0


def test_a_published_quotation_is_checked_and_pinned_to_its_copy() -> None:
    source = make_copied_source()
    block = quotation(TRUE_WORDS, source, speaker="Ada Marsh")
    article = make_article(body=[block])
    publish(article)
    row = Quotation.objects.get(page=article)
    assert row.uuid == UUID(block["id"])
    assert (row.text, row.speaker, row.is_live) == (TRUE_WORDS, "Ada Marsh", True)
    assert row.snapshot == source.snapshots.get()
    assert row.check_result is not None
    assert (row.check_result.verdict, row.check_result.trigger) == ("exact", "publish")
    start = REPORT.index(TRUE_WORDS)
    assert row.selector == {
        "exact": TRUE_WORDS,
        "prefix": REPORT[start - 32 : start],
        "suffix": REPORT[start + len(TRUE_WORDS) :][:32],
        "start": start,
        "end": start + len(TRUE_WORDS),
    }
    assert [(row.source, row.relation) for row in Citation.objects.filter(page=article)] == [
        (source, Relation.QUOTES)
    ]


def test_publishing_twice_changes_nothing() -> None:
    source = make_copied_source()
    article = make_article(body=[quotation(TRUE_WORDS, source), quotation(ALTERED_WORDS, source)])
    publish(article)
    tables = (Quotation, Citation, Check, Override)
    before = [list(table._default_manager.order_by("pk").values()) for table in tables]
    publish(article)
    call_command("republish", verbosity=0)
    assert [list(table._default_manager.order_by("pk").values()) for table in tables] == before


def test_a_later_copy_never_takes_the_place_of_the_pinned_one() -> None:
    source = make_copied_source()
    first = source.snapshots.get()
    block = quotation(TRUE_WORDS, source)
    article = make_article(body=[block])
    publish(article)
    later = copy_source(source, "The page is another now.", captured_at=clock.now() + timedelta(1))
    publish(article)
    row = Quotation.objects.get()
    assert (row.snapshot, row.check_result.verdict if row.check_result else "") == (first, "exact")
    changed = {**block, "value": {**block["value"], "text": f"<p>{FOREIGN_WORDS}</p>"}}
    rewrite(article, changed)
    row = Quotation.objects.get()
    assert row.snapshot == later, "other words are pinned anew"
    assert row.check_result
    assert (row.check_result.verdict, row.selector) == ("not_found", {})


def test_a_block_that_went_away_is_kept_but_not_live() -> None:
    source, other = make_copied_source(), make_copied_source(title="Another")
    kept, gone = quotation(TRUE_WORDS, source), quotation(TRUE_WORDS, other)
    article = make_article(body=[gone, kept])
    publish(article)
    last = last_expiry()
    rewrite(article, kept)
    assert {row.block_id: row.is_live for row in Quotation.objects.all()} == {
        kept["id"]: True,
        gone["id"]: False,
    }
    assert [row.source for row in Citation.objects.all()] == [source]
    assert {f"source:{source.pk}", f"source:{other.pk}"} <= expired_since(last)
    rewrite(article, gone, kept)
    assert set(Quotation.objects.values_list("is_live", flat=True)) == {True}


def test_a_withdrawn_article_has_no_live_quotation() -> None:
    source = make_copied_source()
    article = make_article(body=[quotation(TRUE_WORDS, source)])
    publish(article)
    last = last_expiry()
    article.unpublish()
    assert Quotation.objects.get().is_live is False
    assert f"source:{source.pk}" in expired_since(last)
    publish(article)
    assert Quotation.objects.get().is_live is True


def test_a_copied_article_has_quotations_of_its_own() -> None:
    source = make_copied_source()
    article = make_article(body=[quotation(TRUE_WORDS, source)])
    publish(article)
    twin = article.copy(update_attrs={"slug": "twin"}, keep_live=False)
    twin.get_latest_revision().publish()
    first, second = Quotation.objects.order_by("pk")
    assert first.block_id == second.block_id
    assert first.uuid != second.uuid


def test_without_a_copy_a_quotation_waits_for_one(ada: Member) -> None:
    source = make_source()
    article = make_article(body=[quotation(TRUE_WORDS, source)])
    publish(article)
    row = Quotation.objects.get()
    assert (row.snapshot, row.check_result) == (None, None)
    empty = make_snapshot(source, has_text=False)
    assert pin_waiting(source, empty, clock.now()) == 0
    last, copy = last_expiry(), copy_source(source)
    assert pin_waiting(source, copy, clock.now()) == 1
    row.refresh_from_db()
    assert (row.snapshot, row.selector["exact"]) == (copy, TRUE_WORDS)
    assert expired_since(last) == {f"source:{source.pk}", f"article:{article.pk}"}
    assert pin_waiting(source, copy, clock.now()) == 0


def test_a_lost_archive_does_not_keep_an_article_from_its_readers(
    archive_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = make_copied_source()
    shutil.rmtree(archive_dir)
    article = make_article(body=[quotation(TRUE_WORDS, source)])
    published = publish(article)
    assert TRUE_WORDS in published.text
    row = Quotation.objects.get()
    assert (row.snapshot, row.check_result) == (None, None)
    assert "is left unchecked" in caplog.text


def test_a_translation_is_pinned_and_not_compared() -> None:
    source = make_copied_source()
    publish(make_article(body=[quotation(FOREIGN_WORDS, source, kind="translated")]))
    row = Quotation.objects.get()
    assert (row.snapshot, row.check_result) == (source.snapshots.get(), None)


@pytest.mark.parametrize("number", [987_654, 2**63, 10**30])
def test_a_source_that_is_not_there_is_passed_over(number: int) -> None:
    block = quotation(TRUE_WORDS)
    block["value"]["source"] = number
    assert TRUE_WORDS in publish(make_article(body=[block])).text
    assert not Quotation.objects.exists()


@pytest.mark.parametrize("given", ["", "same", "x" * 60])
def test_ids_that_are_none_are_made_up(given: str) -> None:
    source = make_copied_source()
    blocks = [quotation(TRUE_WORDS, source), quotation(ALTERED_WORDS, source)]
    for block in blocks:
        block["id"] = given
    article = make_article(body=blocks)
    publish(article)
    publish(article)
    assert Quotation.objects.filter(is_live=True).count() == 2
    assert Quotation.objects.values("uuid").distinct().count() == Quotation.objects.count()


def test_an_article_that_quotes_nobody_costs_four_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    article = Article.objects.get(pk=make_article().pk)
    with django_assert_num_queries(4 if connection.vendor == "sqlite" else 5):
        sync_sources(article=article, adds_sources=True, by=None, at=clock.now())


def test_publishing_again_asks_no_more_for_many_quotations() -> None:
    def count(number: int) -> int:
        blocks = [quotation(f"{TRUE_WORDS} {n}", make_copied_source()) for n in range(number)]
        article = make_article(body=blocks)
        publish(article)
        article = Article.objects.get(pk=article.pk)
        with CaptureQueriesContext(connection) as asked:
            sync_sources(article=article, adds_sources=True, by=None, at=clock.now())
        return len(asked)

    assert count(20) == count(1)


# --- Addresses


def test_an_address_becomes_a_source_when_published(ada: Member) -> None:
    url = "https://gazette.example/bridge"
    article = make_article(body=[quotation(url=url), quotation(url=f"{url}?utm_source=mail")])
    article.get_latest_revision().publish(user=ada)
    source = Source.objects.get()
    assert (source.url, source.is_asked_for) == (url, True)
    assert Quotation.objects.filter(source=source).count() == 2


@pytest.mark.parametrize("url", ["ftp://gazette.example/x", "http://user:pw@gazette.example/", "x"])
def test_an_address_no_source_can_have_is_passed_over(url: str) -> None:
    assert TRUE_WORDS in publish(make_article(body=[quotation(url=url)])).text
    assert not Source.objects.exists()


def test_writing_everything_again_adds_no_source() -> None:
    """Thousands of articles of an archive may name addresses; none of them is fetched for that."""
    article = make_article(body=[quotation(url="https://gazette.example/bridge")])
    publish(article)
    Quotation.objects.all().delete()
    Citation.objects.all().delete()
    Source.objects.all().delete()
    call_command("republish", verbosity=0)
    assert not Source.objects.exists()


# --- Names under words that differ


def test_whoever_publishes_words_that_differ_gives_their_name(
    desk: Client, ada: Member, olga: Member
) -> None:
    source = make_copied_source()
    block = quotation(ALTERED_WORDS, source, override_reason="The speaker corrected the number.")
    article = make_article(body=[block], owner=olga)
    for _time in range(2):
        assert save(desk, article, action="action-publish").status_code == 302
    override = Override.objects.get()
    assert (override.by, override.verdict) == (ada, "altered")
    assert override.reason == "The speaker corrected the number."
    rewrite(article, {**block, "value": {**block["value"], "override_reason": "Other."}}, by=olga)
    assert Override.objects.get(reason="Other.").by == olga, "of no one at the desk, its author"


def test_the_last_reason_is_kept_for_each_block_though_it_was_given_before(ada: Member) -> None:
    source = make_copied_source()
    first, second = (quotation(ALTERED_WORDS, source, override_reason="One.") for _ in range(2))
    other = {**first, "value": {**first["value"], "override_reason": "Other."}}
    article = make_article(body=[first, second])
    for number, blocks in enumerate([(first, second), (other, second), (first, second)]):
        article.body = json.dumps(blocks)
        article.save(update_fields=["body"])
        at = clock.now() + timedelta(seconds=number)
        sync_sources(article=article, adds_sources=False, by=ada, at=at)
    rows = Override.objects.order_by("created_at", "pk").values_list("block_id", "reason")
    reasons = {
        block["id"]: [why for block_id, why in rows if block_id == block["id"]]
        for block in (first, second)
    }
    assert reasons == {first["id"]: ["One.", "Other.", "One."], second["id"]: ["One."]}


def test_an_override_stands_in_the_history_of_its_page(desk: Client, ada: Member) -> None:
    block = quotation(
        ALTERED_WORDS, make_copied_source(), override_reason="He <b>corrected</b> it."
    )
    article = make_article(body=[block], owner=ada)
    assert save(desk, article, action="action-publish").status_code == 302
    shown = desk.get(reverse("wagtailadmin_pages:history", args=[article.pk])).text
    assert "was published though the source says otherwise: He &lt;b&gt;corrected" in shown
    entry = PageLogEntry.objects.get(action="sources.override")
    assert (entry.user, entry.data["verdict"]) == (ada, "altered")


def test_a_reason_for_words_that_are_right_is_no_override(ada: Member) -> None:
    block = quotation(TRUE_WORDS, make_copied_source(), override_reason="To be sure.")
    make_article(body=[block], owner=ada)
    publish(Article.objects.get())
    assert not Override.objects.exists()


def test_the_log_tells_of_words_published_without_a_reason(
    caplog: pytest.LogCaptureFixture,
) -> None:
    block = quotation(ALTERED_WORDS, make_copied_source())
    with caplog.at_level(logging.WARNING, "copydesk.sources"):
        publish(make_article(body=[block]))
    assert block["id"] in caplog.text


# --- Cited without being quoted


def test_a_source_is_cited_without_being_quoted() -> None:
    quoted, cited = make_copied_source(), make_source("Only cited")
    article = make_article(body=[quotation(TRUE_WORDS, quoted)])
    article.article_citations = [
        ArticleCitation(source=cited, relation=Relation.DATA_FROM, claim="A number"),
        ArticleCitation(source=quoted, relation=Relation.QUOTES, claim="Also in the text"),
    ]
    article.save_revision()
    assert not Citation.objects.exists(), "a draft cites nothing yet"
    publish(article)
    rows = [(row.source, row.relation, row.claim) for row in Citation.objects.filter(page=article)]
    assert rows == [
        (quoted, Relation.QUOTES, "Also in the text"),
        (cited, Relation.DATA_FROM, "A number"),
    ]
    article = Article.objects.get(pk=article.pk)
    article.article_citations = []
    last = last_expiry()
    article.save_revision().publish()
    assert [row.source for row in Citation.objects.filter(page=article)] == [quoted]
    assert f"source:{cited.pk}" in expired_since(last)
