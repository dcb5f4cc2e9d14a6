"""Indexes of texts are remembered, and not more of them than there is room for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copydesk.sources.logic.verdicts import Layer
from copydesk.sources.queries import texts
from copydesk.sources.queries.texts import Memory, archive, indexes_of
from tests.factories.sources import make_snapshot, make_source

if TYPE_CHECKING:
    from pathlib import Path


def keep(memory: Memory, name: str, size: int) -> None:
    memory.put((name, ""), {}, size)


def kept(memory: Memory) -> str:
    return "".join(name for name in "abcd" if memory.get((name, "")) is not None)


def test_what_was_longest_not_asked_for_is_given_up_for_room() -> None:
    memory = Memory(room=10)
    for name in "abc":
        keep(memory, name, 4)
    assert kept(memory) == "bc"
    memory.get(("b", ""))
    keep(memory, "d", 4)
    assert kept(memory) == "bd"


def test_what_is_remembered_twice_takes_its_room_once() -> None:
    memory = Memory(room=10)
    for name in ("a", "a", "a", "b"):
        keep(memory, name, 4)
    assert kept(memory) == "ab"


def test_a_text_larger_than_the_room_stays_until_the_next() -> None:
    memory = Memory(room=10)
    keep(memory, "a", 100)
    assert kept(memory) == "a"
    keep(memory, "b", 1)
    assert kept(memory) == "b"
    memory.clear()
    assert kept(memory) == ""


@pytest.mark.django_db
def test_a_text_is_read_from_the_archive_once(
    archive_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "MEMORY", Memory(room=1_000))
    snapshot = make_snapshot(
        make_source(), layers={Layer.VISIBLE: "The bridge."}, archive=archive()
    )
    found = indexes_of(snapshot)
    path = archive_dir / snapshot.layers_sha256[:2] / snapshot.layers_sha256
    path.unlink()
    assert indexes_of(snapshot) is found
