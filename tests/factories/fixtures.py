"""Fixtures of the whole suite; `tests/conftest.py` names this module in `pytest_plugins`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copydesk.editorial.actions.setup import prepare_site
from copydesk.kit import clock
from copydesk.pagestore.queries import shared_store
from tests.factories import editorial
from tests.factories.members import make_member

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from django.test import Client
    from pytest_django import DjangoDbBlocker, Settings

    from copydesk.editorial.models import FrontPage
    from copydesk.members.models import Member


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Prepare the site once, after the migrations, as every site does."""
    with django_db_blocker.unblock():
        prepare_site(at=clock.now())


@pytest.fixture
def front_page(db: None) -> FrontPage:
    """The root of the publication; prepared again where a test with real transactions emptied the database."""
    return editorial.front_page()


@pytest.fixture
def olga(front_page: FrontPage) -> Member:
    """The owner."""
    return make_member("olga")


@pytest.fixture
def ada(front_page: FrontPage) -> Member:
    """An editor."""
    return make_member("ada")


@pytest.fixture
def wanda(front_page: FrontPage) -> Member:
    """A writer."""
    return make_member("wanda")


@pytest.fixture
def carl(front_page: FrontPage) -> Member:
    """A contributor."""
    return make_member("carl")


@pytest.fixture
def mo(front_page: FrontPage) -> Member:
    """A moderator."""
    return make_member("mo")


@pytest.fixture
def ben(front_page: FrontPage) -> Member:
    """A member with no role, on the free tier."""
    return make_member("ben")


@pytest.fixture
def desk(client: Client, ada: Member) -> Client:
    """A browser in which the editor is signed in."""
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def store_folder(settings: Settings, tmp_path: Path, db: None) -> Iterator[Path]:
    """Return the folder of a page store that is this test's own."""
    settings.COPYDESK_PAGES_DIR = tmp_path / "pages"
    shared_store.cache_clear()
    yield tmp_path / "pages"
    shared_store().close()
    shared_store.cache_clear()


@pytest.fixture
def broken_store(store_folder: Path) -> Path:
    """Return a folder in which no store can be: a file is in its place."""
    store_folder.touch()
    return store_folder
