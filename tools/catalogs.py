#!/usr/bin/env python3
"""Check that each gettext catalog is complete, and that its compiled form says the same.

`tools/catalogs.py --write` writes the compiled form.
"""

from __future__ import annotations

import gettext
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def fault_of(source: Path, *, write: bool) -> str:
    """Return what is wrong with a catalog, or nothing."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "fresh.mo"
        done = subprocess.run(
            ["msgfmt", "--check", "--statistics", "--output-file", fresh, source],
            check=False, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin:/usr/local/bin", "LC_ALL": "C"},
        )  # fmt: skip
        if done.returncode:
            return done.stderr.strip()
        if "untranslated" in done.stderr or "fuzzy" in done.stderr:
            return f"{source.relative_to(ROOT)}: {done.stderr.strip()}"
        if write:
            shutil.copy(fresh, source.with_suffix(".mo"))
        if _entries(fresh) != _entries(source.with_suffix(".mo")):
            return f"{source.with_suffix('.mo').relative_to(ROOT)} is stale: run tools/catalogs.py --write"
    return ""


def _entries(compiled: Path) -> object:
    """Compare what catalogs say: bytes differ between versions of msgfmt."""
    if not compiled.exists():
        return None
    with compiled.open("rb") as file:
        return vars(gettext.GNUTranslations(file))["_catalog"]


def main() -> int:
    sources = sorted(ROOT.glob("copydesk/**/locale/*/LC_MESSAGES/*.po"))
    faults = [
        fault for source in sources if (fault := fault_of(source, write="--write" in sys.argv))
    ]
    print("\n".join(faults) or f"{len(sources)} catalogs are complete.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
