"""What readers' pages cost when nothing is stored: queries, CPU and bytes, at two sizes of the archive.

`make bench` runs this; by hand: `python -m bench.pages [--sizes 1000 50000]`. Writes `bench/results/pages.json`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from copydesk.kit.pagination import Position

RESULTS = Path(__file__).parent / "results" / "pages.json"
RUNS = 60


def main() -> None:
    """Fill scratch sites and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 50_000])
    sizes = parser.parse_args().sizes
    with tempfile.TemporaryDirectory(prefix="copydesk-bench-") as folder:
        _set_up(Path(folder))
        from bench.archive import fill

        measured = {}
        for size in sorted(sizes):
            started = time.perf_counter()
            fill(size)
            print(f"{size:,} articles filled in {time.perf_counter() - started:.0f} s")
            measured[str(size)] = _measure(size)
    _record(measured)


def _set_up(folder: Path) -> None:
    (folder / "data").mkdir()
    os.environ.update(COPYDESK_DIR=str(folder), DJANGO_SETTINGS_MODULE="copydesk.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def _measure(size: int) -> dict[str, Any]:
    paths = {
        "front": "/",
        "article": f"/article-{size // 2}/",
        "topic": "/topics/topic-3/",
        "topic, deep": f"/topics/topic-3/?before={_middle(size)}",
        "person": "/people/person-3/",
        "latest": "/latest/",
        "archive": "/archive/2026/",
        "search": "/search/?q=bade+to",
        "search, misspelt": "/search/?q=bdae",
    }
    rows = {name: _one(path) for name, path in paths.items()}
    for name, row in rows.items():
        print(
            f"{size:>7,}  {name:<18}{row['queries']:>3} queries "
            f"{row['cpu_ms']:>7.2f} ms CPU (best {row['cpu_ms_best']:.2f}) {row['gzip_bytes']:>7,} B gzip"
        )
    return rows


def _middle(size: int) -> Position:
    """Return the place in the lists of the article half way down."""
    from copydesk.editorial.models import PublishedArticle

    row = PublishedArticle.objects.get(path=f"/article-{size // 2}/")
    return Position(row.published_at, row.pk)


def _one(path: str) -> dict[str, Any]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "localhost"})
    client.get(path)  # The first request makes what later ones find: templates, the layout.
    with CaptureQueriesContext(connection) as asked:
        response = client.get(path)
    queries = len(asked)  # Now: the next request begins the count anew.
    assert response.status_code == 200, (path, response.status_code)
    body = response.content
    costs = []
    for _ in range(RUNS):
        before = time.process_time()
        client.get(path)
        costs.append((time.process_time() - before) * 1000)
    return {
        "path": path,
        "queries": queries,
        "cpu_ms": round(statistics.median(costs), 2),
        "cpu_ms_best": round(min(costs), 2),
        "html_bytes": len(body),
        "gzip_bytes": len(gzip.compress(body)),
    }


def _record(measured: dict[str, Any]) -> None:
    RESULTS.parent.mkdir(exist_ok=True)
    machine = {
        "cpu_count": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
    }
    result = {
        "command": "python -m bench.pages",
        "machine": machine,
        "runs": RUNS,
        "articles": measured,
    }
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    print(f"written to {RESULTS.name}")


if __name__ == "__main__":
    main()
