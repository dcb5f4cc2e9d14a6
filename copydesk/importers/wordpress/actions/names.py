"""Authors become people, categories and tags become topics: when the first article needs them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from copydesk.editorial.models import Person, Topic
from copydesk.importers.models import ImportedItem, ItemKind, ItemState
from copydesk.importers.wordpress.logic.convert import notes_on, plain_text
from copydesk.importers.wordpress.logic.fit import shorten
from copydesk.importers.wordpress.logic.records import Author, Item, Term, TermRef
from copydesk.importers.wordpress.logic.report import Line
from copydesk.kit.ids import free_slug, make_slug

if TYPE_CHECKING:
    from copydesk.importers.wordpress.actions.session import Session

#: WordPress files what has no category under this one; it says nothing.
_NO_CATEGORY = "uncategorized"
_GUEST = "cap-"


class Names:
    """Finds or makes the people and topics of a run, each asked for once."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._people: dict[str, Person | None] = {}
        self._topics: dict[str, Topic | None] = {}
        self._topics_by_name = {topic.name.casefold(): topic for topic in Topic.objects.all()}
        self._known = {
            (row.kind, row.external_id): row
            for row in ImportedItem.objects.filter(
                source=session.source, kind__in=[ItemKind.PERSON, ItemKind.TOPIC]
            ).select_related("person", "topic")
        }

    # -- people

    def people_of(self, item: Item) -> list[Person]:
        """Those named on the item: by Co-Authors Plus if it is in use, else the one who created it."""
        guests = [self._person(self._guest(term)) for term in item.terms_of("author")]
        named = [person for person in guests if person is not None]
        if not named and item.creator:
            author = self.session.authors.get(item.creator, Author(login=item.creator))
            named = [person for person in [self._person(author)] if person is not None]
        return list(dict.fromkeys(named))

    def _guest(self, term: TermRef) -> Author:
        login = term.slug.removeprefix(_GUEST)
        known = self.session.authors.get(login) or self.session.authors.get(term.name)
        guest = self.session.guests.get(login) or self.session.guests.get(term.slug)
        return known or guest or Author(login=login, display_name=term.name)

    def _person(self, author: Author) -> Person | None:
        if author.login not in self._people:
            self._people[author.login] = self._find_person(author) or self._make_person(author)
        return self._people[author.login]

    def _find_person(self, author: Author) -> Person | None:
        known = self._known.get((ItemKind.PERSON, author.login[:200]))
        if known is not None and known.person is not None:
            self.session.report.count("people", "unchanged")
            return known.person
        person = Person.objects.filter(name=_person_name(author)).first()
        if person is not None:
            self._remember(ItemKind.PERSON, author.login, person=person)
            self.session.report.count("people", "found here")
        return person

    def _make_person(self, author: Author) -> Person:
        name = _person_name(author)
        wanted = make_slug(name, fallback="author")
        person = Person.objects.create(
            name=name,
            slug=free_slug(wanted, lambda slug: Person.objects.filter(slug=slug).exists()),
            bio=_paragraph(author.description),
        )
        self._remember(ItemKind.PERSON, author.login, person=person)
        self.session.report.count("people", "created")
        self._note_repairs(name, author.line, author.name, author.description)
        return person

    # -- topics

    def topics_of(self, item: Item) -> list[Topic]:
        """The main category first, then the other categories, then the tags."""
        main = item.meta.get("_yoast_wpseo_primary_category", "")
        refs = sorted(
            item.terms_of("category", "post_tag"),
            key=lambda ref: (ref.taxonomy != "category", not self._is_main(ref, main)),
        )
        found = [self._topic(ref) for ref in refs if ref.slug != _NO_CATEGORY]
        return list(dict.fromkeys(topic for topic in found if topic is not None))

    def _is_main(self, ref: TermRef, main: str) -> bool:
        term = self.session.terms.get((ref.taxonomy, ref.slug))
        return bool(main) and term is not None and str(term.wp_id) == main

    def _topic(self, ref: TermRef) -> Topic | None:
        key = f"{ref.taxonomy}:{ref.slug}"[:200]
        if key not in self._topics:
            self._topics[key] = self._find_topic(key, ref) or self._make_topic(key, ref)
        return self._topics[key]

    def _find_topic(self, key: str, ref: TermRef) -> Topic | None:
        known = self._known.get((ItemKind.TOPIC, key))
        if known is not None and known.topic is not None:
            self.session.report.count("topics", "unchanged")
            return known.topic
        topic = self._topics_by_name.get(self._topic_name(ref).casefold())
        if topic is not None:
            self._remember(ItemKind.TOPIC, key, topic=topic)
            self.session.report.count("topics", "joined with one of the same name")
        return topic

    def _make_topic(self, key: str, ref: TermRef) -> Topic:
        name = self._topic_name(ref)
        wanted = make_slug(ref.slug if "%" not in ref.slug else name, fallback="topic")
        described = self.session.terms.get(
            (ref.taxonomy, ref.slug), Term(ref.taxonomy, ref.slug, "")
        )
        topic = Topic.objects.create(
            name=name,
            slug=free_slug(wanted, lambda slug: Topic.objects.filter(slug=slug).exists()),
            description=plain_text(described.description),
        )
        self._topics_by_name[name.casefold()] = topic
        self._remember(ItemKind.TOPIC, key, topic=topic)
        self.session.report.count("topics", "created")
        self._note_repairs(name, described.line, described.name or ref.name, described.description)
        return topic

    def _topic_name(self, ref: TermRef) -> str:
        term = self.session.terms.get((ref.taxonomy, ref.slug))
        name = (term.name if term else "") or ref.name or ref.slug
        return shorten(plain_text(name) or ref.slug, 100)

    def forget(self) -> None:
        """Drop what was cached: a transaction it was made in has been rolled back."""
        self._people.clear()
        self._topics.clear()
        self._topics_by_name = {topic.name.casefold(): topic for topic in Topic.objects.all()}

    def _note_repairs(self, name: str, line: int, *texts: str) -> None:
        for note in notes_on(*texts):
            self.session.report.note(
                Line(note.kind.value, note.detail, title=name, line=line or None)
            )

    def _remember(self, kind: ItemKind, external_id: str, **target: Any) -> None:
        ImportedItem.objects.update_or_create(
            source=self.session.source,
            kind=kind,
            external_id=external_id[:200],
            defaults={"state": ItemState.DONE, **target},
        )


def _person_name(author: Author) -> str:
    return shorten(plain_text(author.name) or author.login, 150)


def _paragraph(text: str) -> str:
    words = plain_text(text)
    return f"<p>{escape(words, quote=False)}</p>" if words else ""
