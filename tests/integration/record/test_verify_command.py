"""`copydesk verify-record`, as operators and programs call it."""

from __future__ import annotations

import json
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from copydesk.editorial.models import Visibility
from copydesk.record import verify
from copydesk.record.actions.guarding import restore_guards
from copydesk.record.actions.redacting import redact_content
from copydesk.record.models import Entry
from copydesk.record.queries.guards import EVENTS, GUARDED, missing_guards
from tests import database
from tests.factories.editorial import make_article, publish
from tests.factories.publisher import Answer, publishing
from tests.factories.record import START, append, record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django import Settings
    from pytest_django.live_server_helper import LiveServer

    from tests.factories.publisher import Publisher

LOOPBACK = ["127.0.0.0/8"]


@pytest.fixture(autouse=True)
def _own_key(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def verified(status: int = 0, **options: Any) -> dict[str, Any]:
        capsys.readouterr()
        with pytest.raises(SystemExit) if status else nullcontext() as left:
            call_command("verify_record", as_json=True, **options)
        assert not left or left.value.code == status
        return dict(json.loads(capsys.readouterr().out))

    return verified


def spoil(statement: str) -> None:
    with database.unguarded(), connection.cursor() as cursor:
        cursor.execute(statement)


def dropped(name: str) -> str:
    on = "" if connection.vendor == "sqlite" else f" ON {name.rpartition('_no_')[0]}"
    return f"DROP TRIGGER {name}{on}"


def spoil_entry_two() -> None:
    spoil("""UPDATE record_entry SET note = 'Never happened.' WHERE "index" = 2""")


def kept_head(run: Any, tmp_path: Path) -> str:
    path = tmp_path / "kept.json"
    path.write_text(json.dumps(run()["head"]))
    return str(path)


# --- One's own


@pytest.mark.django_db
def test_a_sound_record_is_said_to_be_sound(run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    record(5)
    report = run()
    assert (report["sound"], report["size"], report["faults"]) == (True, 5, [])
    call_command("verify_record")
    assert capsys.readouterr().out.startswith("✓ 5 entries, each as it was written.")


@pytest.mark.django_db
def test_a_fault_is_named_by_its_entry(run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    record(5)
    spoil_entry_two()
    report = run(status=1)
    assert [(fault["index"], fault["code"]) for fault in report["faults"]] == [(2, "altered")]
    with pytest.raises(SystemExit):
        call_command("verify_record")
    assert "✗ Entry 2 is not what its hash was taken of." in capsys.readouterr().out


@pytest.mark.django_db
def test_a_broken_tree_is_found_though_the_entries_are_sound(run: Any) -> None:
    record(9)
    spoil("UPDATE record_node SET hash = 'f' WHERE level = 1 AND position = 2")
    report = run(status=1)
    assert [(fault["index"], fault["code"]) for fault in report["faults"]] == [(4, "wrong_head")]


@pytest.mark.django_db
def test_guards_that_are_gone_are_told_and_put_back(
    run: Any, caplog: pytest.LogCaptureFixture
) -> None:
    record(2)
    assert missing_guards() == []
    with connection.cursor() as cursor:
        cursor.execute(dropped("record_entry_no_delete"))
    assert run(status=1)["unguarded"] == ["record_entry_no_delete"]
    assert restore_guards() == ["record_entry_no_delete"]
    assert "record_entry_no_delete" in caplog.text
    assert (missing_guards(), restore_guards(), run()["sound"]) == ([], [], True)


@pytest.mark.django_db
def test_guards_that_were_all_gone_refuse_again() -> None:
    append(0)
    names = [f"{table}_no_{event}" for table in GUARDED for event in EVENTS[connection.vendor]]
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(dropped(name))
    assert restore_guards() == sorted(names)
    refused = pytest.raises(DatabaseError, match="append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM record_entry")


@pytest.mark.django_db
def test_a_history_written_anew_is_found_by_an_earlier_head(run: Any, tmp_path: Path) -> None:
    record(4)
    kept = kept_head(run, tmp_path)
    append(5)
    assert run(since=kept)["sound"]
    for table in ("redaction", "entry", "node", "payload"):
        spoil(f"DELETE FROM record_{table}")
    spoil("DELETE FROM record_head")
    for number in range(5):
        append(number, note="It was never otherwise.")
    assert run()["sound"]
    report = run(status=1, since=kept)
    assert [(fault["index"], fault["code"]) for fault in report["faults"]] == [(3, "wrong_head")]


@pytest.mark.django_db
@pytest.mark.parametrize("content", [None, b"", b"{}", b"\xff", b"[" * 9_000, b'{"head": {}}'])
def test_an_earlier_head_that_is_none_is_refused(content: bytes | None, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    if content is not None:
        kept.write_bytes(content)
    with pytest.raises(CommandError, match=r"kept\.json") as refused:
        call_command("verify_record", since=str(kept))
    assert refused.value.returncode == 2


# --- An export


@pytest.mark.django_db
def test_an_export_holds_everything_and_verifies_by_itself(
    run: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(make_article(body=["Secret words."], visibility=Visibility.PAID))
    record(3)
    redact_content(entry=Entry.objects.get(pk=2), reason="A court.", by_id=None, at=START)
    for options, holds in (({}, True), ({"public": True}, False)):
        file = tmp_path / "record.jsonl"
        assert run(export=str(file), **options)["head"]["size"] == 5
        assert (b"Secret words." in file.read_bytes()) is holds
        assert file.stat().st_mode & 0o777 == 0o600
        assert verify.main([str(file), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["withheld_count"] == (not holds)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["record.jsonl", "record.key"]


@pytest.mark.django_db
def test_an_export_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for place in (tmp_path / "none" / "x", tmp_path / "folder"):
        with pytest.raises(CommandError, match="cannot be written") as refused:
            call_command("verify_record", export=str(place))
        assert refused.value.returncode == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "record.key"]


# --- Another site's


@pytest.mark.django_db(transaction=True)
def test_another_sites_record_is_read_and_verified(
    live_server: LiveServer, run: Any, tmp_path: Path
) -> None:
    record(5)
    kept = kept_head(run, tmp_path)
    append(6)
    report = run(url=live_server.url, since=kept, allow_network=LOOPBACK)
    assert (report["sound"], report["size"]) == (True, 6)
    spoil_entry_two()
    report = run(status=1, url=live_server.url, allow_network=LOOPBACK)
    assert (2, "altered") in {(fault["index"], fault["code"]) for fault in report["faults"]}


@pytest.fixture
def elsewhere() -> Iterator[Publisher]:
    with publishing() as publisher:
        yield publisher


def offer(elsewhere: Publisher, head: bytes, entries: bytes) -> None:
    elsewhere.pages["/record/head.json"] = Answer(head, headers={"Content-Type": JSON})
    for start in range(9):
        path = f"/record/entries.jsonl?from={start}&count=1000"
        elsewhere.pages[path] = Answer(entries, headers={"Content-Type": "application/jsonl"})


JSON = "application/json"


@pytest.mark.django_db
def test_a_site_that_says_the_same_for_ever_is_left(
    elsewhere: Publisher, client: Any, run: Any
) -> None:
    record(3)
    head, entries = (
        client.get(f"/record/{name}").content for name in ("head.json", "entries.jsonl")
    )
    offer(elsewhere, head, entries)
    report = run(status=1, url=elsewhere.url(""), allow_network=LOOPBACK)
    assert {fault["code"] for fault in report["faults"]} >= {"out_of_place"}
    offer(elsewhere, head, b"nonsense\n" * 5)
    assert run(status=1, url=elsewhere.url(""), allow_network=LOOPBACK)["size"] == 0
    offer(elsewhere, head, b"")
    faults = run(status=1, url=elsewhere.url(""), allow_network=LOOPBACK)["faults"]
    assert (0, "missing") in {(fault["index"], fault["code"]) for fault in faults}


@pytest.mark.django_db
@pytest.mark.parametrize("head", [b"", b"{}", b"<html>", b"[" * 9_000, b"x" * 100_000])
def test_what_is_no_record_is_refused(elsewhere: Publisher, head: bytes) -> None:
    offer(elsewhere, head, b"")
    with pytest.raises(CommandError) as refused:
        call_command("verify_record", url=elsewhere.url(""), allow_network=LOOPBACK)
    assert refused.value.returncode == 2


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["gazette", "ftp://gazette.example", "http://", "http://[::1"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("verify_record", url=url)
    assert refused.value.returncode == 2


@pytest.mark.django_db
def test_a_private_network_is_not_asked_unless_allowed(elsewhere: Publisher) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("verify_record", url=elsewhere.url(""))
    assert refused.value.returncode == 2
    assert elsewhere.asked == []
