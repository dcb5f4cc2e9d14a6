"""Many editors publish at once: there is one record, without gap or fork."""

from __future__ import annotations

import json
import threading

import pytest
from django.db import connection

from copydesk.editorial.models import Article, PublishedArticle
from copydesk.record.models import Entry, Payload
from copydesk.record.queries.inspection import inspect_record
from tests.factories.editorial import make_article

PUBLISHERS, TURNS = 20, 2


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_twenty_who_publish_at_once_make_one_chain(front_page: object) -> None:
    articles = [
        make_article(f"Article {number}", topics=["Rivers"]) for number in range(PUBLISHERS)
    ]
    start, errors = threading.Barrier(PUBLISHERS), []

    def work(pk: int) -> None:
        try:
            start.wait()
            for turn in range(TURNS):
                article = Article.objects.get(pk=pk)
                article.title = f"Version {turn} of {pk}"
                article.save_revision().publish()
        except Exception as error:  # noqa: BLE001 - it is told to the test, whatever it is
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(article.pk,)) for article in articles]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    entries = list(Entry.objects.order_by("index"))
    assert [entry.index for entry in entries] == list(range(PUBLISHERS * TURNS))
    assert len({entry.previous_hash for entry in entries}) == len(entries)
    assert inspect_record() == []
    for published in PublishedArticle.objects.all():
        last = [entry for entry in entries if entry.article_id == published.pk][-1]
        recorded = json.loads(Payload.objects.get(pk=last.payload_sha256).content)
        assert recorded["headline"] == published.headline == f"Version 1 of {published.pk}"
