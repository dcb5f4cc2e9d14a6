"""The record is one chain that nobody can change unseen."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.utils import DatabaseError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copydesk.record.actions.appending import Fact, append_entries, append_entry
from copydesk.record.actions.redacting import NothingToRedact, redact_content
from copydesk.record.logic.inspecting import Code
from copydesk.record.models import Entry, EntryKind, Head, Node, Payload, Redaction
from copydesk.record.queries.inspection import inspect_record
from tests.database import GUARDED, undone, unguarded

START = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
# Rows stay between hypothesis' examples, so each example works in a transaction of its own.
WITH_ROWS = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def append(number: int, **fields: Any) -> Entry:
    values = {"kind": EntryKind.PUBLISHED, "article_id": number % 3, "path": f"/a-{number % 3}/"}
    payload = {"headline": f"Version {number}", "body": "Wörter “hier”"}
    fact = Fact(**{**values, "payload": payload, **fields})
    return append_entry(fact, at=START + timedelta(minutes=number))


def faults() -> set[tuple[int, str]]:
    return {(fault.index, fault.code.value) for fault in inspect_record()}


def spoil(statement: str, *values: Any) -> None:
    """Do to the database what somebody could who may write its files."""
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(statement, values)


# --- What is appended


@pytest.mark.django_db
def test_each_entry_follows_the_one_before() -> None:
    made = [append(number) for number in range(5)]
    assert [entry.index for entry in made] == [0, 1, 2, 3, 4]
    assert [entry.previous_hash for entry in made[1:]] == [entry.hash for entry in made[:-1]]
    assert made[0].previous_hash == "0" * 64
    assert faults() == set()


@pytest.mark.django_db
def test_the_record_never_goes_back_in_time() -> None:
    append(5)
    assert append(3).at == START + timedelta(minutes=5)
    assert faults() == set()


@pytest.mark.django_db
def test_the_same_content_is_kept_once() -> None:
    first, second = (append(number, payload={"headline": "Same"}) for number in range(2))
    assert first.payload_sha256 == second.payload_sha256
    assert Payload.objects.count() == 1


@pytest.mark.django_db
def test_many_facts_at_once_are_what_one_after_the_other_would_be() -> None:
    append(0)
    facts = [Fact(EntryKind.PUBLISHED, {"n": number % 5}, number) for number in range(11)]
    assert [entry.index for entry in append_entries(facts, at=START)] == list(range(1, 12))
    append(12)
    assert append_entries([], at=START) == []
    assert faults() == set()


@pytest.mark.django_db
def test_redacted_content_leaves_its_hash_and_the_reason() -> None:
    entry = append(0)
    append(1)
    made = redact_content(entry=entry, reason="A court order of 3 May.", by_id=7, at=START)
    assert not Payload.objects.filter(pk=entry.payload_sha256).exists()
    assert (made.kind, made.note, made.article_id) == ("redaction", "A court order of 3 May.", 0)
    assert faults() == set()
    with pytest.raises(NothingToRedact):
        redact_content(entry=entry, reason="Again.", by_id=7, at=START)


# --- What the database refuses


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record_entry SET note = 'x'",
        "DELETE FROM record_entry WHERE index = 1",
        "UPDATE record_node SET hash = 'x'",
        "DELETE FROM record_node",
        "UPDATE record_payload SET content = '{}'",
        "DELETE FROM record_payload",
        "UPDATE record_redaction SET payload_sha256 = 'x'",
        "DELETE FROM record_redaction",
    ],
)
def test_the_database_refuses_to_change_or_remove_what_is_recorded(statement: str) -> None:
    for number in range(3):
        append(number)
    redact_content(entry=append(3), reason="A reason.", by_id=None, at=START)
    quoted = statement.replace(" index ", ' "index" ')
    with (
        pytest.raises((IntegrityError, OperationalError), match="append-only"),
        transaction.atomic(),
    ):
        connection.cursor().execute(quoted)
    assert faults() == set()


@pytest.mark.postgresql
@pytest.mark.django_db
@pytest.mark.parametrize("table", GUARDED)
def test_the_database_refuses_to_empty_the_record(table: str) -> None:
    append(0)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(f"TRUNCATE {table} CASCADE")


# --- Whatever is done, it verifies; whatever is spoiled, it does not


@pytest.mark.django_db
@WITH_ROWS
@given(
    steps=st.lists(
        st.tuples(st.integers(0, 5), st.sampled_from([*EntryKind]), st.booleans()), max_size=15
    )
)
def test_a_record_verifies_after_whatever_was_recorded(steps: list[tuple[int, str, bool]]) -> None:
    with undone():
        for number, (content, kind, is_minor) in enumerate(steps):
            if kind == EntryKind.REDACTION:
                entry = Entry.objects.order_by("index").first()
                if entry and Payload.objects.filter(pk=entry.payload_sha256).exists():
                    redact_content(entry=entry, reason="R", by_id=1, at=START)
            else:
                append(number, kind=kind, payload={"n": content}, is_minor=is_minor, note="ä")
        assert faults() == set()


FLIPPABLE = ("kind", "path", "note", "payload_sha256", "previous_hash", "hash")


@pytest.mark.django_db
@WITH_ROWS
@given(st.data())
def test_one_bit_changed_in_any_entry_is_found_and_named(data: st.DataObject) -> None:
    with undone():
        size = data.draw(st.integers(2, 12))
        for number in range(size):
            append(number, note=f"Note {number}", by_id=number)
        index = data.draw(st.integers(0, size - 1))
        entry = Entry.objects.get(pk=index)
        column = data.draw(
            st.sampled_from([*FLIPPABLE, "content", "at", "by_id", "article_id", "is_minor"])
        )
        if column == "content":
            payload = Payload.objects.get(pk=entry.payload_sha256)
            spoilt = flipped(payload.content, data)
            spoil("UPDATE record_payload SET content = %s WHERE sha256 = %s", spoilt, payload.pk)
        else:
            value = changed(entry, column, data)
            spoil(f'UPDATE record_entry SET {column} = %s WHERE "index" = %s', value, index)
        named = {at for at, _code in faults()}
        assert named
        # A hash ties an entry to its neighbors: the fault lies with it, or with the link to the next.
        assert min(abs(at - index) for at in named) <= 1


def changed(entry: Entry, column: str, data: st.DataObject) -> object:
    old = getattr(entry, column)
    if column == "at":
        return old + timedelta(microseconds=1)
    if column == "is_minor":
        return not old
    return flipped(old, data) if isinstance(old, str) else (old or 0) ^ 1


def flipped(text: str, data: st.DataObject) -> str:
    at = data.draw(st.integers(0, len(text) - 1))
    return text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :]


@pytest.mark.django_db
@WITH_ROWS
@given(st.data())
def test_an_entry_removed_or_swapped_is_found_and_named(data: st.DataObject) -> None:
    with undone():
        size = data.draw(st.integers(2, 12))
        for number in range(size):
            append(number)
        first = data.draw(st.integers(0, size - 1))
        second = data.draw(st.integers(0, size - 1).filter(lambda other: other != first))
        if data.draw(st.booleans()):
            spoil('DELETE FROM record_entry WHERE "index" = %s', first)
            assert (first, Code.MISSING.value) in faults()
            return
        for old, new in ((first, -1), (second, first), (-1, second)):
            spoil('UPDATE record_entry SET "index" = %s WHERE "index" = %s', new, old)
        assert {first, second} <= {at for at, _code in faults()}


@pytest.mark.django_db
def test_a_chain_written_anew_from_some_entry_on_differs_from_the_tree_that_was_kept() -> None:
    for number in range(6):
        append(number)
    kept = list(Node.objects.values_list("level", "position", "hash"))
    head = Head.objects.get()
    spoil('DELETE FROM record_entry WHERE "index" >= 3')
    spoil("DELETE FROM record_node")
    spoil("UPDATE record_head SET size = 3")
    assert (3, "missing") not in faults()  # As far as this database tells, there were three.
    assert head.size == 6
    assert kept


@pytest.mark.django_db
def test_content_that_is_gone_without_a_redaction_is_named() -> None:
    entries = [append(number) for number in range(3)]
    spoil("DELETE FROM record_payload WHERE sha256 = %s", entries[1].payload_sha256)
    assert faults() == {(1, "payload_missing")}
    Redaction.objects.create(payload_sha256=entries[1].payload_sha256, entry=entries[2])
    assert faults() == {(1, "payload_missing")}  # A row is no reason: an entry must say it.


@pytest.mark.django_db
def test_a_record_cut_at_its_end_is_shorter_than_its_head_says() -> None:
    for number in range(4):
        append(number)
    spoil('DELETE FROM record_entry WHERE "index" = 3')
    assert (3, "missing") in faults()


# --- Many at once


@pytest.mark.django_db(transaction=True)
def test_twenty_who_append_at_once_make_one_chain() -> None:
    start, errors = threading.Barrier(20), []

    def work(number: int) -> None:
        try:
            start.wait()
            for turn in range(3):
                append(number * 3 + turn)
        except Exception as error:  # noqa: BLE001 - it is told to the test, whatever it is
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert list(Entry.objects.order_by("index").values_list("index", flat=True)) == list(range(60))
    assert faults() == set()
