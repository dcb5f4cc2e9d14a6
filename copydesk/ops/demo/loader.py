"""Loads the demo publication through the same actions editors use, with dates counted back from the day of loading."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from wagtail.models import PageLogEntry
from wagtail_footnotes.models import Footnote

from copydesk.editorial.actions.setup import prepare_site
from copydesk.editorial.models import (
    Article,
    ArticleTopic,
    Byline,
    BylineRole,
    FrontPage,
    Publication,
    PublishedArticle,
    StaticPage,
)
from copydesk.kit import clock
from copydesk.ops.demo import catalog
from copydesk.ops.demo.manuscript import read_manuscript
from copydesk.ops.demo.markup import Shelf, Typesetter
from copydesk.ops.demo.notices import add_notice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from copydesk.editorial.models import Person, Picture, Series, Topic
    from copydesk.members.models import Member
    from copydesk.ops.demo.manuscript import Manuscript
    from copydesk.sources.models import Source

BYLINES = {
    "by": BylineRole.AUTHOR,
    "photographed_by": BylineRole.PHOTOGRAPHER,
    "illustrated_by": BylineRole.ILLUSTRATOR,
    "translated_by": BylineRole.TRANSLATOR,
    "edited_by": BylineRole.EDITOR,
}
# Fields of an article that stand in its front matter under their own names.
PLAIN = ("kind", "standfirst", "is_featured", "visibility", "discussion", "language", "lead_alt", "lead_credit",
         "seo_title", "search_description", "share_title", "share_description")  # fmt: skip
UNSEEN = {"draft", "submitted", "scheduled"}


class NotEmpty(Exception):
    """The publication holds something that is not the demo's."""


def load_demo(*, at: datetime, tell: Callable[[str], None]) -> bool:
    """Fill an empty publication with the demo; return False, changing nothing, where it is loaded already.

    Raises NotEmpty on a publication with articles of its own: the demo's accounts have a password everybody knows.
    """
    manuscripts = _manuscripts("articles")
    slugs = {manuscript.slug for manuscript in manuscripts}
    if Article.objects.filter(slug__in=slugs).exists():
        return False
    if Article.objects.exists():
        raise NotEmpty
    with transaction.atomic():
        prepare_site(at=at)
        _Load(at, tell).run(manuscripts, _manuscripts("pages"))
    return True


def _manuscripts(folder: str) -> list[Manuscript]:
    return [read_manuscript(path) for path in sorted((catalog.CONTENT / folder).glob("*.md"))]


