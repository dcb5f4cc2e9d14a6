"""What `copydesk serve` takes: memory when idle, and the time from the command to the first answer; that of `demo` too.

    python bench/serve.py [--site DIR] [--runs 5]

Without `--site` a site is made for it. Writes `bench/results/serve.json`. Run it on a machine that does nothing else,
with compiled modules (`python -m compileall -q` over the environment and the package).
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

RESULTS = Path(__file__).parent / "results" / "serve.json"
COPYDESK = [sys.executable, "-m", "copydesk.ops.main"]
SETTLE_SECONDS = 15
PATHS = ("/", "/latest/", "/search/?q=a", "/account/login/", "/feed/rss.xml")


def main() -> None:
    """Measure and record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with _site(options.site) as site:
        with _serve(site, "/") as (_process, _port, _seconds):
            pass  # Warms the disk's cache, and brings the site up to date.
        starts = [_cold_start(site) for _run in range(options.runs)]
        memory = _memory(site)
    measured = {
        "cold_start_s": _summary(starts),
        "second_demo_start_s": _summary(_demo_starts(options.runs)),
        **memory,
    }
    machine = {
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
    }
    RESULTS.write_text(
        json.dumps({"machine": machine, **measured}, indent=2) + "\n", encoding="utf-8"
    )
    print(RESULTS.read_text(encoding="utf-8"))


def _summary(seconds: list[float]) -> dict[str, Any]:
    return {"median": round(statistics.median(seconds), 2), "best": min(seconds), "all": seconds}


def _demo_starts(runs: int) -> list[float]:
    """The seconds of each start of the demo after its first, which makes it."""
    with tempfile.TemporaryDirectory(prefix="copydesk-bench-") as folder:
        starts = []
        for _run in range(runs + 1):
            with _started(["demo", "--dir", f"{folder}/demo"], "/") as (_process, _port, seconds):
                starts.append(round(seconds, 2))
        return starts[1:]


@contextmanager
def _site(given: Path | None) -> Iterator[Path]:
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="copydesk-bench-") as folder:
        started = time.perf_counter()
        subprocess.run([*COPYDESK, "init", f"{folder}/site"], check=True)
        print(f"init took {time.perf_counter() - started:.1f} s")
        yield Path(folder) / "site"


@contextmanager
def _serve(site: Path, path: str) -> Iterator[tuple[subprocess.Popen[bytes], int, float]]:
    with _started(["--dir", str(site), "serve"], path) as started:
        yield started


@contextmanager
def _started(command: list[str], path: str) -> Iterator[tuple[subprocess.Popen[bytes], int, float]]:
    """Start, wait for the first answer, give the seconds it took, and stop."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = time.perf_counter()
    process = subprocess.Popen(
        [*COPYDESK, *command, "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _answers(port, path):
            assert process.poll() is None
            time.sleep(0.01)
        yield process, port, time.perf_counter() - started
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _answers(port: int, path: str) -> bool:
    client = http.client.HTTPConnection("127.0.0.1", port)
    try:
        client.request("GET", path)
        return client.getresponse().read() is not None
    except (OSError, http.client.HTTPException):
        return False
    finally:
        client.close()


def _cold_start(site: Path) -> float:
    with _serve(site, "/") as (_process, _port, seconds):
        return round(seconds, 2)


def _memory(site: Path) -> dict[str, Any]:
    with _serve(site, "/") as (process, port, _seconds):
        time.sleep(SETTLE_SECONDS)
        idle = usage(process.pid)
        for _round in range(50):
            for path in PATHS:
                assert _answers(port, path)
        time.sleep(SETTLE_SECONDS)
        return {"idle_mb": idle, "after_250_requests_mb": usage(process.pid)}


def usage(pid: int) -> dict[str, Any]:
    """Return the memory of a process and its descendants: PSS counts what they share once, RSS for each."""
    family = [pid, *_descendants(pid)]
    rows = [_rollup(one) for one in family]
    return {
        "pss": round(sum(row["Pss"] for row in rows)),
        "rss": round(sum(row["Rss"] for row in rows)),
        "processes": [{"pss": round(row["Pss"]), "rss": round(row["Rss"])} for row in rows],
    }


def _descendants(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [found for child in map(int, text.split()) for found in (child, *_descendants(child))]


def _rollup(pid: int) -> dict[str, float]:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    pairs = (line.split(":", 1) for line in lines)
    return {name: int(amount.split()[0]) / 1024 for name, amount in pairs}


if __name__ == "__main__":
    main()
