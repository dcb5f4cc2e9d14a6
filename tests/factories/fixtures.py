"""Fixtures of the whole suite; `tests/conftest.py` names this module in `pytest_plugins`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from copydesk.editorial.actions.setup import prepare_site
from copydesk.editorial.models import Publication
from copydesk.kit import clock
from copydesk.pagestore.queries import shared_store
from copydesk.record.models import Entry
from tests.factories import asking, editorial, mentions, sources
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


@pytest.fixture
def story(front_page: FrontPage) -> dict[str, Any]:
    """Return what the paths of the authorization table are filled in with: one of everything."""
    topic, person, series = editorial.make_topic(), editorial.make_person(), editorial.make_series()
    picture = editorial.make_picture()
    article = editorial.publish(
        editorial.make_article("Told", topics=[topic], by=[person], series=series)
    )
    withdrawn = editorial.make_article("Taken back")
    withdrawn_path = editorial.publish(withdrawn).path
    withdrawn.unpublish()
    draft = editorial.make_article("Not yet")
    attachment = editorial.make_attachment()
    Publication.objects.filter(pk=Publication.load().pk).update(accent="#1a5fb4")
    now = clock.now()
    quotation = sources.make_checked_quotation(article.article)
    return {
        "source": quotation.source_id,
        "request": asking.make_request(article.pk).uuid,
        "told": mentions.make_told_notice().pk,
        "entry": Entry.objects.filter(article_id=article.pk).latest("index").index,
        "unused_source": sources.make_source().pk,
        "quotation": quotation.uuid,
        "quoting": article.pk,
        "not_quoting": withdrawn.pk,
        "topic": topic.slug,
        "person": person.slug,
        "series": series.slug,
        "year": now.year,
        "month": f"{now.month:02}",
        "article": article.path,
        "withdrawn": withdrawn_path,
        "draft": f"/{draft.slug}/",
        "draft_pk": draft.pk,
        "picture": picture.rendition_url(480, "jpeg"),
        "thumbnail": picture.get_rendition("max-165x165").url,
        "attachment": reverse("editorial:attachment", args=[attachment.pk, attachment.filename]),
    }
