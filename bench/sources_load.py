"""What a desk with 10,000 sources and 30,000 quotations waits for, and what an upgrade of the algorithm costs.

    python -m bench.sources_load [FOLDER]
    tools/with_postgres.py python -m bench.sources_load [FOLDER]

FOLDER holds pages as `*.source.html.gz`, which are quoted besides the made ones. Every screen is asked for ten
times; then a process compares all quotations anew by turns, as the worker does but without pauses. It is killed after
some seconds, and another goes on. Writes `bench/results/sources_load.json`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.pages import _set_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

RESULTS = Path(__file__).parent / "results" / "sources_load.json"
RUNS = 10
SOURCES, QUOTATIONS = 10_000, 30_000
KILLED_AFTER = 5.0


def main() -> None:
    """Fill a scratch site and measure, or take turns on one that is filled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--sources", type=int, default=SOURCES)
    parser.add_argument("--quotations", type=int, default=QUOTATIONS)
    parser.add_argument("--turns", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.turns is not None:
        print(json.dumps(take_turns(options.turns)))
        return
    with tempfile.TemporaryDirectory(prefix="copydesk-bench-") as folder:
        _set_up(Path(folder))
        _record(measure(options))


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Return everything that was measured."""
    from bench.sources_site import build

    started = time.perf_counter()
    result: dict[str, Any] = {"site": build(options.sources, options.quotations, options.folder)}
    result["site"]["seconds to build"] = round(time.perf_counter() - started, 1)
    _show(result["site"])
    result["screens"] = screens()
    result["turns"] = turns()
    _show(result["turns"])
    return result


def screens() -> dict[str, Any]:
    """Ask for what the desk and readers look at."""
    from copydesk.kit import clock
    from copydesk.ops.queries.stats import get_counts
    from copydesk.sources.models import Source

    client = _at_the_desk()
    often, seldom = (
        Source.objects.order_by("pk")[number].pk for number in (0, Source.objects.count() // 2)
    )
    words = "The bridge will hold for many years to come"
    asked: dict[str, Callable[[], Any]] = {
        "changed sources": lambda: client.get("/desk/sources/changed/"),
        "changed sources, page 40": lambda: client.get("/desk/sources/changed/?p=40"),
        "desk's home": lambda: client.get("/desk/"),
        "page of a source": lambda: client.get(f"/sources/{seldom}/"),
        "page of the most quoted source": lambda: client.get(f"/sources/{often}/"),
        "choosing a source": lambda: client.get("/desk/source_chooser/"),
        "choosing a source, searched": lambda: client.get("/desk/source_chooser/results/?q=9999"),
        "finding a source by words": lambda: client.get("/desk/sources/find/?q=paper+9999"),
        "card of a source": lambda: client.get(f"/desk/sources/{seldom}/card/"),
        "card of the most quoted source": lambda: client.get(f"/desk/sources/{often}/card/"),
        "checking words": lambda: client.post(f"/desk/sources/{seldom}/check/", {"text": words}),
        "words in other sources": lambda: client.post("/desk/sources/elsewhere/", {"text": words}),
        "the next source that is due": claim_next,
        "stats": lambda: get_counts(at=clock.now()),
    }
    return {name: _cost(name, ask) for name, ask in asked.items()}


def _at_the_desk() -> Client:
    from django.test import Client

    from copydesk.kit import clock
    from copydesk.members.actions import create_owner
    from copydesk.members.models import Member

    create_owner(email="owner@example.org", name="Owner", at=clock.now())
    client = Client(headers={"host": "localhost"})
    owner = Member.objects.get(email="owner@example.org")
    client.force_login(owner, "django.contrib.auth.backends.ModelBackend")
    return client


def claim_next() -> None:
    """Take a turn at the next source and its host, and give both back: all of a look but the fetch."""
    from copydesk.kit import clock
    from copydesk.sources.actions import turns
    from copydesk.sources.logic.politeness import host_key
    from copydesk.sources.models import Source

    at = clock.now() + timedelta(days=60)
    source = Source.objects.due(at)[:50][0]
    assert turns.claim_source(source, at=at)
    turns.claim_host(host_key(source.url), at=at)
    turns.release_host(host_key(source.url), at=at)
    turns.put_off(source, until=at - timedelta(days=1))


def _cost(name: str, ask: Callable[[], Any]) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    answer = ask()
    assert getattr(answer, "status_code", 200) == 200, (
        name,
        answer.status_code,
        answer.content[:300],
    )
    with CaptureQueriesContext(connection) as asked:
        ask()
    queries = len(asked)
    longest = max((float(query["time"]) for query in asked.captured_queries), default=0.0)
    taken = []
    for _ in range(RUNS):
        before = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - before) * 1000)
    row = {
        "queries": queries,
        "ms": round(statistics.median(taken), 1),
        "ms, best": round(min(taken), 1),
        "ms of the longest query": round(longest * 1000, 1),
    }
    print(
        f"{name:<32}{queries:>4} queries {row['ms']:>8.1f} ms, longest query {longest:.3f} s",
        flush=True,
    )
    return row


def turns() -> dict[str, Any]:
    """Compare all quotations anew: by a process that is killed, and by another that goes on."""
    from copydesk.sources.logic.matching import ALGORITHM_VERSION
    from copydesk.sources.models import Check, Quotation

    present = Check.objects.filter(algorithm_version=ALGORITHM_VERSION)
    left_before = Quotation.objects.outdated().count()
    first = subprocess.Popen(
        [sys.executable, "-m", "bench.sources_load", "--turns", "0"], stdout=subprocess.DEVNULL
    )
    time.sleep(KILLED_AFTER)
    first.send_signal(signal.SIGKILL)
    first.wait()
    by_first, left = present.count(), Quotation.objects.outdated().count()
    second = subprocess.run(
        [sys.executable, "-m", "bench.sources_load", "--turns", "1"],
        check=True,
        capture_output=True,
    )
    return {
        "quotations to compare": left_before,
        "left when it was killed": left,
        "checks kept when it was killed": by_first,
        "checks kept in all": present.count(),
        "left at the end": Quotation.objects.outdated().count(),
        "the second process": json.loads(second.stdout),
    }


def take_turns(leases: int) -> dict[str, Any]:
    """Take turns until none is left, so many leases from now: what a killed process held is free by then."""
    import django

    django.setup()
    from copydesk.kit import clock
    from copydesk.sources.actions.turns import LEASE
    from copydesk.sources.actions.upgrading import recheck_next

    count, taken, idle_mb = 0, [], _peak_mb()
    started, cpu = time.perf_counter(), time.process_time()
    while True:
        before = time.perf_counter()
        done = recheck_next(at=clock.now() + LEASE * leases)
        if done is None:
            break
        taken.append(time.perf_counter() - before)
        count += done
    seconds = time.perf_counter() - started
    return {
        "quotations": count,
        "turns": len(taken),
        "seconds": round(seconds, 1),
        "seconds of CPU": round(time.process_time() - cpu, 1),
        "quotations a second": round(count / seconds),
        "longest turn, seconds": round(max(taken, default=0), 2),
        "median turn, milliseconds": round(statistics.median(taken) * 1000, 1),
        "MB before": idle_mb,
        "MB at most": _peak_mb(),
    }


def _peak_mb() -> int:
    # What `resource` tells begins with the memory of the process that started this one.
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def _show(rows: dict[str, Any]) -> None:
    print(json.dumps(rows, indent=2), flush=True)


def _record(measured: dict[str, Any]) -> None:
    from django.db import connection

    result = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    result |= {
        "command": "python -m bench.sources_load [FOLDER]",
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        connection.vendor: {**measured, "load at the end": round(os.getloadavg()[0], 1)},
    }
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
