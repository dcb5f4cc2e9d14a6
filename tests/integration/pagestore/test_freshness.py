"""Nobody gets a page older than the last commit by more than is promised, whatever happens in whatever order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import transaction
from django.test import TestCase
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from copydesk.editorial.models import Article, Person, Publication, Series, StaticPage, Topic
from copydesk.editorial.queries import publication
from copydesk.pagestore import queries
from tests.factories.editorial import (
    block,
    make_article,
    make_person,
    make_picture,
    make_series,
    make_static_page,
    make_topic,
    publish,
)
from tests.factories.pages import SIZE, Node, environ

if TYPE_CHECKING:
    from pathlib import Path

    from django.db.models import Model
    from pytest_django import Settings

pytestmark = pytest.mark.django_db

# What `watch` promises for what was committed elsewhere, or by a process that died before it could tell.
BOUND = 1.0
TOPICS, PEOPLE = ("Rivers", "Money"), ("Rosa", "Ivo")


@dataclass
class Clock:
    """The time of the nodes; it stands still until it is moved."""

    now: float = 1_000.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Truth:
    """What Django itself answers, after each commit."""

    django: Any = field(default_factory=WSGIHandler)
    # For each path what was so, and from when on.
    history: dict[str, list[tuple[float, bytes]]] = field(default_factory=dict)

    def note(self, paths: list[str], at: float) -> None:
        for path in paths:
            answer = self.ask(path)
            known = self.history.setdefault(path, [])
            if not known or known[-1][1] != answer:
                known.append((at, answer))

    def ask(self, path: str) -> bytes:
        told: list[str] = []
        body = b"".join(self.django(environ(path), lambda status, *_: told.append(status)))
        return told[0][:3].encode() + body

    def allowed(self, path: str, since: float) -> list[bytes]:
        """Return what was so at `since` or any time after it."""
        known = self.history[path]
        first = max((place for place, (at, _answer) in enumerate(known) if at <= since), default=0)
        return [answer for _at, answer in known[first:]]


class Site(RuleBasedStateMachine):
    """Editors change a publication on one node; readers read on two; processes start anew and die untimely."""

    folder: Path
    clock: Clock

    def __init__(self) -> None:
        super().__init__()
        # Undone at the end of each run; the rows before it are the fixtures'.
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        publication._remembered.cache_clear()
        queries.shared_store.cache_clear()
        self.run = str(id(self))
        self.truth, self.articles, self.number = Truth(), list[Article](), 0
        self.nodes = [self.start(0), self.start(1)]
        # When something was committed that node 0 was not told of.
        self.untold_at = 0.0

    def teardown(self) -> None:
        for node in self.nodes:
            assert node.store
            node.store.close()
        queries.shared_store.cache_clear()
        self.transaction.__exit__(KeyError, KeyError(), None)

    def start(self, number: int) -> Node:
        """Start a node's process, on the file its last process left."""
        if number == 1:
            return Node(self.folder / self.run / "1")
        from django.conf import settings as django_settings

        django_settings.COPYDESK_PAGES_DIR = self.folder / self.run / "0"
        queries.shared_store.cache_clear()
        return Node(self.folder, store=queries.shared_store())

    @property
    def paths(self) -> list[str]:
        lists = [
            "/",
            "/latest/",
            "/topics/",
            "/people/",
            "/archive/",
            "/feed/atom.xml",
            "/archive/2026/",
        ]
        named: list[Any] = [*self.topics, *self.people, self.series]
        return [
            *lists,
            self.static_path,
            *(one.get_absolute_url() for one in named),
            *self.article_paths,
        ]

    def change(self, do: Any, *, is_told: bool = True) -> None:
        """Commit a change; where the process dies right after, nobody on its node is told."""
        self.number += 1
        with TestCase.captureOnCommitCallbacks(execute=is_told):
            do()
        if not is_told:
            self.untold_at = self.clock.now
        for one in (*self.topics, *self.people, self.series):
            one.refresh_from_db()
        self.truth.note(self.paths, self.clock.now)

    @initialize()
    def begin(self) -> None:
        self.topics = [make_topic(f"{name} {self.run}") for name in TOPICS]
        self.people = [make_person(f"{name} {self.run}") for name in PEOPLE]
        self.series, self.picture = make_series(f"Series {self.run}"), make_picture()
        page = make_static_page(f"About {self.run}")
        self.static_page, self.static_path = page, "/" + page.url_path.split("/", 2)[2]
        self.article_paths: list[str] = []
        for visibility in ("public", "members"):
            self.write(visibility=visibility, topic=0, person=0, is_told=True)

    @rule(
        visibility=st.sampled_from(["public", "members"]),
        topic=st.integers(0, 1), person=st.integers(0, 1), is_told=st.booleans(),
    )  # fmt: skip
    def write(self, visibility: str, topic: int, person: int, *, is_told: bool) -> None:
        def do() -> None:
            article = make_article(
                f"Article {self.number}",
                body=["Open.", block("preview_end"), "Closed."],
                topics=[self.topics[topic]], by=[self.people[person]], visibility=visibility,
                series=self.series if topic else None, lead_picture=self.picture if person else None,
            )  # fmt: skip
            self.article_paths.append(publish(article).path)
            self.articles.append(article)

        self.change(do, is_told=is_told)

    @rule(which=st.integers(0, 9), is_told=st.booleans())
    def edit(self, which: int, *, is_told: bool) -> None:
        def do() -> None:
            article = self.articles[which % len(self.articles)]
            article.refresh_from_db()
            article.title, article.is_featured = f"Changed {self.number}", self.number % 2 == 0
            article.article_topics.set([])
            article.save_revision().publish()

        self.change(do, is_told=is_told)

    @rule(which=st.integers(0, 9), is_told=st.booleans())
    def withdraw(self, which: int, *, is_told: bool) -> None:
        def do() -> None:
            article = self.articles[which % len(self.articles)]
            article.refresh_from_db()
            article.unpublish()

        self.change(do, is_told=is_told)

    @rule(which=st.integers(0, 4), is_told=st.booleans())
    def rename(self, which: int, *, is_told: bool) -> None:
        named: list[Topic | Person | Series] = [*self.topics, *self.people, self.series]
        one = named[which]
        one.name = f"Named {self.number}"
        self.change(lambda: one.save(update_fields=["name"]), is_told=is_told)

    @rule(is_told=st.booleans())
    def redraw(self, *, is_told: bool) -> None:
        self.picture.credit, self.picture.file_hash = f"Credit {self.number}", f"{self.number:040x}"
        self.change(
            lambda: self.picture.save(update_fields=["credit", "file_hash"]), is_told=is_told
        )

    @rule(is_told=st.booleans())
    def settle(self, *, is_told: bool) -> None:
        def do() -> None:
            settings = Publication.load()
            settings.tagline = f"Tagline {self.number}"
            settings.save(update_fields=["tagline"])

        self.change(do, is_told=is_told)

    @rule(is_told=st.booleans())
    def rewrite_static_page(self, *, is_told: bool) -> None:
        def do() -> None:
            page = StaticPage.objects.get(pk=self.static_page.pk)
            page.title = f"About {self.number}"
            page.save_revision().publish()

        self.change(do, is_told=is_told)

    @rule(seconds=st.sampled_from([0.05, 0.3, 0.6, 1.1]))
    def wait(self, seconds: float) -> None:
        self.clock.now += seconds

    @rule(number=st.integers(0, 1))
    def start_anew(self, number: int) -> None:
        store = self.nodes[number].store
        assert store
        store.close()
        self.nodes[number] = self.start(number)

    @rule(
        number=st.integers(0, 1),
        which=st.integers(0, 30),
        codings=st.sampled_from(["", "gzip, br"]),
    )
    def read(self, number: int, which: int, codings: str) -> None:
        paths = self.paths
        path = paths[which % len(paths)]
        answer = self.nodes[number].get(path, HTTP_ACCEPT_ENCODING=codings)
        if codings:  # What was asked compressed is compared as it is plain.
            answer = self.nodes[number].get(path)
        since = self.clock.now - BOUND
        if number == 0 and self.untold_at <= since:
            since = self.clock.now
        whole = f"{answer.status}".encode() + answer.body
        allowed = self.truth.allowed(path, since)
        assert whole in allowed, f"{path} on node {number} is older than promised"

    @rule()
    def read_all(self) -> None:
        for which in range(len(self.paths)):
            for number in (0, 1):
                self.read(number, which, "")


@pytest.mark.long
def test_no_page_is_older_than_promised(
    front_page: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    Site.folder, Site.clock = tmp_path, Clock()
    for module in ("middleware.watch", "middleware.front", "backends.store"):
        monkeypatch.setattr(f"copydesk.pagestore.{module}.time", Site.clock)
    settings.COPYDESK_PAGES_SIZE = SIZE
    run_state_machine_as_test(Site, settings=PROFILE)


PROFILE = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
