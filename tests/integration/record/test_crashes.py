"""An editor's process is killed at any point around a commit: article, version and page never disagree."""

from __future__ import annotations

import json
import os
import random
import signal
import time

import pytest
from django.test import Client

from copydesk.editorial.models import Article, PublishedArticle
from copydesk.record.models import Entry, Payload
from copydesk.record.queries.inspection import inspect_record
from tests.factories.crashing import editors_of, time_until_version, version_of
from tests.factories.editorial import make_article, publish

POINTS = 40


def versions(pk: int) -> tuple[int, int, int]:
    """Return which version the desk has live, which readers have, and which the record ends with."""
    entry = Entry.objects.filter(article_id=pk).order_by("-index")[0]
    recorded = json.loads(Payload.objects.get(pk=entry.payload_sha256).content)["headline"]
    live = Article.objects.get(pk=pk).title
    readers = PublishedArticle.objects.get(pk=pk).headline
    return version_of(live), version_of(readers), version_of(recorded)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_article_version_and_page_agree_after_any_crash(front_page: object) -> None:
    article = publish(make_article("Version 0.", body=["Words."]))
    chance, newest = random.Random(9), 0
    with editors_of(article.pk) as editors:
        child = editors.send_in()
        one_takes = time_until_version(article, 1)
        os.kill(child, signal.SIGKILL)
        for _point in range(POINTS):
            child = editors.send_in()
            time.sleep(chance.uniform(0.0, 2 * one_takes))
            os.kill(child, signal.SIGKILL)
            time.sleep(0.01)
            live, readers, recorded = versions(article.pk)
            assert live == readers == recorded >= newest
            assert version_of(Client().get(article.path).content.decode()) == live
            newest = live
    assert newest > POINTS // 5, "some were killed after their commit"
    # Each version that readers ever had is there, and none that they had not.
    entries = Entry.objects.order_by("index").values_list("index", "article_id")
    assert list(entries) == [(index, article.pk) for index in range(newest + 1)]
    assert inspect_record() == []