@dataclass
class _Load:
    """One load: the records made so far, by the names manuscripts use."""

    at: datetime
    tell: Callable[[str], None]
    topics: Mapping[str, Topic] = field(default_factory=dict)
    series: Mapping[str, Series] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    members: Mapping[str, Member] = field(default_factory=dict)
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    shelf: Shelf = field(default_factory=lambda: Shelf({}, {}, {}))

    def run(self, articles: list[Manuscript], pages: list[Manuscript]) -> None:
        self._catalog()
        made_pages = self._start_pages(pages)
        made_articles = self._start_articles(articles)
        ids = {slug: page.pk for slug, page in (made_pages | made_articles).items()}
        self.shelf = replace(self.shelf, pages=ids)
        for manuscript in pages:
            self._fill_page(made_pages[manuscript.slug], manuscript)
        self.tell(f"Pages: {len(pages)}")
        self._live_through(
            (when, done)
            for manuscript in articles
            for when, done in self._life(made_articles[manuscript.slug], manuscript)
        )
        self.tell(f"Articles: {len(articles)}")
        catalog.change_sources(self.sources, at=self.at)
        self._settings(made_pages)

    def _catalog(self) -> None:
        self.pictures = catalog.add_pictures()
        files = catalog.add_files()
        self.tell(f"Pictures and files: {len(self.pictures) + len(files)}")
        self.topics, self.series = catalog.add_topics(), catalog.add_series()
        self.members = catalog.add_members()
        self.people = catalog.add_people(self.pictures, self.members)
        self.tell(
            f"People, topics, series: {len(self.people)}, {len(self.topics)}, {len(self.series)}"
        )
        pictures = {name: picture.pk for name, picture in self.pictures.items()}
        self.sources = catalog.add_sources(at=self.at)
        self.tell(f"Sources: {len(self.sources)}")
        self.shelf = Shelf(
            {},
            pictures,
            {name: file.pk for name, file in files.items()},
            {name: source.pk for name, source in self.sources.items()},
        )

    def _start_pages(self, manuscripts: Iterable[Manuscript]) -> dict[str, StaticPage]:
        """Make the pages empty, so that each can link to any other; parents come first."""
        front = FrontPage.objects.get()
        made: dict[str, StaticPage] = {}
        for manuscript in sorted(
            manuscripts, key=lambda page: (page.front.get("parent", ""), page.slug)
        ):
            parent = made.get(manuscript.front.get("parent", ""), front)
            page = StaticPage(title=manuscript.front["title"], slug=manuscript.slug, live=False)
            page.owner = self.members["editor"]
            page.first_published_at = self.at - timedelta(days=manuscript.front["days_ago"])
            made[manuscript.slug] = parent.add_child(instance=page)
        return made

    def _start_articles(self, manuscripts: Iterable[Manuscript]) -> dict[str, Article]:
        """Make the articles empty, oldest first, so that each can link to any other."""
        front = FrontPage.objects.get()
        made: dict[str, Article] = {}
        for manuscript in sorted(manuscripts, key=self._moment):
            article = Article(title=manuscript.front["title"], slug=manuscript.slug, live=False)
            article.owner = self._owner(manuscript)
            if manuscript.front.get("state") not in UNSEEN:
                article.first_published_at = self._moment(manuscript)
            made[manuscript.slug] = front.add_child(instance=article)
        return made

    def _moment(self, manuscript: Manuscript) -> datetime:
        """Return when it was published, or is to be."""
        day = self.at - timedelta(days=manuscript.front["days_ago"])
        clock = manuscript.front["time"]
        return min(
            day.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0),
            self._latest(day),
        )

    def _latest(self, day: datetime) -> datetime:
        """Nothing that is out can be dated later than the load."""
        return (
            self.at - timedelta(minutes=20)
            if day <= self.at
            else datetime.max.replace(tzinfo=self.at.tzinfo)
        )

    def _owner(self, manuscript: Manuscript) -> Member:
        accounts = (self.people[slug].member for slug in manuscript.front.get("by", ()))
        return next(accounts, None) or self.members["editor"]

    def _fill_page(self, page: StaticPage, manuscript: Manuscript) -> None:
        typesetter = Typesetter(manuscript, self.shelf)
        page.standfirst = manuscript.front.get("standfirst", "")
        _set_body(page, typesetter)
        page.save_revision(user=page.owner).publish(user=page.owner)
        _backdate(page, page.first_published_at or self.at)

    def _live_through(self, story: Iterable[tuple[datetime, Callable[[], None]]]) -> None:
        """Let everything happen in the order of its time: the record never goes back."""
        for when, happens in sorted(story, key=lambda step: step[0]):
            with clock.telling_of(min(when, self.at)):
                happens()

    def _life(
        self, article: Article, manuscript: Manuscript
    ) -> Iterator[tuple[datetime, Callable[[], None]]]:
        """What happens to an article, and when."""
        changes = list(manuscript.front.get("changes", ()))
        moment = self._moment(manuscript)
        yield moment, lambda: self._fill_article(article, manuscript, changes)
        for number, change in enumerate(changes):
            when = self.at - timedelta(days=change["days_ago"])
            yield when, partial(self._change, article, manuscript, changes, number)
        for said in manuscript.front.get("notices", ()):
            when = self.at - timedelta(days=said["days_ago"])
            yield when, partial(add_notice, said, article, by=self.members["editor"])
        if manuscript.front.get("state") == "withdrawn":
            yield moment + timedelta(days=1), lambda: self._withdraw(article, moment)

    def _fill_article(
        self, article: Article, manuscript: Manuscript, changes: Sequence[Mapping[str, Any]]
    ) -> None:
        typesetter = Typesetter(manuscript, self.shelf)
        _set_body(article, typesetter)
        self._set_fields(article, manuscript.front, typesetter)
        _take_back(article, changes)
        self._release(article, manuscript)

    def _change(
        self,
        article: Article,
        manuscript: Manuscript,
        changes: Sequence[Mapping[str, Any]],
        number: int,
    ) -> None:
        """Publish the next version of an article; the manuscript is the last."""
        draft = Article.objects.get(pk=article.pk).get_latest_revision_as_object()
        typesetter = Typesetter(manuscript, self.shelf)
        draft.body = json.dumps(typesetter.body())
        draft.title = manuscript.front["title"]
        self._set_fields(draft, manuscript.front, typesetter)
        _take_back(draft, changes[number + 1 :])
        change = changes[number]
        draft.change_note, draft.change_is_minor = (
            change.get("note", ""),
            change.get("minor", False),
        )
        draft.save_revision(user=draft.owner).publish(user=self.members["editor"])
        _backdate(draft, self.at - timedelta(days=change["days_ago"]))

    def _withdraw(self, article: Article, moment: datetime) -> None:
        Article.objects.get(pk=article.pk).unpublish(user=self.members["editor"])
        _backdate(article, moment)

    def _set_fields(
        self, article: Article, front: Mapping[str, Any], typesetter: Typesetter
    ) -> None:
        for name in PLAIN:
            setattr(article, name, front.get(name, getattr(article, name)))
        if "lead" in front:
            article.lead_picture = self.pictures[front["lead"]]
            article.lead_caption = typesetter.inline(front.get("lead_caption", ""))
        article.series = self.series.get(front.get("series", ""))
        article.article_topics = [ArticleTopic(topic=self.topics[slug]) for slug in front["topics"]]
        article.bylines = [
            Byline(person=self.people[slug], role=role)
            for key, role in BYLINES.items()
            for slug in front.get(key, ())
        ]

    def _release(self, article: Article, manuscript: Manuscript) -> None:
        """Bring the article to where its front matter says it stands."""
        state, moment = manuscript.front.get("state", "live"), self._moment(manuscript)
        if state == "scheduled":
            article.go_live_at = moment
        revision = article.save_revision(user=article.owner)
        if state == "submitted":
            article.get_workflow().start(article, user=article.owner)
        if state in {"draft", "submitted"}:
            return
        revision.publish(user=self.members["editor"])
        if state != "scheduled":
            days = manuscript.front.get("updated_days_ago")
            _backdate(article, moment if days is None else self.at - timedelta(days=days))
        if "next_title" in manuscript.front:
            self._edit_further(article, manuscript.front["next_title"])

    def _edit_further(self, article: Article, title: str) -> None:
        """Leave a draft over the live article."""
        draft = Article.objects.get(pk=article.pk).get_latest_revision_as_object()
        draft.title = title
        draft.save_revision(user=draft.owner)

    def _settings(self, pages: Mapping[str, StaticPage]) -> None:
        """Name the publication and hang up its navigation."""
        fields = catalog.read_table("publication")
        publication = Publication.load()
        policies = fields.pop("policies")
        for name in ("navigation", "footer_links"):
            links = [
                ("link", {**link, "page": pages.get(link.get("page", ""))})
                for link in fields.pop(name)
            ]
            setattr(publication, name, links)
        publication.logo = self.pictures[fields.pop("logo")]
        for name, value in fields.items():
            setattr(publication, name, value)
        for name, slug in policies.items():
            setattr(publication, name, pages[slug])
        publication.save(update_fields=["navigation", "footer_links", "logo", *fields, *policies])


