from __future__ import annotations

import json
import tomllib

import pytest

from copydesk.ops.logic.backoff import FIRST_SECONDS, LONGEST_SECONDS, next_delay
from copydesk.ops.logic.findings import Finding, make_json, make_lines
from copydesk.ops.logic.site import make_toml
from copydesk.ops.logic.versions import missing, newer

KNOWN = {"editorial": {"0001_initial", "0002_more"}, "wagtailcore": {"0090_squashed", "0098_last"}}


def test_a_child_that_dies_again_and_again_waits_longer_up_to_a_bound() -> None:
    delay, delays = 0.0, []
    for _death in range(12):
        delay = next_delay(delay, lived=1.0)
        delays.append(delay)
    assert delays[:3] == [FIRST_SECONDS, FIRST_SECONDS * 2, FIRST_SECONDS * 4]
    assert delays[-1] == LONGEST_SECONDS


def test_a_child_that_lived_well_is_back_soon() -> None:
    assert next_delay(LONGEST_SECONDS, lived=3600) == FIRST_SECONDS


def test_migrations_are_missing_that_were_not_applied() -> None:
    assert missing(KNOWN, [("editorial", "0001_initial"), ("wagtailcore", "0098_last")]) == [
        ("editorial", "0002_more"),
        ("wagtailcore", "0090_squashed"),
    ]


@pytest.mark.parametrize(
    ("applied", "expected"),
    [
        ([("editorial", "0003_future")], [("editorial", "0003_future")]),
        ([("editorial", "0002_more")], []),
        # Squashed since, and its file dropped.
        ([("wagtailcore", "0001_initial")], []),
        # An app that is no longer installed.
        ([("gone", "0005_x")], []),
        ([("editorial", "unnumbered")], []),
    ],
)
def test_a_database_is_newer_when_it_has_what_comes_after_all_we_know(
    applied: list[tuple[str, str]], expected: list[tuple[str, str]]
) -> None:
    assert newer(KNOWN, applied) == expected


def test_the_settings_of_a_new_site_are_toml_whatever_they_hold() -> None:
    given = {
        "secret_key": 'a"b\\c',
        "base_url": "http://localhost:8000",
        "language": "en",
        "time_zone": "UTC",
    }
    assert tomllib.loads(make_toml(given)) == given


def test_the_doctor_names_a_way_out_only_of_what_is_amiss() -> None:
    findings = [
        Finding("disk", "9 GB", is_well=True, way_out="Make room."),
        Finding("database", "away", is_well=False, way_out="Start it."),
    ]
    assert make_lines(findings).splitlines() == [
        "✓ disk      9 GB",
        "✗ database  away",
        "            → Start it.",
    ]
    told = json.loads(make_json(findings))
    assert told["well"] is False
    assert [check["way_out"] for check in told["checks"]] == ["", "Start it."]
