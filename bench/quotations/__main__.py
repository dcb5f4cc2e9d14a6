"""How right and how quick the matcher of quotations is.

    python -m bench.quotations [--items 6000] [--json] [--wrong]

Two runs of so many items each: on the seed the matcher was mended with, and on one that was held out. Real pages take
part when `../shared/data/articles` lies beside the checkout. The results go to `bench/results/quotations.json`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from bench.quotations.baselines import compare
from bench.quotations.running import Tally, generate, run, timings
from bench.quotations.sources import babble, own_texts, page_texts
from copydesk.sources.logic.matching import ALGORITHM_VERSION
from copydesk.sources.logic.verdicts import Verdict

if TYPE_CHECKING:
    from rich.progress import TaskID

RESULTS = Path(__file__).parents[1] / "results/quotations.json"
SEEDS = {"mended with": 1, "held out": 20261124}
#: Words of the text, and the milliseconds 95 of 100 quotations may take.
SIZES = {5_000: 3.0, 100_000: 10.0}
TIMED = 1_000


def _tell(progress: Progress, task: TaskID, done: int) -> None:
    progress.update(task, completed=done)


def main() -> int:
    """Measure, print and record; return 1 when a target was missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.quotations")
    parser.add_argument("--items", type=int, default=6_000)
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument("--wrong", action="store_true", help="print every item that went wrong")
    options = parser.parse_args()
    out = Console(stderr=options.json)
    texts = own_texts() + page_texts()
    result: dict[str, Any] = {
        "command": f"python -m bench.quotations --items {options.items}",
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "algorithm": ALGORITHM_VERSION,
        "texts": len(texts),
        "words": sum(len(text.words) for text in texts),
        "load_before": round(os.getloadavg()[0], 1),
    }
    met = []
    for name, seed in SEEDS.items():
        with Progress(console=Console(stderr=True)) as progress:
            items = list(generate(texts, options.items, seed))
            task = progress.add_task(f"seed {seed}, {name}", total=len(items))
            tally = run(items, partial(_tell, progress, task))
        result[name] = summary(tally, seed)
        met += [good for _, _, good in tally.targets.values()]
        show(out, name, tally, with_wrong=options.wrong)
        if name == "held out":
            result["baselines"] = compare(items[:1_500])
            show_baselines(out, result["baselines"])
    result["speed"] = [timings(babble(own_texts()[:9], size, 3), TIMED, 5) for size in SIZES]
    met += [row["p95_ms"] <= SIZES[size] for size, row in zip(SIZES, result["speed"], strict=True)]
    show_speed(out, result["speed"])
    result["load_after"] = round(os.getloadavg()[0], 1)
    RESULTS.write_text(f"{json.dumps(result, indent=2, ensure_ascii=False)}\n", encoding="utf-8")
    if options.json:
        print(json.dumps(result, ensure_ascii=False))
    return 0 if all(met) else 1


def summary(tally: Tally, seed: int) -> dict[str, Any]:
    return {
        "seed": seed,
        "honest": tally.honest,
        "dishonest": tally.dishonest,
        "targets": {
            name: {"at_most": wanted, "measured": came, "met": good}
            for name, (wanted, came, good) in tally.targets.items()
        },
        "classes": {kind: dict(verdicts) for kind, verdicts in tally.verdicts.items()},
    }


def show(out: Console, name: str, tally: Tally, *, with_wrong: bool) -> None:
    table = Table("class", "n", *(verdict.value for verdict in Verdict), title=f"{name}: verdicts")
    for kind, verdicts in tally.verdicts.items():
        counts = [str(verdicts[verdict.value] or "") for verdict in Verdict]
        table.add_row(escape(kind), str(verdicts.total()), *counts)
    out.print(table)
    targets = Table("target", "at most", "measured", "", title=f"{name}: targets")
    for target, (wanted, came, good) in tally.targets.items():
        targets.add_row(target, f"{wanted:g}", f"{came:g}", "met" if good else "MISSED")
    out.print(targets)
    for item, finding in tally.wrong if with_wrong else ():
        out.print(f"{item.kind} → {finding.verdict.value}: {item.quote!r}", markup=False)


def show_baselines(out: Console, baselines: dict[str, dict[str, float]]) -> None:
    table = Table("simpler ways", "lies accepted, %", "honest refused, %")
    for name, shares in baselines.items():
        table.add_row(name, *(f"{share:g}" for share in shares.values()))
    out.print(table)


def show_speed(out: Console, rows: list[dict[str, float]]) -> None:
    table = Table(
        "words", "indexed once", "median", "p95", "max", "p95, target", title="milliseconds of CPU"
    )
    for row in rows:
        target = SIZES[int(row["words"])]
        verdict = "met" if row["p95_ms"] <= target else "MISSED"
        columns = [f"{row[name]:g}" for name in ("index_ms", "median_ms", "p95_ms", "max_ms")]
        table.add_row(f"{row['words']:,}", *columns, f"{target:g} {verdict}")
    out.print(table)


if __name__ == "__main__":
    sys.exit(main())
