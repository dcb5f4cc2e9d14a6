"""Flags at the articles whose ground has moved: opened for thousands at once, with one statement.

A flag's cause is where it all began, and goes from hop to hop: an article is flagged once for each, so cycles end.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import F, Q

from copydesk.editorial.models import PublishedArticle
from copydesk.record.logic import gravity as weigh
from copydesk.record.models import ELSEWHERE, Flag, FlagState, Notice, RecordSettings, Reliance
from copydesk.sources.logic.verdicts import ACCEPTED
from copydesk.sources.models import Citation, Handling, Quotation, Relation, Source, SourceEvent

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

# To mention or to dispute something rests nothing on it: citing a retracted paper as such is right.
RESTS_NOTHING = (Relation.MENTIONS, Relation.DISPUTES)
# What was made of a change before the worker came to it, so that no article need be looked at for its sake.
SETTLED = (Handling.NO_EFFECT, Handling.MARKED)
LONGEST_TITLE = 255
Step = dict[str, Any]


@dataclass(frozen=True)
class Cause:
    """Why articles are flagged: where it began, by what, and the way so far, which ends before the flagged article."""

    name: str
    path: list[Step]
    source_id: int | None = None
    event_id: int | None = None
    notice_id: int | None = None

    @property
    def article_ids(self) -> list[int]:
        """The articles that it went through, which it does not come back to."""
        return [step["id"] for step in self.path if step["kind"] == "article"]


@transaction.atomic
def flag_source_change(*, event_id: int, at: datetime) -> int:
    """Flag the live articles that rest on a source that changed; return how many were. Safe to run twice.

    Those are gravest whose own quotation is in the source no more.
    """
    event = SourceEvent.objects.select_related("source").get(pk=event_id)
    if event.handling in SETTLED:
        return 0
    cause = Cause(
        name=f"event:{event.pk}",
        path=[source_step(event.source)],
        source_id=event.source_id,
        event_id=event.pk,
    )
    weights = {
        is_hit: weigh.of_event(kind=event.kind, severity=event.severity, is_hit=is_hit)
        for is_hit in (True, False)
    }
    hit = open_flags(cause, _hit_by(event.source_id), gravity=weights[True], at=at)
    return hit + open_flags(cause, resting_on(event.source_id), gravity=weights[False], at=at)


@transaction.atomic
def flag_source_standing(*, source_id: int, standing: str, by_id: int | None, at: datetime) -> int:
    """Flag the live articles that rest on a source that was marked; return how many were. Safe to run twice.

    Flags that wait because of changes which that explains are taken up by these.
    """
    gravity = weigh.of_standing(standing)
    source = Source.objects.get(pk=source_id)
    if gravity is None or source.standing != standing:
        return 0
    name = f"source:{source_id}:{standing}"
    cause = Cause(name=name, path=[source_step(source)], source_id=source_id)
    count = open_flags(cause, resting_on(source_id), gravity=gravity, at=at)
    explained = Q(event__isnull=False, event__detected_at__lte=at) | Q(
        cause__startswith=f"{ELSEWHERE}:", opened_at__lte=at
    )
    taken = Flag.objects.filter(explained, source=source_id, state=FlagState.OPEN)
    taken.update(state=FlagState.SUPERSEDED, decided_by=by_id, decided_at=at)
    return count


@transaction.atomic
def flag_notice(*, notice_id: int, at: datetime) -> int:
    """Flag the live articles that rest on an article of ours which got a notice; return how many were.

    Where the notice answers a flag, the way goes on from there and weighs less. Safe to run twice.
    """
    notice = Notice.objects.get(pk=notice_id)
    gravity = weigh.of_notice(kind=notice.kind, severity=notice.severity)
    if gravity is None:
        return 0
    here = article_step(notice.article_id)
    answered = notice.answers.order_by("-gravity", "pk").first()
    if answered is None:
        cause = Cause(name=f"notice:{notice.pk}", path=[here], notice_id=notice.pk)
    else:
        gravity = weigh.one_hop_on(gravity, before=answered.gravity)
        cause = Cause(
            name=answered.cause,
            path=[*answered.path, here],
            source_id=answered.source_id,
            event_id=answered.event_id,
            notice_id=notice.pk,
        )
    return open_flags(cause, relying_on(notice.article_id), gravity=gravity, at=at)


@dataclass(frozen=True)
class Elsewhere:
    """What a site elsewhere says of a page of its own: that it corrected it, or retracted it.

    `key` tells the page from others, `stated` this correction from others of the page. Title and words are clean text.
    """

    url: str
    key: str
    host: str
    title: str
    words: str
    stated: str
    is_retraction: bool
    corrected_at: datetime

    @property
    def prefix(self) -> str:
        """How the causes of flags because of this page begin."""
        return f"{ELSEWHERE}:{_digest(self.key)}:"


@transaction.atomic
def flag_elsewhere(*, said: Elsewhere, source: Source | None, linking_id: int, at: datetime) -> int:
    """Flag the live articles that rest on a page that its own site says it corrected; return how many were.

    They are those that rest on `source`, which is the page where we know it as a source, and the one with the key
    `linking_id` (0 for none), which links to it. Not flagged is an article that is younger than the correction, and one
    at which a flag because of the same page waits that weighs as much; none is where the source was marked since. Safe
    to run twice.
    """
    gravity = weigh.RETRACTED if said.is_retraction else weigh.CORRECTED
    if source is not None and _is_known(source, gravity, said.corrected_at):
        return 0
    waiting = Flag.objects.filter(
        cause__startswith=said.prefix, state=FlagState.OPEN, gravity__gte=gravity
    )
    resting = resting_on(source.pk).values("pk") if source else []
    articles = PublishedArticle.objects.filter(Q(pk__in=resting) | Q(pk=linking_id)).filter(
        published_at__lt=said.corrected_at
    )
    step = {
        "kind": ELSEWHERE,
        "id": source.pk if source else 0,
        "title": said.title[:LONGEST_TITLE],
    }
    cause = Cause(
        name=f"{said.prefix}{_digest(f'{said.is_retraction} {said.stated or said.words}')}",
        path=[step | {"url": said.url, "host": said.host, "words": said.words}],
        source_id=source.pk if source else None,
    )
    flagged = articles.exclude(pk__in=waiting.order_by().values("article"))
    return open_flags(cause, flagged, gravity=gravity, at=at)


def _is_known(source: Source, gravity: int, corrected_at: datetime) -> bool:
    marked = weigh.of_standing(source.standing) or 0
    is_since = source.standing_at is not None and source.standing_at >= corrected_at
    return marked >= gravity and is_since


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def resting_on(source_id: int) -> QuerySet[PublishedArticle]:
    """Return the live articles that rest on a source."""
    citing = Citation.objects.filter(source=source_id).exclude(relation__in=RESTS_NOTHING)
    return PublishedArticle.objects.filter(pk__in=citing.order_by().values("page"))


def relying_on(article_id: int) -> QuerySet[PublishedArticle]:
    """Return the live articles that rest on another article of ours."""
    resting = Reliance.objects.filter(on=article_id)
    return PublishedArticle.objects.filter(pk__in=resting.values("article"))


def _hit_by(source_id: int) -> QuerySet[PublishedArticle]:
    """Return the live articles that quote words which a source once had and has no more."""
    lost = (
        Quotation.objects.filter(source=source_id, is_live=True, latest_check__isnull=False)
        .filter(check_result__verdict__in=ACCEPTED)
        .exclude(latest_check__verdict__in=ACCEPTED)
    )
    return PublishedArticle.objects.filter(pk__in=lost.order_by().values("page"))


def source_step(source: Source) -> Step:
    """Return a source as a step of a path."""
    return {"kind": "source", "id": source.pk, "title": str(source)[:LONGEST_TITLE]}


def article_step(article_id: int) -> Step:
    """Return an article as a step of a path; its headline is that of now."""
    headline = PublishedArticle.objects.filter(pk=article_id).values_list("headline", flat=True)
    return {"kind": "article", "id": article_id, "title": headline.first() or ""}


def open_flags(
    cause: Cause, articles: QuerySet[PublishedArticle], *, gravity: int, at: datetime
) -> int:
    """Open a flag at each of these articles that has none for the cause yet; return how many were opened.

    One statement: to make 100,000 rows in Python and send them takes some ten times as long.
    """
    settings = RecordSettings.objects.first() or RecordSettings()
    row: dict[str, Any] = {
        "cause": cause.name,
        "source": cause.source_id,
        "event": cause.event_id,
        "notice": cause.notice_id,
        "path": cause.path,
        "gravity": gravity,
        "state": FlagState.OPEN,
        "note": "",
        "opened_at": at,
        "due_at": at + timedelta(days=settings.due_days),
    }
    targets = articles.exclude(pk__in=cause.article_ids).order_by()
    return _insert(row, targets.annotate(flagged_id=F("pk")).values("flagged_id"))


def _insert(row: dict[str, Any], articles: QuerySet[PublishedArticle, Any]) -> int:
    by_name = {field.name: field for field in Flag._meta.concrete_fields}
    fields = [by_name[name] for name in row]
    columns = ["article_id", *(str(field.column) for field in fields)]
    values = [
        field.get_db_prep_save(value, connection)
        for field, value in zip(fields, row.values(), strict=True)
    ]
    selected, given = articles.query.sql_with_params()
    names, marks = ", ".join(columns), ", ".join(["%s"] * len(values))
    statement = (
        f"INSERT INTO {Flag._meta.db_table} ({names}) "  # noqa: S608 - our own names
        f"SELECT relying.flagged_id, {marks} FROM ({selected}) relying WHERE 1 = 1 "
        "ON CONFLICT (article_id, cause) DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, *given])
        return int(cursor.rowcount)
