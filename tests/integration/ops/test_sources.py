"""What `copydesk stats` and `copydesk doctor` say of sources, their archive and their checks."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from copydesk.ops.queries import doctor
from copydesk.ops.queries.stats import get_counts
from copydesk.sources.actions.upgrading import recheck_next
from copydesk.sources.logic.matching import ALGORITHM_VERSION
from copydesk.sources.logic.verdicts import Layer, Verdict
from copydesk.sources.models import Check, Quotation
from copydesk.sources.queries.texts import archive
from tests.factories.editorial import make_article
from tests.factories.sources import (
    make_checked_quotation,
    make_offline_source,
    make_quotation,
    make_snapshot,
    make_source,
)

if TYPE_CHECKING:
    from pytest_django import Settings

    from copydesk.ops.logic.findings import Finding
    from copydesk.sources.models import Snapshot

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.COPYDESK_SNAPSHOTS_DIR = tmp_path / "snapshots"
    return tmp_path / "snapshots"


def found(name: str, at: datetime = AT) -> Finding:
    return {finding.name: finding for finding in doctor.examine(at=at)}[name]


def kept(text: str = "The bridge will hold.") -> Snapshot:
    return make_snapshot(make_source(), layers={Layer.VISIBLE: text}, archive=archive())


def path_of(snapshot: Snapshot) -> Path:
    return archive().root / snapshot.layers_sha256[:2] / snapshot.layers_sha256


def test_sources_are_counted_by_state_and_quotations_by_verdict(front_page: object) -> None:
    article = make_article()
    for state in ("live", "live", "suspect1", "suspect2", "dead", "blocked"):
        make_source(liveness=state)
    make_offline_source()
    make_checked_quotation(article, make_source(), verdict=Verdict.ALTERED)
    make_quotation(article, make_source(), text="Not checked.")
    make_quotation(article, make_source(), text="Übersetzt.", kind="translated")
    make_quotation(article, make_source(), text="Gone.", is_live=False)
    make_source(next_check_at=AT - timedelta(days=2))
    make_source(next_check_at=AT - timedelta(hours=2))
    size = path_of(kept()).stat().st_size
    counts = get_counts(at=AT)
    assert counts["sources"] == {
        "live": 9,
        "not answering": 2,
        "gone": 1,
        "refusing robots": 1,
        "not on the web": 1,
    }
    assert counts["quotations"] == {
        "exact": 0,
        "exact_marked": 0,
        "minor": 0,
        "altered": 1,
        "not_found": 0,
        "unchecked": 1,
        "translated": 1,
    }
    assert counts["archive"] == {"copies": 2, "files": 1, "bytes": size}
    assert counts["late checks"] == {"sources": 1}


def test_an_archive_that_is_whole_is_well_and_an_empty_one_too() -> None:
    assert found("archive of sources").is_well
    kept()
    assert found("archive of sources").detail == "1 files drawn at random are whole"


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"other")])
def test_a_copy_that_is_not_what_it_was_is_found(damage: object) -> None:
    snapshot = kept()
    assert callable(damage)
    damage(path_of(snapshot))
    finding = found("archive of sources")
    assert not finding.is_well
    assert snapshot.layers_sha256 in finding.detail
    assert "backup" in finding.way_out


def test_an_archive_that_cannot_be_written_is_found(folder: Path) -> None:
    folder.parent.mkdir(exist_ok=True)
    folder.write_bytes(b"a file in its place")
    finding = found("archive of sources")
    assert not finding.is_well
    assert "cannot be written" in finding.detail


def test_nothing_is_left_of_the_look_at_the_archive(folder: Path) -> None:
    found("archive of sources")
    assert os.listdir(folder) == []  # noqa: PTH208 - of names alone


def test_a_check_late_by_more_than_a_day_is_found() -> None:
    make_source(next_check_at=AT - timedelta(hours=20))
    assert found("source checks").is_well
    make_source(next_check_at=AT - timedelta(hours=30))
    assert found("source checks").detail == "1 late by more than a day"
    assert not found("source checks").is_well


def test_waiting_to_be_compared_anew_is_well_and_having_lost_the_copy_is_not(
    front_page: object,
) -> None:
    row = make_checked_quotation(make_article(), make_source())
    Check.objects.update(algorithm_version=ALGORITHM_VERSION - 1)
    assert found("quotations").is_well
    assert found("quotations").detail == "1 wait to be compared anew"
    assert recheck_next(at=AT) == 0
    assert Quotation.objects.outdated().get() == row
    assert not found("quotations").is_well
    assert "those of 1 sources" in found("quotations").detail
