"""An editor's process is killed at any point around a commit while others read: nothing stale stays, none is lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from copydesk.editorial.models import PublishedArticle
from copydesk.pagestore.models import Expiry
from tests.factories.editorial import make_article, publish
from tests.integration.pagestore.editor import version_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.factories.pages import Node

ROOT = Path(__file__).resolve().parents[3]
POINTS = 50
# What is promised, and what a busy machine may take between looking at the clock and being answered.
BOUND, GRACE = 1.0, 1.0


@pytest.fixture
def article(front_page: object, transactional_db: None) -> PublishedArticle:
    return publish(make_article("Version 0.", body=["Words."], topics=["Rivers"]))


@pytest.fixture
def editor(article: PublishedArticle, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The process that forks editors; it works on this test's database."""
    environ = os.environ | {
        "COPYDESK_DIR": str(settings.DATA_DIR.parent),
        "COPYDESK_SECRET_KEY": settings.SECRET_KEY,
        "COPYDESK_DATABASE_URL": _database_url(),
        "DJANGO_SETTINGS_MODULE": "copydesk.config.settings",
    }
    command = [sys.executable, "-m", "tests.integration.pagestore.editor", str(article.pk)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        yield process
        process.kill()


def _database_url() -> str:
    known: dict[str, Any] = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:////{str(known['NAME']).lstrip('/')}"
    given = urlsplit(os.environ["COPYDESK_DATABASE_URL"])
    return given._replace(path=f"/{known['NAME']}").geturl()


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
    node: Node, article: PublishedArticle, editor: subprocess.Popen[str]
) -> None:
    chance, committed = random.Random(50), 0
    with Readers(node, article.path) as readers:
        child = _send_in(editor)
        one_takes = _time_until_version(article, 1)
        os.kill(child, signal.SIGKILL)
        for _point in range(POINTS):
            child = _send_in(editor)
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


def _send_in(editor: subprocess.Popen[str]) -> int:
    """Have an editor begin, and return the number of their process."""
    assert editor.stdin
    assert editor.stdout
    editor.stdin.write("go\n")
    editor.stdin.flush()
    said = [editor.stdout.readline().strip() for _line in range(2)]
    return next(int(line) for line in said if line.isdecimal())


def _time_until_version(article: PublishedArticle, version: int) -> float:
    """Return how many seconds an editor takes for the first version."""
    began = time.monotonic()
    while version_of(PublishedArticle.objects.get(pk=article.pk).headline) < version:
        assert time.monotonic() < began + 60
        time.sleep(0.005)
    return time.monotonic() - began


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
