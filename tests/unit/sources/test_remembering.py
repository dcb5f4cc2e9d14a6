"""What is costly to make is kept, but not more than there is room for."""

from __future__ import annotations

import pytest

from copydesk.sources.logic.remembering import Remembered


@pytest.fixture
def made() -> list[str]:
    return []


def ask(kept: Remembered[str], made: list[str], *texts: str) -> None:
    for text in texts:

        def make(text: str = text) -> str:
            made.append(text)
            return text

        assert kept.get(text, make) == text


def test_what_was_made_is_not_made_again(made: list[str]) -> None:
    ask(Remembered(room=10, size_of=len), made, "one", "two", "one", "two")
    assert made == ["one", "two"]


def test_what_was_used_last_stays_when_room_runs_out(made: list[str]) -> None:
    kept = Remembered[str](room=10, size_of=len)
    ask(kept, made, "four", "five", "four", "three", "four", "five")
    assert made == ["four", "five", "three", "five"]
    assert kept.used <= 10


def test_one_thing_larger_than_all_the_room_is_kept_alone(made: list[str]) -> None:
    kept = Remembered[str](room=3, size_of=len)
    ask(kept, made, "one", "seventeen", "seventeen")
    assert made == ["one", "seventeen"]
    assert len(kept.kept) == 1


def test_what_making_raises_is_raised_and_not_kept(made: list[str]) -> None:
    kept = Remembered[str](room=3, size_of=len)
    with pytest.raises(ZeroDivisionError):
        kept.get("one", lambda: str(1 // 0))
    ask(kept, made, "one")
    assert made == ["one"]
    kept.clear()
    ask(kept, made, "one")
    assert made == ["one", "one"]
