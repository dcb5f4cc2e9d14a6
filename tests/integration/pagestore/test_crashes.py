"""An editor's process is killed at any point around a commit while others read: nothing stale stays, none is lost."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from typing import TYPE_CHECKING, Self

import pytest
from django.db import connection

from copydesk.editorial.models import PublishedArticle
from copydesk.pagestore.models import Expiry
from tests.factories.crashing import editors_of, time_until_version, version_of
from tests.factories.editorial import make_article, publish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.factories.crashing import Editors
    from tests.factories.pages import Node

POINTS = 50
# What is promised, and what a busy machine may take between looking at the clock and being answered.
BOUND, GRACE = 1.0, 1.0


@pytest.fixture
def article(front_page: object, transactional_db: None) -> PublishedArticle:
    return publish(make_article("Version 0.", body=["Words."], topics=["Rivers"]))


@pytest.fixture
def editor(article: PublishedArticle) -> Iterator[Editors]:
    with editors_of(article.pk) as editors:
        yield editors


class Readers:
    """Reads the page over and over, and keeps what was read when."""

    def __init__(self, node: Node, path: str) -> None:
        self.node, self.path = node, path
        self.seen: list[tuple[float, int]] = []
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.read_on)

    def read_on(self) -> None:
        while not self.stop.is_set():
            began = time.monotonic()
            self.seen.append((began, version_of(self.node.get(self.path).text)))
            time.sleep(0.002)
        connection.close()

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop.set()
        self.thread.join()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_an_editor_killed_around_a_commit_leaves_no_stale_page(
    node: Node, article: PublishedArticle, editor: Editors
) -> None:
    chance, committed = random.Random(50), 0
    with Readers(node, article.path) as readers:
        child = editor.send_in()
        one_takes = time_until_version(article, 1)
        os.kill(child, signal.SIGKILL)
        for _point in range(POINTS):
            child = editor.send_in()
            time.sleep(chance.uniform(0.0, 2 * one_takes))
            os.kill(child, signal.SIGKILL)
            killed_at = time.monotonic()
            time.sleep(0.01)
            now_is = version_of(PublishedArticle.objects.get(pk=article.pk).headline)
            assert now_is >= committed, "what was committed is kept"
            committed = now_is
            _wait_until_read(readers, now_is, killed_at)
    _check_order(readers.seen)
    assert committed > POINTS // 5, "some were killed after their commit"
    tags = [row.tags.split() for row in Expiry.objects.all()]
    # One for the version it began with, and one for each since: what is committed has its expiry, and nothing else.
    assert sum(f"article:{article.pk}" in row for row in tags) == committed + 1


def _wait_until_read(readers: Readers, version: int, killed_at: float) -> None:
    deadline = killed_at + BOUND + GRACE
    while not (readers.seen and readers.seen[-1][1] >= version):
        assert time.monotonic() < deadline, f"readers still get {readers.seen[-1]}, not {version}"
        time.sleep(0.005)


def _check_order(seen: list[tuple[float, int]]) -> None:
    """No reader gets an older version than one who asked more than the bound before."""
    newest, waiting = 0, list(seen)
    for began, version in seen:
        while waiting and waiting[0][0] < began - BOUND:
            newest = max(newest, waiting.pop(0)[1])
        assert version >= newest
