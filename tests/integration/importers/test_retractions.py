"""`copydesk import retractions FILE` marks the sources that the list names, and flags who rests on them."""

from __future__ import annotations

import json
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django_tasks_db.models import DBTaskResult

from copydesk.kit import clock
from copydesk.record.actions.flagging import flag_source_standing
from copydesk.sources.actions.handling import mark_source
from copydesk.sources.models import Source, Standing
from tests.factories.members import make_member
from tests.factories.reliance import flagged, make_resting
from tests.factories.sources import make_citation, make_source
from tests.unit.importers.test_retraction_list import HEADER, row

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db


def bring_in(path: Path, text: str, *options: str, fails: bool = False) -> dict[str, Any]:
    """Import a list and return the report."""
    file = path / "retraction_watch.csv"
    file.write_text(text)
    out = StringIO()
    if fails:
        with pytest.raises(SystemExit) as caught:
            call_command("import", "retractions", str(file), "--json", *options, stdout=out)
        assert caught.value.code == 1
    else:
        call_command("import", "retractions", str(file), "--json", *options, stdout=out)
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


def standing(source: Source) -> str:
    return Source.objects.get(pk=source.pk).standing


def test_sources_are_marked_with_evidence_by_their_doi(tmp_path: Path) -> None:
    one = make_source(doi="https://doi.org/10.5555/ONE")
    two, three = make_source(doi="10.5555/two"), make_source(doi="10.5555/three")
    other = make_source(doi="10.5555/other")
    text = HEADER + row("10.5555/one", "Retraction") + row("10.5555/TWO", "Correction")
    text += row("10.5555/three", "Expression of concern") + row("10.5555/unknown", "Retraction")
    report = bring_in(tmp_path, text)
    assert [standing(each) for each in (one, two, three, other)] == [
        "retracted", "corrected", "concern", "ok",
    ]  # fmt: skip
    assert report["counts"] == {"lines": {"read": 4}, "sources": {"marked": 3}}
    marked = Source.objects.get(pk=one.pk)
    assert marked.standing_by is None
    assert "https://doi.org/10.5555/notice" in marked.standing_note


def test_who_rests_on_a_marked_source_is_flagged(front_page: object, tmp_path: Path) -> None:
    source = make_source(doi="10.5555/one")
    make_citation(make_resting("Citing"), source)
    bring_in(tmp_path, HEADER + row("10.5555/one", "Retraction"))
    [queued] = DBTaskResult.objects.filter(task_path__endswith="flag_source_standing")
    assert queued.args_kwargs["kwargs"]["source_id"] == source.pk
    flag_source_standing(source_id=source.pk, standing="retracted", by_id=None, at=clock.now())
    assert flagged(gravity=4) == {"Citing"}


def test_again_changes_nothing_and_a_dry_run_never_does(tmp_path: Path) -> None:
    source = make_source(doi="10.5555/one")
    text = HEADER + row("10.5555/one", "Retraction")
    report = bring_in(tmp_path, text, "--dry-run")
    assert report["counts"]["sources"] == {"would be marked": 1}
    assert standing(source) == "ok"
    bring_in(tmp_path, text)
    at = Source.objects.get(pk=source.pk).standing_at
    assert bring_in(tmp_path, text)["counts"]["sources"] == {"unchanged": 1}
    assert Source.objects.get(pk=source.pk).standing_at == at
    assert DBTaskResult.objects.filter(task_path__endswith="flag_source_standing").count() == 1


def test_a_reinstated_paper_stands_again_unless_an_editor_marked_it(tmp_path: Path) -> None:
    lists, desks = make_source(doi="10.5555/one"), make_source(doi="10.5555/two")
    bring_in(tmp_path, HEADER + row("10.5555/one", "Retraction", on="1/1/2024 0:00"))
    mark_source(
        source=desks,
        expected=Standing.OK,
        standing=Standing.RETRACTED,
        by=make_member("ada"),
        at=clock.now(),
    )
    later = HEADER + row("10.5555/two", "Correction")
    for doi in ("10.5555/one", "10.5555/two"):
        later += row(doi, "Reinstatement", on="1/1/2025 0:00")
    later += row("10.5555/one", "Retraction", on="1/1/2024 0:00")
    report = bring_in(tmp_path, later)
    assert (standing(lists), standing(desks)) == ("ok", "retracted")
    assert report["counts"]["sources"] == {"marked": 1, "kept as the desk marked it": 1}


def test_bad_lines_are_named_and_the_others_done(tmp_path: Path) -> None:
    source = make_source(doi="10.5555/one")
    text = HEADER + "1,short\n" + row("10.5555/one", "Retraction")
    report = bring_in(tmp_path, text, fails=True)
    assert standing(source) == "retracted"
    assert [(line["line"], line["detail"]) for line in report["failures"]] == [
        (2, "too few columns")
    ]


def test_a_file_that_is_no_list_changes_nothing_and_says_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"has no column OriginalPaperDOI, RetractionNature"):
        bring_in(tmp_path, "a,b\n1,2\n")
    with pytest.raises(CommandError, match="No such file"):
        call_command("import", "retractions", str(tmp_path / "none.csv"))


def test_people_get_a_table(tmp_path: Path) -> None:
    make_source(doi="10.5555/one")
    file = tmp_path / "list.csv"
    file.write_text(HEADER + row("10.5555/one", "Retraction"))
    out = StringIO()
    call_command("import", "retractions", str(file), stdout=out)
    assert "marked" in out.getvalue()
