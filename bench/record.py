"""What the record costs: publishing with a short and a long one, without one, and verifying it.

    python -m bench.record [--entries 1000000]

Publishes an article of 1,200 words over and over: with 10,000 entries in the record, then with a million, and in turn
with and without the record being written. Then verifies the whole record, exports it, verifies the export with the
stand-alone verifier, and does the same with entries as long as articles are. Times are of the CPU, since others share
the machine; those of the wall clock stand beside. Writes `bench/results/record.json`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bench.pages import _set_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")
RESULTS = Path(__file__).parent / "results" / "record.json"
SHORT, LONG = 10_000, 1_000_000
AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
# Publishes before the clock is looked at, and then.
WARM, RUNS = 10, 60
PART = 5_000
# Whole articles in the record, to see what long content costs.
ARTICLES = 20_000
WORDS = [f"word{number}" for number in range(4_000)]


def main() -> None:
    """Fill a scratch site and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=LONG)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="copydesk-bench-") as folder:
        _set_up(Path(folder))
        result = measure(options.entries, Path(folder))
    result["command"] = f"python -m bench.record --entries {options.entries}"
    load = f"load {os.getloadavg()[0]:.1f} at the end"
    result["machine"] = f"{os.cpu_count()} cores, Python {platform.python_version()}, {load}"
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")


def measure(entries: int, folder: Path) -> dict[str, Any]:
    """Return everything that was measured."""
    article = make_article()
    result: dict[str, Any] = {}
    for size in (SHORT, entries):
        started = time.perf_counter()
        fill(size, words=30)
        show(f"filled to {size:,}", f"{time.perf_counter() - started:.0f} s")
        result[f"publish at {size}"] = publishing(article)
    short, long = (result[f"publish at {size}"]["cpu_ms"] for size in (SHORT, entries))
    result["longer record"] = show("longer record", {"times": round(long / short, 3)})
    result["the record's part"] = show("the record's part", share(article))
    result["verify, short content"] = verifying(folder)
    fill(entries + ARTICLES, words=1_200)
    result["verify, with 20,000 articles"] = verifying(folder)
    return result


def show(name: str, value: T) -> T:
    """Tell, and return the value."""
    print(f"{name}: {value}", flush=True)
    return value


def make_article() -> Any:
    """Return a published article of 1,200 words with a topic and a byline."""
    from tests.factories.editorial import front_page, publish
    from tests.factories.editorial import make_article as make

    front_page()
    paragraphs = [prose(100, seed) for seed in range(12)]
    article = make("On bridges", body=paragraphs, topics=["Rivers"], by=["Rosa Reporter"])
    publish(article)
    return article


def prose(count: int, seed: int) -> str:
    """So many words."""
    return " ".join(random.Random(seed).choices(WORDS, k=count))


def fill(size: int, *, words: int) -> None:
    """Append entries until there are so many."""
    from copydesk.record.actions.appending import Fact, append_entries
    from copydesk.record.models import EntryKind
    from copydesk.record.queries.heads import size as counted

    first = counted()
    for start in range(first, size, PART):
        facts = [
            Fact(
                EntryKind.CHANGED,
                {"headline": f"Entry {number}", "text": prose(words, number)},
                article_id=10_000 + number % 50_000,
                path=f"/article-{number % 50_000}/",
                by_id=number % 9,
                note="A typing error.",
            )
            for number in range(start, min(size, start + PART))
        ]
        append_entries(facts, at=AT + timedelta(seconds=start))


def publishing(article: Any) -> dict[str, float]:
    """Return what it takes to publish the article, each time with another headline."""
    taken = [timed(partial(publish, article, number)) for number in range(WARM + RUNS)]
    return show("publish", summary(taken[WARM:]))


def publish(article: Any, number: int) -> None:
    """Save a version and publish it, as the desk does."""
    article.refresh_from_db()
    article.title = f"On bridges, {number}, {time.perf_counter_ns()}"
    article.save_revision().publish()


def share(article: Any) -> dict[str, Any]:
    """Publish in turn with and without the record."""
    taken: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for number in range(2 * (WARM + RUNS)):
        is_recorded = number % 2 == 0
        with wiring(is_recorded=is_recorded):
            taken[is_recorded].append(timed(partial(publish, article, number)))
    found = {
        "with": summary(taken[True][WARM:]),
        "without": summary(taken[False][WARM:]),
    }
    return {**found, "more": round(found["with"]["cpu_ms"] / found["without"]["cpu_ms"] - 1, 3)}


@contextmanager
def wiring(*, is_recorded: bool) -> Iterator[None]:
    """Let publishing be recorded, or not."""
    from copydesk.config import wiring as wired

    original = wired.WIRING
    if not is_recorded:
        wired.WIRING = replace(original, at_once={})
    yield
    wired.WIRING = original


def verifying(folder: Path) -> dict[str, Any]:
    """Verify the site's record, export it, and verify the export with Python alone."""
    from copydesk.record.actions.exporting import export_record
    from copydesk.record.queries.inspection import verify_record

    started, wall = time.process_time(), time.perf_counter()
    report = verify_record()
    seconds, waited = time.process_time() - started, time.perf_counter() - wall
    assert report.is_sound, report.as_text()
    result = {"entries": report.size, "a second": round(report.size / seconds)}
    result["a second of the wall clock"] = round(report.size / waited)
    file = folder / "export.jsonl"
    started = time.process_time()
    export_record(path=file, is_whole=True)
    result["exported a second"] = round(report.size / (time.process_time() - started))
    result["stand-alone, a second"] = round(report.size / alone(file))
    result["export, MB"] = file.stat().st_size >> 20
    return show("verify", result)


def alone(file: Path) -> float:
    """Return the seconds of CPU that the stand-alone verifier takes."""
    before = os.times().children_user + os.times().children_system
    command = [sys.executable, "-S", "-m", "copydesk.record.verify", str(file)]
    subprocess.run(command, check=True, cwd=Path(__file__).parent.parent)
    return os.times().children_user + os.times().children_system - before


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds of CPU and of the wall clock."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def summary(taken: list[tuple[float, float]]) -> dict[str, float]:
    """Return medians, in milliseconds, and the best."""
    cpu, wall = zip(*taken, strict=True)
    return {
        "cpu_ms": round(1_000 * statistics.median(cpu), 2),
        "cpu_ms_best": round(1_000 * min(cpu), 2),
        "wall_ms": round(1_000 * statistics.median(wall), 2),
    }


if __name__ == "__main__":
    main()
