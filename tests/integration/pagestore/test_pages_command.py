from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from copydesk.pagestore.actions import tell_this_node
from copydesk.pagestore.models import Expiry
from copydesk.pagestore.queries import last_expiry, shared_store

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings


def test_stats_are_told_to_programs(store_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tell_this_node()
    shared_store().count({"hits": 3, "misses": 1})
    call_command("pages", "stats", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["hits"], told["misses"], told["hit_ratio"], told["pages"]) == (3, 1, 0.75, 0)
    assert (told["position"], told["behind"]) == (last_expiry(), 0)
    assert told["purges"] == {"waiting": 0, "failing": 0, "failed_in_a_row": 0}


def test_stats_are_a_table_for_people(
    store_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tell_this_node()
    shared_store().count({"hits": 3, "misses": 1})
    call_command("pages", "stats")
    told = capsys.readouterr().out
    assert "3 (75.0%)" in told
    assert "0.0 of 256 MB" in told


def test_stats_of_a_store_that_cannot_be_used_say_so(
    broken_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("pages", "stats")
    assert capsys.readouterr().out.startswith("The page store cannot be used: ")


@pytest.mark.django_db(transaction=True)
def test_what_is_expired_is_known_to_this_node_at_once(
    store_folder: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    tell_this_node()
    settings.COPYDESK_PURGE_URL = "varnish://127.0.0.1:9"
    call_command("pages", "expire", "topic:3", "article:12")
    row = Expiry.objects.order_by("pk").last()
    assert row
    assert row.tags == "article:12 topic:3"
    assert row.purge_due_at
    assert shared_store().position == row.pk
    assert capsys.readouterr().out.splitlines() == [
        f"Expired: topic:3 article:12 (expiry {row.pk}).",
        "This node knows; every other knows within a second.",
        "The background worker tells the content delivery network.",
    ]


@pytest.mark.django_db(transaction=True)
def test_clearing_lets_every_page_expire(store_folder: Path) -> None:
    call_command("pages", "clear")
    row = Expiry.objects.order_by("pk").last()
    assert row
    assert row.tags == "layout"


def test_what_is_expired_without_a_store_is_expired_for_the_others(
    broken_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = last_expiry()
    call_command("pages", "expire", "latest")
    assert last_expiry() > before
    assert "This node's page store cannot be used: " in capsys.readouterr().out


@pytest.mark.parametrize("bad", ["Article:12", "article:", "a b", "", "article:12\n"])
def test_a_bad_tag_expires_nothing(store_folder: Path, bad: str) -> None:
    before = last_expiry()
    with pytest.raises(CommandError, match="is no tag") as refused:
        call_command("pages", "expire", "latest", bad)
    assert refused.value.returncode == 2
    assert "\n" not in str(refused.value)
    assert last_expiry() == before
