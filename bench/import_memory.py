"""What an import needs of memory as the export grows: a dry run reads, plans and converts everything in it.

    python -m bench.import_memory [MB ...]

The default is 30, 300 and 2000. The export is written to a temporary folder (`TMPDIR`) and deleted afterwards.
"""

from __future__ import annotations

import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.import_wordpress import HEAD, RUN, make_item, make_site, make_words, record

SIZES_MB = (30, 300, 2000)
BODIES = 200


def main() -> None:
    """Measure each size and record the results."""
    sizes = [int(size) for size in sys.argv[1:]] or SIZES_MB
    measured = [measure(size) for size in sizes]
    result = {
        "command": " ".join(["python -m bench.import_memory", *map(str, sizes)]),
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "sizes": measured,
    }
    record("memory", result)


def measure(size_mb: int) -> dict[str, Any]:
    """Try out an export of so many megabytes; return what it took."""
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder)
        export = site / "export.xml"
        environ = make_site(site)
        write_export(export, size_mb * 1_000_000)
        load, started = os.getloadavg()[0], time.monotonic()
        done = subprocess.Popen(
            [*RUN, "import", "wordpress", str(export), "--dry-run", "--json"],
            env=environ,
            stdout=(site / "report.json").open("wb"),
        )
        _pid, status, usage = os.wait4(done.pid, 0)
        if status:
            raise SystemExit(f"the import ended with {status}")
        report = json.loads((site / "report.json").read_text())
        return {
            "export_mb": round(export.stat().st_size / 1e6),
            "items": report["found"]["post"],
            "peak_memory_mb": round(usage.ru_maxrss / 1024),
            "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 1),
            "seconds": round(time.monotonic() - started, 1),
            "load_before": round(load, 1),
        }


def write_export(path: Path, byte_count: int) -> None:
    """An export of at least so many bytes, of a few hundred texts that come again under other numbers."""
    dice = random.Random(1)
    vocabulary, weights = make_words(dice)
    texts = [dice.choices(vocabulary, weights, k=1_200) for _ in range(BODIES)]
    number = 0
    with path.open("w", encoding="utf-8") as out:
        out.write(HEAD)
        while out.tell() < byte_count:
            out.write(make_item(dice, texts[number % BODIES], number))
            number += 1
        out.write("</channel></rss>\n")


if __name__ == "__main__":
    main()
