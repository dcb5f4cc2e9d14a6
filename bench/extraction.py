"""How much of real articles the layers of a reading hold, and what each layer costs.

    python -m bench.extraction

The pages and the articles in them lie beside the checkout (`shared/data/articles`). An article's paragraphs of eight
words or more, as another extractor found them, are looked for letter by letter, white space and the form of quotation
marks aside; marks of footnotes, which the visible layer leaves out by design, are left out of the paragraphs too.
"""

from __future__ import annotations

import gzip
import json
import os
import platform
import re
import statistics
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selectolax.lexbor import LexborHTMLParser

from copydesk.sources.backends.sandbox import read_in_sandbox
from copydesk.sources.logic.reading import read_source
from copydesk.sources.logic.reading.decoding import decode
from copydesk.sources.logic.reading.embedded import embedded_text
from copydesk.sources.logic.reading.main import main_text, tree_of
from copydesk.sources.logic.reading.markup import parse
from copydesk.sources.logic.reading.structured import statements_of
from copydesk.sources.logic.reading.visible import see
from copydesk.sources.logic.verdicts import Layer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REPOSITORY = Path(__file__).resolve().parent.parent
PAGES = REPOSITORY.parent / "shared" / "data" / "articles"
RESULTS = REPOSITORY / "bench" / "results" / "extraction.json"
FEWEST_WORDS = 8
ROUNDS = 5
MARKS = str.maketrans({**dict.fromkeys("“”„«»", '"'), **dict.fromkeys("‘’‚´`", "'")})
LAYERS = (Layer.VISIBLE, Layer.MAIN, Layer.EMBEDDED)


@dataclass(frozen=True)
class Held:
    """How many paragraphs of an article each layer of its page holds, and those that are not visible."""

    name: str
    paragraph_count: int
    counts: dict[Layer, int]
    missing: list[str]


def main() -> None:
    """Measure, print a table, record."""
    pages = list(articles(PAGES))
    held = [hold(name, page, article) for name, page, article in pages]
    print(f"{'page':28}{'paragraphs':>12}" + "".join(f"{layer:>12}" for layer in LAYERS))
    for each in held:
        print(
            f"{each.name:28}{each.paragraph_count:>12}"
            + "".join(f"{each.counts[layer]:>12}" for layer in LAYERS)
        )
    total = sum(each.paragraph_count for each in held)
    shares = {
        layer.value: round(100 * sum(each.counts[layer] for each in held) / total, 2)
        for layer in LAYERS
    }
    for each in held:
        for text in each.missing:
            print(f"not visible in {each.name}: {text[:100]}")
    result = {
        "command": "python -m bench.extraction",
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "load": round(os.getloadavg()[0], 1),
        "pages": len(held),
        "paragraphs": total,
        "held_percent": shares,
        "milliseconds_per_page": times([page for _name, page, _article in pages]),
        "milliseconds_in_sandbox": sandboxed([page for _name, page, _article in pages]),
    }
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))


def articles(folder: Path) -> Iterator[tuple[str, bytes, bytes]]:
    """Give the name, the page and the expected article of each pair."""
    for path in sorted(folder.glob("*.source.html.gz")):
        name = path.name.partition(".")[0]
        with gzip.open(path) as page, gzip.open(folder / f"{name}.expected.html.gz") as article:
            yield name, page.read(), article.read()


def hold(name: str, page: bytes, article: bytes) -> Held:
    """Return how many of the article's paragraphs the layers of the page hold."""
    reading = read_source(page, content_type="text/html")
    texts = {layer: plain(reading.layers[layer]) for layer in LAYERS}
    wanted = paragraphs(article)
    counts = {layer: sum(paragraph in texts[layer] for paragraph in wanted) for layer in LAYERS}
    missing = [paragraph for paragraph in wanted if paragraph not in texts[Layer.VISIBLE]]
    return Held(name, len(wanted), counts, missing)


def paragraphs(article: bytes) -> list[str]:
    """Return the paragraphs of an expected article; a script without spaces has as many words as it has signs."""
    tree = LexborHTMLParser(article.decode())
    for mark in tree.css("sup"):
        if mark.css_first("a") is not None:
            mark.decompose()
    for line_break in tree.css("br"):
        line_break.replace_with(" ")
    found = [plain(node.text() or "") for node in tree.css("p")]
    return [text for text in found if len(re.findall(r"[\u3040-\u9fff]|\w+", text)) >= FEWEST_WORDS]


def plain(text: str) -> str:
    """Return a text with one form of quotation marks and of white space."""
    return " ".join(text.translate(MARKS).split())


def times(pages: list[bytes]) -> dict[str, Any]:
    """Return the mean processor time of each step for a page, in ms: the best of some rounds over all pages."""
    decoded = [decode(page).text for page in pages]
    trees = [tree for text in decoded if (tree := parse(text))]
    bodies = [tree.body for tree in trees if tree.body]
    steps: dict[str, Callable[[], list[Any]]] = {
        "decode": lambda: [decode(page) for page in pages],
        "parse": lambda: [parse(text) for text in decoded],
        "visible": lambda: [see(body) for body in bodies],
        "main": lambda: [main_text(tree_of(text)) for text in decoded],
        "embedded": lambda: [embedded_text(tree, statements_of(tree), []) for tree in trees],
        "whole_reading": lambda: [read_source(page, content_type="text/html") for page in pages],
    }
    best = {
        name: min(_timed(step) for _ in range(ROUNDS)) / len(pages) for name, step in steps.items()
    }
    layers = sum(best[name] for name in ("decode", "parse", "visible", "main", "embedded"))
    single = [min(_timed(partial(_read, page)) for _ in range(3)) for page in pages]
    measured = {
        **best,
        "three_layers": layers,
        "slowest_page": max(single),
        "median_page": statistics.median(single),
    }
    return {name: round(value, 2) for name, value in measured.items()}


def sandboxed(pages: list[bytes]) -> dict[str, float]:
    """Return what the clock says of readings in the sandbox, in ms: medians."""
    read_in_sandbox(b"a", content_type="text/plain")  # Starts the server.

    def took(body: bytes, content_type: str) -> float:
        started = time.monotonic()
        read_in_sandbox(body, content_type=content_type)
        return 1_000 * (time.monotonic() - started)

    return {
        "smallest_text": round(statistics.median(took(b"a", "text/plain") for _ in range(30)), 2),
        "median_page": round(statistics.median(took(page, "text/html") for page in pages), 2),
    }


def _read(page: bytes) -> object:
    return read_source(page, content_type="text/html")


def _timed(step: Callable[[], object]) -> float:
    started = time.process_time()
    step()
    return 1_000 * (time.process_time() - started)


if __name__ == "__main__":
    main()
