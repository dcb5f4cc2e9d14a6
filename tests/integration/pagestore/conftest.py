from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from copydesk.pagestore import queries
from tests.factories.editorial import make_article, publish
from tests.factories.pages import SIZE, Node

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django import Settings

    from copydesk.editorial.models import PublishedArticle


@pytest.fixture(autouse=True)
def _keep_connection() -> Iterator[None]:
    """Keep the connection whose transaction the test is in; a web server's requests close theirs."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def node(front_page: object, tmp_path: Path, settings: Settings) -> Iterator[Node]:
    """The node at which this process's own changes are known at once."""
    settings.COPYDESK_PAGES_DIR, settings.COPYDESK_PAGES_SIZE = tmp_path / "pages", SIZE
    queries.shared_store.cache_clear()
    yield Node(tmp_path / "pages", store=queries.shared_store())
    queries.shared_store().close()
    queries.shared_store.cache_clear()


@pytest.fixture
def other_node(front_page: object, tmp_path: Path) -> Iterator[Node]:
    """A second machine with the same database."""
    other = Node(tmp_path / "other")
    yield other
    assert other.store
    other.store.close()


@pytest.fixture
def article(node: Node) -> PublishedArticle:
    """An article that is published."""
    return publish(
        make_article(
            "On bridges", body=["Weirs and locks."], topics=["Rivers"], by=["Rosa Reporter"]
        )
    )
