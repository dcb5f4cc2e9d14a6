"""The benchmark's own targets, on a few hundred items of every class; its times are not looked at here."""

from __future__ import annotations

import pytest

from bench.quotations.honest import HONEST
from bench.quotations.lies import LIES
from bench.quotations.running import Tally, generate, run
from bench.quotations.sources import own_texts


@pytest.fixture(scope="module")
def tally() -> Tally:
    return run(list(generate(own_texts(), 620, seed=7)))


def test_every_class_is_there(tally: Tally) -> None:
    assert len(tally.verdicts) >= len({*HONEST, *LIES})
    assert tally.honest > 250
    assert tally.dishonest > 250


def test_the_targets_are_met(tally: Tally) -> None:
    missed = {name: came for name, (_, came, good) in tally.targets.items() if not good}
    assert not missed, [(item.kind, item.quote) for item, _ in tally.wrong]


def test_no_lie_is_called_exact(tally: Tally) -> None:
    assert not tally.false_exact
    assert not tally.false_minor_critical
