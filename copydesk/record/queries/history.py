"""The history of an article: what readers got of it, when, and why."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Subquery

from copydesk.editorial.models import PublishedArticle, Visibility
from copydesk.pagestore.logic.tags import depends_on, tag
from copydesk.record.models import REDACTABLE, WITH_TEXT, Entry, EntryKind, Payload, Redaction

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from copydesk.record.models import Notice

PER_PAGE = 100
# The versions that a TimeMap names: the newest.
MOST_MAPPED = 5_000
# Numbers that a query takes at once.
IDS_AT_ONCE = 1_000
# All that happened to an article.
HAPPENED = (*WITH_TEXT, EntryKind.WITHDRAWN, EntryKind.NOTICE)
STRICTER = (Visibility.PUBLIC, Visibility.MEMBERS, Visibility.PAID)


@dataclass(frozen=True)
class Subject:
    """An article as readers have it now or, where it is withdrawn, had it last; `path` is "" for one never named."""

    pk: int
    headline: str
    path: str
    language: str
    visibility: str
    is_live: bool


@dataclass(frozen=True)
class Step:
    """One thing that happened: a version has a `number`, from 1; for anything else it is 0.

    `redaction` is the entry that says why the text of the version is gone.
    """

    entry: Entry
    number: int
    redaction: Entry | None = None
    notice: Notice | None = None

    @property
    def previous(self) -> int:
        """The number of the version before, 0 for none."""
        return max(self.number - 1, 0)


@dataclass(frozen=True)
class Group:
    """Steps that are shown together: several small corrections of form, or one of anything else."""

    steps: list[Step]
    is_minor: bool


@dataclass(frozen=True)
class History:
    """A page of the history, newest first; `older` is where the next page begins, None for the last."""

    subject: Subject
    groups: list[Group]
    version_count: int
    older: int | None

    @property
    def steps(self) -> list[Step]:
        """All of this page."""
        return [step for group in self.groups for step in group.steps]

    @property
    def versions(self) -> list[Step]:
        """Those that can be read and compared."""
        return [step for step in self.steps if step.number and not step.redaction]


@dataclass(frozen=True)
class Recorded:
    """A version: `content` is what readers got, None where it was taken out of the record."""

    number: int
    entry: Entry
    content: dict[str, Any] | None
    redaction: Entry | None

    @property
    def visibility(self) -> str:
        """Whom it was for."""
        return str(self.content["visibility"]) if self.content else Visibility.PAID


@dataclass(frozen=True)
class Place:
    """A version among the others of its article: how many there are, and when those beside it came out."""

    version: Recorded
    count: int
    first_at: datetime
    last_at: datetime
    previous_at: datetime | None
    next_at: datetime | None


def versions_of(article_id: int) -> QuerySet[Entry]:
    """Return the entries that hold the versions of an article, oldest first."""
    return Entry.objects.filter(article_id=article_id, kind__in=WITH_TEXT).order_by("index")


def version_counts(article_ids: Collection[int]) -> dict[int, int]:
    """Return how many versions each of these articles has, in one query for a thousand."""
    counts: dict[int, int] = {}
    ids = list(article_ids)
    for first in range(0, len(ids), IDS_AT_ONCE):
        some = ids[first : first + IDS_AT_ONCE]
        rows = Entry.objects.filter(article_id__in=some, kind__in=WITH_TEXT)
        counts.update(rows.values_list("article_id").annotate(count=Count("pk")).order_by())
    return counts


def find_subject(article_id: int) -> Subject | None:
    """Return the article of a number, live or withdrawn; None where there is none. One query, three if withdrawn."""
    depends_on(tag("article", article_id))
    names = ("headline", "path", "language", "visibility")
    live = PublishedArticle.objects.filter(pk=article_id).values(*names).first()
    if live:
        return Subject(pk=article_id, is_live=True, **live)
    last = versions_of(article_id).last()
    if last is None:
        return None
    known = _newest_content(article_id)
    return Subject(
        pk=article_id,
        headline=known.get("headline") or last.path,
        path=last.path,
        language=known.get("language", ""),
        visibility=known.get("visibility", Visibility.PUBLIC),
        is_live=False,
    )


def _newest_content(article_id: int) -> dict[str, Any]:
    """Return what was recorded last and is still there; {} where all was taken out."""
    kept = Payload.objects.filter(pk=OuterRef("payload_sha256")).values("content")
    rows = versions_of(article_id).annotate(content=Subquery(kept)).exclude(content=None)
    newest = rows.order_by("-index").values_list("content", flat=True).first()
    found: dict[str, Any] = json.loads(newest) if newest else {}
    return found


def history_of(subject: Subject, *, before: int | None = None) -> History:
    """Return a page of the history of an article, what came before the entry `before`; in three queries."""
    rows = Entry.objects.filter(article_id=subject.pk, kind__in=HAPPENED)
    if before is not None:
        rows = rows.filter(index__lt=before)
    found = list(rows.select_related("notice").order_by("-index")[: PER_PAGE + 1])
    entries = found[:PER_PAGE]
    count = versions_of(subject.pk).filter(index__lte=entries[0].index).count() if entries else 0
    steps = _steps(entries, count)
    groups = [
        Group(list(together), is_minor) for (is_minor, _key), together in groupby(steps, _together)
    ]
    older = entries[-1].index if len(found) > PER_PAGE else None
    return History(subject, groups, count, older)


def _together(step: Step) -> tuple[bool, int]:
    return step.entry.is_minor, 0 if step.entry.is_minor else step.entry.index


def _steps(entries: Sequence[Entry], count: int) -> list[Step]:
    redactions = redactions_of(
        entry.payload_sha256 for entry in entries if entry.kind in REDACTABLE
    )
    steps = []
    for entry in entries:
        has_text = entry.kind in WITH_TEXT
        redaction = redactions.get(entry.payload_sha256) if entry.kind in REDACTABLE else None
        notice = getattr(entry, "notice", None)
        steps.append(Step(entry, count if has_text else 0, redaction, notice))
        count -= has_text
    return steps


def redactions_of(hashes: Iterable[str]) -> dict[str, Entry]:
    """Return the entries that say why contents were taken out, by the hash of the content."""
    rows = Redaction.objects.filter(payload_sha256__in=list(hashes)).select_related("entry")
    return {row.payload_sha256: row.entry for row in rows}


def place_of(article_id: int, number: int) -> Place | None:
    """Return a version by its number, from 1; None where there is none. Three queries, four where it was taken out."""
    span = versions_of(article_id).aggregate(count=Count("pk"), first=Min("at"), last=Max("at"))
    if not 1 <= number <= span["count"]:
        return None
    first = max(number - 1, 1)
    beside = dict(enumerate(versions_of(article_id)[first - 1 : number + 1], first))
    previous, following = beside.get(number - 1), beside.get(number + 1)
    return Place(
        version=_with_contents([(number, beside[number])])[0],
        count=span["count"],
        first_at=span["first"],
        last_at=span["last"],
        previous_at=previous.at if previous else None,
        next_at=following.at if following else None,
    )


def recorded_versions(article_id: int, numbers: Sequence[int]) -> list[Recorded]:
    """Return those of some versions that there are, with what they hold: a query for each, and two for all."""
    count = versions_of(article_id).count()
    wanted = [number for number in numbers if 1 <= number <= count]
    return _with_contents([(number, versions_of(article_id)[number - 1]) for number in wanted])


def mapped_versions(article_id: int) -> list[tuple[int, datetime]]:
    """Return the numbers and times of the versions that can be read, the newest 5,000, oldest first; two queries."""
    count = versions_of(article_id).count()
    first = max(count - MOST_MAPPED, 0)
    kept = Payload.objects.filter(pk=OuterRef("payload_sha256"))
    rows = versions_of(article_id).annotate(is_kept=Exists(kept)).values_list("at", "is_kept")
    return [(number, at) for number, (at, is_kept) in enumerate(rows[first:], first + 1) if is_kept]


def _with_contents(rows: Sequence[tuple[int, Entry]]) -> list[Recorded]:
    hashes = {entry.payload_sha256 for _number, entry in rows}
    contents = dict(Payload.objects.filter(pk__in=hashes).values_list("pk", "content"))
    redactions = redactions_of(hashes - contents.keys()) if hashes - contents.keys() else {}
    return [
        Recorded(
            number,
            entry,
            json.loads(contents[sha256]) if (sha256 := entry.payload_sha256) in contents else None,
            redactions.get(entry.payload_sha256),
        )
        for number, entry in rows
    ]


def strictest(*visibilities: str) -> str:
    """Return the narrowest of several circles of readers: a version stays for whom it was, and follows the article."""
    return max(visibilities, key=[str(each) for each in STRICTER].index)
