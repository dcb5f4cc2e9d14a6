"""What every test stands on: no network, no leftovers, and in CI nothing skipped."""

from __future__ import annotations

import gc
import os
import shutil
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase

from tests import database
from tests.settings import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoDbBlocker, Settings

pytest_plugins = ["tests.factories.fixtures"]

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI") == "true"
# Through these, and through `django_db`, a test gets at the database; what a fixture needs counts too.
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "site", "django_db_setup"}
LOCAL_HOSTS = {None, "", "localhost", "127.0.0.1", "::1", "0.0.0.0", socket.gethostname()}


def lacking(reason: str) -> None:
    """Skip the test because this machine lacks something; in CI, fail."""
    if IN_CI:
        pytest.fail(f"{reason} (CI skips nothing)", pytrace=False)
    pytest.skip(reason)


# --- The run


def pytest_configure(config: pytest.Config) -> None:
    # The processes of xdist end without running `atexit`.
    config.add_cleanup(lambda: shutil.rmtree(FOLDER, ignore_errors=True))
    real = socket.getaddrinfo

    def guarded(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in LOCAL_HOSTS and not _is_address(name):
            message = f"a test asked the network for the address of {name}"
            raise socket.gaierror(socket.EAI_NONAME, message)
        return real(host, *args, **kwargs)

    socket.getaddrinfo = guarded
    config.add_cleanup(lambda: setattr(socket, "getaddrinfo", real))


def _is_address(name: str) -> bool:
    """Say whether a name is an address in any spelling, which nobody needs to be asked for."""
    try:
        socket.inet_aton(name)
    except OSError:
        return ":" in name
    return True


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out (not skip) what is about the other database, and from the second run what is about none."""
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    left_out = {
        item
        for item in items
        if item.get_closest_marker(other)
        or (connection.vendor == "postgresql" and not _may_use_database(item))
    }
    if left_out:
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=list(left_out))


def pytest_collection_finish() -> None:
    """Look for garbage less often: what Django and the tests loaded is never any, and is long to look through."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _may_use_database(item: pytest.Item) -> bool:
    """Say whether a test is let at the database; any other that asks it something fails, on SQLite already."""
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(fixtures & DATABASE_FIXTURES)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if IN_CI and session.exitstatus == pytest.ExitCode.OK and _skipped(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(config: pytest.Config) -> None:
    if IN_CI and _skipped(config):
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        assert reporter
        reporter.write_line("Tests were skipped. In CI that fails the run.", red=True)


def _skipped(config: pytest.Config) -> bool:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return bool(reporter and reporter.stats.get("skipped"))


# --- The database


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Use the database that is there: the fixture below put a fresh one there."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock():
        database.copy_migrated()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Put back what migrations made after each test that really commits.

    Django empties every table after such a test. The root page, the roles and their permissions would be gone for the
    tests after it, whose order is random.
    """
    with django_db_blocker.unblock():
        # What preparing the site left for the worker to do is not these tests' work.
        apps.get_model("django_tasks_database", "DBTaskResult").objects.all().delete()
        migrated = connection.creation.serialize_db_to_string()
    case: Any = TransactionTestCase  # The method is Django's own, and not in the stubs.
    original = case._fixture_teardown

    def empty_and_refill(_case: TransactionTestCase) -> None:
        # Counters go on, as in Django: ids that rows get back now must not be given again.
        call_command(
            "flush",
            verbosity=0,
            interactive=False,
            reset_sequences=False,
            inhibit_post_migrate=True,
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM editorial_search"
            )  # It has no model for `flush` to know it by.
        connection.creation.deserialize_db_from_string(migrated)

    case._fixture_teardown = empty_and_refill
    yield
    case._fixture_teardown = original


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Forget the layout an earlier test's rows made: this process remembers it from request to request."""
    from copydesk.editorial.queries import (
        publication,
    )  # Django is not set up when this file is read.

    publication._remembered.cache_clear()


# --- Files


@pytest.fixture(autouse=True)
def _own_media(settings: Settings, tmp_path: Path) -> None:
    """Give each test a media folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real input data that lies beside the checkout."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        lacking(f"the folder {folder.relative_to(ROOT.parent)} beside the checkout is missing")
    return folder


# --- Programs


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Return the system's Chromium."""
    for name in ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome"):
        if found := shutil.which(name):
            return found
    lacking("Chromium is missing. On Debian, as root: apt-get install chromium")
    raise AssertionError
