"""What the logic of sources does on real pages and on huge ones: text fragments, and two readings compared.

    python -m bench.sources [FOLDER]

FOLDER holds pages as `*.html.gz`; up to 30 sentences of each are given a fragment. Without it only the times are
taken, on made texts of 100,000 words.
"""

from __future__ import annotations

import gzip
import html
import json
import os
import platform
import random
import re
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copydesk.sources.logic.changes import Observed, compare
from copydesk.sources.logic.fragments import text_fragment

if TYPE_CHECKING:
    from collections.abc import Callable

RESULTS = Path(__file__).parent / "results/sources.json"
HIDDEN = re.compile(r"<(script|style)\b.*?</\1>", re.IGNORECASE | re.DOTALL)
BLOCKS = re.compile(
    r"</?(?:p|div|li|ul|ol|h\d|br|tr|td|table|section|article|blockquote|figure|figcaption|pre)\b[^>]*>",
    re.IGNORECASE,
)
WORD_COUNT = 100_000


def main() -> None:
    """Measure, and record the results."""
    result: dict[str, Any] = {
        "command": " ".join(["python -m bench.sources", *(["FOLDER"] if sys.argv[1:] else [])]),
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "seconds": times(),
    }
    if sys.argv[1:]:
        result["fragments"] = fragments(Path(sys.argv[1]))
    elif RESULTS.exists():
        # Those of the last run that had pages.
        result["fragments"] = json.loads(RESULTS.read_text()).get("fragments")
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))


def fragments(folder: Path) -> dict[str, Any]:
    """Give sampled sentences of each page a fragment; return how many got one and how long they are."""
    chosen = random.Random(7)
    tried, made = 0, []
    pages = sorted(folder.glob("*.html.gz"))
    for page in pages:
        text = visible_text(gzip.decompress(page.read_bytes()).decode())
        spans = [match.span() for match in re.finditer(r"[^\n.!?]{20,}[.!?]?", text)]
        for start, end in chosen.sample(spans, min(30, len(spans))):
            tried += 1
            made.append(text_fragment(text, start, end))
    lengths = [len(fragment) for fragment in made if fragment]
    return {
        "pages": len(pages),
        "sentences": tried,
        "with_a_fragment": len(lengths),
        "share": round(len(lengths) / tried, 4),
        "median_characters": statistics.median(lengths),
    }


def visible_text(page: str) -> str:
    """The text of a page, roughly: a line for each block."""
    text = html.unescape(re.sub(r"<[^>]*>", "", BLOCKS.sub("\n", HIDDEN.sub("", page))))
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"[^\S\n]+", " ", text))


def times() -> dict[str, float]:
    """Seconds, the best of three, for texts of 100,000 words."""
    old, new, accented = prose(1), prose(2), prose(3, "wörd")
    edited = old.replace("word7", "words", 2_000)
    middle = len(accented) // 2
    return {
        "text_fragment": best(lambda: text_fragment(old, middle, middle + 200)),
        "text_fragment, with accents": best(lambda: text_fragment(accented, middle, middle + 200)),
        "text_fragment, of nearly all": best(lambda: text_fragment(accented, 9, len(accented) - 9)),
        "compare, all different": best(lambda: compared(old, new)),
        "compare, all different, one line": best(lambda: compared(one_line(old), one_line(new))),
        "compare, a few edits": best(lambda: compared(old, edited)),
    }


def compared(old: str, new: str) -> object:
    """What became of a page that holds nothing but a text."""
    return compare(Observed("a", "T", old, old), Observed("b", "T", new, new), [])


def one_line(text: str) -> str:
    """As much of a text on one line as is still aligned word by word."""
    return " ".join(text.split()[:49_000])


def prose(seed: int, stem: str = "word") -> str:
    """Words of a vocabulary of 8,000, thirty to a line."""
    chosen = random.Random(seed)
    return "".join(
        f"{stem}{chosen.randrange(8_000)}{' ' if number % 30 else chr(10)}"
        for number in range(WORD_COUNT)
    )


def best(work: Callable[[], object]) -> float:
    """The least of three times."""
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return round(min(taken), 3)


if __name__ == "__main__":
    main()