def _take_back(article: Article, changes: Sequence[Mapping[str, Any]]) -> None:
    """Undo changes, the last first: each says what a passage is `now` and what it was `before`."""
    for change in reversed(changes):
        if "field" in change:
            whole = getattr(article, change["field"])
            setattr(article, change["field"], whole.replace(change["now"], change["before"]))
        else:
            now, before = (json.dumps(change[name])[1:-1] for name in ("now", "before"))
            article.body = json.dumps(list(article.body.raw_data)).replace(now, before)


def _set_body(page: Article | StaticPage, typesetter: Typesetter) -> None:
    page.body = json.dumps(typesetter.body())
    page.footnotes = [
        Footnote(uuid=typesetter.note_id(name), text=typesetter.rich_text(text))
        for name, text in typesetter.manuscript.notes.items()
    ]


def _backdate(page: Article | StaticPage, at: datetime) -> None:
    """Let the desk and readers see the page as of the day it claims: publishing itself always happens now."""
    type(page).objects.filter(pk=page.pk).update(
        last_published_at=at, latest_revision_created_at=at
    )
    page.revisions.update(created_at=at)
    PageLogEntry.objects.filter(page=page.pk).update(timestamp=at)
    PublishedArticle.objects.filter(pk=page.pk).update(updated_at=at)
