"""Published quotations are compared anew: with a newer copy of their source, or by a better algorithm.

What a better algorithm finds in the same copy says nothing of the source. So two checks of a quotation, of the copy it
is pinned to and of the newest, are always by the same algorithm before one is held against the other.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.db import transaction

from copydesk.pagestore.actions import expire_tags, keep_commit_order
from copydesk.pagestore.logic.tags import tag
from copydesk.sources.actions.checking import kept_checks, new_check
from copydesk.sources.backends.archive import Damaged, Missing
from copydesk.sources.logic.changes import ChangeKind, Passage
from copydesk.sources.logic.matching import ALGORITHM_VERSION
from copydesk.sources.logic.verdicts import ACCEPTED, Verdict
from copydesk.sources.models import Check, Handling, Quotation, Source, SourceEvent, Trigger

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from copydesk.sources.actions.checking import Key
    from copydesk.sources.models import Snapshot

logger = logging.getLogger("copydesk.sources")

WRITTEN = ("snapshot", "check_result", "latest_check")
# Quotations judged before what was found is written: so much is lost where a process is killed.
AT_ONCE = 50


@dataclass
class Judged:
    """What comparing found. `new` are checks still to be kept; `broken` are snapshots that the archive has lost."""

    kept: dict[Key, Check] = field(default_factory=dict)
    new: dict[Key, Check] = field(default_factory=dict)
    broken: set[int] = field(default_factory=set)

    def of(self, row: Quotation, snapshot_id: int) -> Check | None:
        """Return the kept check of a quotation's words against a snapshot."""
        return self.kept.get((row.quote_sha256, snapshot_id))


def judge(pairs: Iterable[tuple[Quotation, Snapshot]], *, trigger: Trigger, at: datetime) -> Judged:
    """Compare quotations with snapshots, and keep nothing; what was compared before is not compared again.

    One query for all of them, and each text is read and indexed once.
    """
    wanted = sorted(pairs, key=lambda pair: (pair[1].pk, pair[0].pk))
    found = Judged(kept_checks([(row.quote_sha256, snapshot.pk) for row, snapshot in wanted]))
    for row, snapshot in wanted:
        key = (row.quote_sha256, snapshot.pk)
        if key in found.kept or key in found.new or snapshot.pk in found.broken:
            continue
        try:
            found.new[key] = new_check(row=row, snapshot=snapshot, trigger=trigger, at=at)
        except (Missing, Damaged) as error:
            logger.warning("Quotations of snapshot %s are not compared: %s", snapshot.pk, error)
            found.broken.add(snapshot.pk)
    return found


def keep_judged(found: Judged) -> None:
    """Keep what comparing found; where somebody else was first, theirs, which says the same."""
    if found.new:
        Check.objects.bulk_create(found.new.values(), ignore_conflicts=True)
        found.kept |= kept_checks(found.new)


def renew(rows: Sequence[Quotation], *, at: datetime) -> tuple[list[Passage], set[int]]:
    """Judge quotations by the present algorithm, each by the very copies it was compared with before.

    Returns what became of those judged anew, and the snapshots that the archive has lost: their quotations stay as they
    are. Compares first and writes then, in one transaction; a quotation that somebody changed meanwhile was judged by
    whoever did. The desk is told of live words that are accepted no more; readers are not, for the source is the same.
    `rows` come from `Quotation.objects.with_checks()`.
    """
    pairs = [(row, check.snapshot) for row in rows for check in _checks(row)]
    found = judge(pairs, trigger=Trigger.UPGRADE, at=at)
    sound = [
        row for row in rows if not found.broken & {check.snapshot_id for check in _checks(row)}
    ]
    if not sound:
        return [], found.broken
    with transaction.atomic():
        keep_commit_order()
        keep_judged(found)
        unchanged = _unchanged(sound)
        passages = [_renew(row, found) for row in unchanged]
        Quotation.objects.bulk_update(unchanged, WRITTEN)
        _note(
            {row.source_id for row, it in zip(unchanged, passages, strict=True) if it.is_lost}, at
        )
        expire_tags({tag("source", row.source_id) for row in unchanged}, at=at)
    return passages, found.broken


