"""`make bench`: every benchmark in turn, each in a process of its own, so that none warms another's caches."""

from __future__ import annotations

import subprocess
import sys

BENCHMARKS = (
    "bench.pages",
    "bench.serve",
    "bench.stored",
    "bench.import_wordpress",
    "bench.import_memory",
    "bench.extraction",
    "bench.sources",
    "bench.sources_load",
    "bench.reliance",
    "bench.quotations",
    "bench.record",
)


def main() -> int:
    """Run them; `make bench ARGS=pages` runs one. Return how many failed."""
    wanted = [name for name in BENCHMARKS if not sys.argv[1:] or name.split(".")[1] in sys.argv[1:]]
    failed = 0
    for name in wanted:
        print(f"== {name}", flush=True)
        failed += subprocess.run([sys.executable, "-m", name], check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
