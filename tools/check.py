#!/usr/bin/env python3
"""Run every check, one line each; print what the failed ones said, and fail if any did."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
PYTHON = str(BIN / "python")


@dataclass(frozen=True)
class Step:
    name: str
    command: tuple[str, ...]
    environ: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    step: Step
    status: int
    output: str
    seconds: float


def steps(folder: str) -> list[Step]:
    # Neither a site in the current folder nor the developer's variables may decide what is checked.
    bare = {"COPYDESK_DIR": folder, "DJANGO_SETTINGS_MODULE": "copydesk.config.settings"}
    live = bare | {
        "COPYDESK_BASE_URL": "https://desk.example",
        "COPYDESK_SECRET_KEY": os.urandom(32).hex(),
    }
    return [
        Step("types (mypy)", (f"{BIN}/mypy",)),  # The longest, so it starts first.
        Step("lint (ruff)", (f"{BIN}/ruff", "check", "--quiet", "--output-format=concise", ".")),
        Step(
            "format (ruff)",
            (f"{BIN}/ruff", "format", "--check", "--quiet", "--output-format=concise", "."),
        ),
        Step("imports (import-linter)", (f"{BIN}/lint-imports", "--no-cache")),
        Step("templates (djlint)", (f"{BIN}/djlint", "--lint", "--quiet", "copydesk")),
        Step("template format (djlint)", (f"{BIN}/djlint", "--check", "copydesk")),
        # Also says when the migrations of an app do not form one line (django-linear-migrations).
        Step("migrations", (PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"), bare),
        Step(
            "settings of a live site",
            (PYTHON, "manage.py", "check", "--deploy", "--fail-level=WARNING"),
            live,
        ),
        Step("catalogs (gettext)", (PYTHON, "tools/catalogs.py")),
    ]


def run(step: Step) -> Outcome:
    start = time.monotonic()
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("COPYDESK_")
    }
    done = subprocess.run(
        step.command, cwd=ROOT, env=inherited | step.environ, check=False, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return Outcome(step, done.returncode, done.stdout, time.monotonic() - start)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        (Path(folder) / "data").mkdir()
        outcomes = list(pool.map(run, steps(folder)))
    for outcome in outcomes:
        word = "FAILED" if outcome.status else "ok"
        print(f"{word:<8}{outcome.step.name:<28}{outcome.seconds:6.1f} s")
    failed = [outcome for outcome in outcomes if outcome.status]
    for outcome in failed:
        print(f"\n--- {outcome.step.name}\n{outcome.output.strip()}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