def recheck_quotations(
    *, source: Source, snapshot: Snapshot, trigger: Trigger, at: datetime
) -> list[Passage]:
    """Compare every quotation that live articles take from `source` with a copy of it.

    Returns, for each, whether its words were accepted before and are now, both by the present algorithm. One that has
    no copy of its own yet is pinned to this one. Where the archive has lost the copy, there are none.
    """
    rows = list(source.quotations.comparable().with_checks())
    passages = []
    for first in range(0, len(rows), AT_ONCE):
        some = rows[first : first + AT_ONCE]
        old = [row for row in some if any(_is_outdated(check) for check in _checks(row))]
        if old:
            renew(old, at=at)
        passages += _recheck(some, snapshot, trigger, at)
    return passages


def recheck_source(*, source_id: int, at: datetime) -> list[Passage]:
    """Compare what articles take from a source with its newest copy anew, as after a change of the algorithm.

    The pinned copies, where they are others, are compared anew as well. What the archive has lost is left out.
    """
    source = Source.objects.get(pk=source_id)
    newest = source.snapshots.filter(has_text=True).first()
    if newest is None:
        return []
    before = {
        str(row.uuid): _is_accepted(row.latest_check or row.check_result)
        for row in source.quotations.comparable().with_checks()
    }
    passages = recheck_quotations(source=source, snapshot=newest, trigger=Trigger.UPGRADE, at=at)
    return [
        replace(passage, was_accepted=before.get(passage.quotation_id, passage.was_accepted))
        for passage in passages
    ]


def _recheck(
    rows: Sequence[Quotation], snapshot: Snapshot, trigger: Trigger, at: datetime
) -> list[Passage]:
    found = judge([(row, snapshot) for row in rows], trigger=trigger, at=at)
    if found.broken:
        return []
    passages = []
    with transaction.atomic():
        keep_commit_order()
        keep_judged(found)
        unchanged = _unchanged(rows)
        for row in unchanged:
            before, check = row.latest_check or row.check_result, found.of(row, snapshot.pk)
            row.latest_check = check
            if row.snapshot_id is None or row.snapshot_id == snapshot.pk:
                row.snapshot, row.check_result = snapshot, check
            passages.append(_passage(row, before))
        Quotation.objects.bulk_update(unchanged, WRITTEN)
        expire_tags({tag("source", row.source_id) for row in unchanged}, at=at)
    return passages


def _renew(row: Quotation, found: Judged) -> Passage:
    before = row.latest_check or row.check_result
    for name in ("check_result", "latest_check"):
        old: Check | None = getattr(row, name)
        if old is not None:
            setattr(row, name, found.of(row, old.snapshot_id))
    return _passage(row, before)


def _unchanged(rows: Sequence[Quotation]) -> list[Quotation]:
    """Return those that are still as they were loaded; nobody else may change them until the transaction ends."""
    names = ("quote_sha256", "snapshot_id", "check_result_id", "latest_check_id")
    locked = Quotation.objects.select_for_update().filter(pk__in=[row.pk for row in rows])
    now = {pk: rest for pk, *rest in locked.order_by("pk").values_list("pk", *names)}
    return [row for row in rows if now.get(row.pk) == [getattr(row, name) for name in names]]


def _note(source_ids: set[int], at: datetime) -> None:
    """Tell the desk that words are accepted no more though their source is the same, once until it has seen to it."""
    kind = ChangeKind.JUDGED_ANEW
    waiting = SourceEvent.objects.filter(source__in=source_ids, kind=kind, handling=Handling.OPEN)
    told = set(waiting.values_list("source_id", flat=True)) if source_ids else set()
    SourceEvent.objects.bulk_create(
        SourceEvent(source_id=pk, kind=kind, severity=2, detected_at=at)
        for pk in sorted(source_ids - told)
    )


def _passage(row: Quotation, before: Check | None) -> Passage:
    return Passage(
        quotation_id=str(row.uuid),
        was_accepted=_is_accepted(before),
        is_accepted=_is_accepted(row.latest_check or row.check_result),
    )


def _checks(row: Quotation) -> list[Check]:
    return [check for check in (row.check_result, row.latest_check) if check is not None]


def _is_outdated(check: Check) -> bool:
    return check.algorithm_version < ALGORITHM_VERSION


def _is_accepted(check: Check | None) -> bool:
    return check is not None and Verdict(check.verdict) in ACCEPTED
