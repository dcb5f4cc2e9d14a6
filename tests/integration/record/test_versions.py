"""What readers get goes into the record, in the transaction that gives it to them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from copydesk.editorial.actions import publish_article
from copydesk.editorial.models import Article, PublishedArticle
from copydesk.kit import clock
from copydesk.record.actions import versions
from copydesk.record.models import Entry, Payload
from copydesk.record.queries.inspection import inspect_record
from tests.factories.editorial import block, make_article, publish

if TYPE_CHECKING:
    from copydesk.editorial.models import FrontPage

pytestmark = pytest.mark.django_db


def entries(article: Article) -> list[Entry]:
    return list(Entry.objects.filter(article_id=article.pk).order_by("index"))


def content(entry: Entry) -> dict[str, object]:
    found: dict[str, object] = json.loads(Payload.objects.get(pk=entry.payload_sha256).content)
    return found


def test_each_version_that_readers_get_is_recorded_as_they_get_it(front_page: FrontPage) -> None:
    article = make_article("On bridges", body=[block("text", "<p>They hold.</p>")])
    publish(article)
    article = Article.objects.get(pk=article.pk)
    article.title = "On old bridges"
    article.save_revision()
    publish(article)
    first, second = entries(article)
    assert (first.kind, second.kind) == ("published", "changed")
    assert content(first)["headline"] == "On bridges"
    assert content(second)["headline"] == "On old bridges"
    published = PublishedArticle.objects.get(pk=article.pk)
    assert content(second)["body_html"] == published.body_html
    assert first.path == published.path
    assert inspect_record() == []


def test_what_is_rendered_anew_and_the_same_is_no_version(front_page: FrontPage) -> None:
    article = make_article("On bridges")
    publish(article)
    publish_article(article=Article.objects.get(pk=article.pk), at=clock.now())
    assert len(entries(article)) == 1


def test_a_new_address_a_withdrawal_and_a_return_are_recorded(front_page: FrontPage) -> None:
    article = make_article("On bridges")
    publish(article)
    article = Article.objects.get(pk=article.pk)
    article.slug = "bridges"
    article.save_revision()
    publish(article)
    Article.objects.get(pk=article.pk).unpublish()
    publish(Article.objects.get(pk=article.pk))
    kinds = [entry.kind for entry in entries(article)]
    assert kinds == ["published", "moved", "withdrawn", "published"]
    assert entries(article)[1].path == "/bridges/"


def test_a_deleted_article_stays_in_the_record(front_page: FrontPage) -> None:
    article = make_article("On bridges")
    publish(article)
    pk = article.pk
    Article.objects.get(pk=pk).delete()
    kinds = Entry.objects.filter(article_id=pk).order_by("index").values_list("kind", flat=True)
    assert list(kinds) == ["published", "withdrawn"]


def test_what_cannot_be_recorded_is_not_published(
    front_page: FrontPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_fields: object) -> None:
        raise RuntimeError("the record is in trouble")

    article = make_article("On bridges")
    monkeypatch.setattr(versions, "append_entry", fail)
    with pytest.raises(RuntimeError, match="in trouble"):
        publish_article(article=article, at=clock.now())
    assert not PublishedArticle.objects.exists()
