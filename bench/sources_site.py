"""A scratch site with sources, copies in the archive, and articles that quote them, for `bench.sources_load`.

The texts are made, and pages of FOLDER where it is given; every copy lies in the archive as capturing would put it,
text layers and WARC. What is written to the database is what publishing and looking would write, in bulk. The checks
are by an algorithm older than the present one.
"""

from __future__ import annotations

import gzip
import hashlib
import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from bench.archive import NEWEST, fill, make_vocabulary
from bench.sources import visible_text
from copydesk.kit.http import Hop
from copydesk.sources.backends.archive import write_warc
from copydesk.sources.logic.matching import ALGORITHM_VERSION
from copydesk.sources.logic.quoting import quote_sha256
from copydesk.sources.logic.verdicts import Layer
from copydesk.sources.models import (
    Check,
    Citation,
    Handling,
    Quotation,
    Snapshot,
    Source,
    SourceEvent,
)
from copydesk.sources.queries.texts import archive, blob_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

QUOTED_EACH = 5
HOSTS = 800
# Of all sources, those that changed since they were quoted; of those, those the desk has not seen to.
CHANGED, OPEN = 0.3, 0.5
# Of all quotations.
MISQUOTED, SHORTENED = 0.05, 0.08
BATCH = 1_000


@dataclass
class Made:
    """A source with its copies and their sentences."""

    source: Source
    copies: list[Snapshot] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)


def build(sources: int, quotations: int, folder: Path | None) -> dict[str, int]:
    """Fill the site; return how much there is of what."""
    chance = random.Random(11)
    fill(quotations // QUOTED_EACH)
    made = list(_sources(sources, folder, chance))
    _quote(made, quotations, chance)
    _change(made, chance)
    files = [path for path in archive().root.rglob("*") if path.is_file()]
    return {
        "sources": Source.objects.count(),
        "copies": Snapshot.objects.count(),
        "quotations": Quotation.objects.count(),
        "articles": quotations // QUOTED_EACH,
        "quotations of the most quoted": made[0].source.quotations.count(),
        "words of all copies": sum(len(" ".join(each.sentences).split()) for each in made),
        "archived files": len(files),
        "archived bytes": sum(path.stat().st_size for path in files),
    }


def _sources(count: int, folder: Path | None, chance: random.Random) -> Iterator[Made]:
    vocabulary = make_vocabulary(20_000)
    weights = [1 / (rank + 3) for rank in range(len(vocabulary))]
    words = chance.choices(vocabulary, weights, k=2_000_000)
    real = [gzip.decompress(path.read_bytes()).decode() for path in _pages(folder)]
    for first in range(0, count, BATCH):
        batch = [
            _made(number, chance, words, real) for number in range(first, min(first + BATCH, count))
        ]
        Source.objects.bulk_create(each.source for each in batch)
        for each in batch:
            for copy in each.copies:
                copy.source_id = each.source.pk
        Snapshot.objects.bulk_create(copy for each in batch for copy in each.copies)
        yield from batch


def _pages(folder: Path | None) -> list[Path]:
    return sorted(folder.glob("*.source.html.gz")) if folder else []


def _made(number: int, chance: random.Random, words: list[str], real: list[str]) -> Made:
    if number < len(real):
        text = visible_text(real[number])
        sentences = [line for line in text.split("\n") if len(line.split()) > 5]
    else:
        sentences = _sentences(chance, words, _length(chance))
    at = NEWEST - timedelta(hours=chance.randrange(9_000))
    source = Source(
        url=f"https://news-{number % HOSTS}.example/{number}", url_key=f"example,news-{number % HOSTS})/{number}",
        title=sentences[0][:80], publisher=f"The Paper No. {number % HOSTS}", published_on=f"{at:%Y-%m-%d}",
        language="en", created_at=at, checked_at=at, check_count=7,
        next_check_at=NEWEST + timedelta(hours=number % 2_160),
    )  # fmt: skip
    return Made(source, [_copy(source, sentences, at)], sentences)


def _length(chance: random.Random) -> int:
    """A news story has some 800 words; a report may have 20,000."""
    return min(20_000, max(60, int(chance.lognormvariate(6.6, 0.7))))


def _sentences(chance: random.Random, words: list[str], length: int) -> list[str]:
    start = chance.randrange(len(words) - length)
    sentences = []
    while length > 0:
        size = chance.randint(6, 26)
        sentences.append(" ".join(words[start : start + size]).capitalize() + ".")
        start, length = start + size, length - size
    return sentences


def _copy(source: Source, sentences: list[str], at: datetime) -> Snapshot:
    blocks = [" ".join(sentences[first : first + 4]) for first in range(0, len(sentences), 4)]
    main = "\n".join(blocks)
    visible = f"Home\nNews\n{source.title}\n{main}\nAbout us\nContact"
    page = "".join(f"<p>{block}</p>\n" for block in blocks)
    body = f"<html><title>{source.title}</title><body><nav>Home News</nav>{page}</body>".encode()
    kept = archive()
    hop = Hop(
        url=source.url, status=200, reason="OK", http_version="HTTP/1.1", request_line="GET / HTTP/1.1",
        request_headers=(), response_headers=(("Content-Type", "text/html"),), body=body, address="192.0.2.1",
    )  # fmt: skip
    return Snapshot(
        method="http", captured_at=at, seen_at=at, http_status=200, final_url=source.url, content_type="text/html",
        title=source.title, payload_sha256=hashlib.sha256(body).hexdigest(), size=len(body), encoding="utf-8",
        text_sha256=hashlib.sha256(main.encode()).hexdigest(), extractor_version=1,
        layers_sha256=kept.put(blob_of({Layer.VISIBLE: visible, Layer.MAIN: main})),
        warc_sha256=kept.put(write_warc([hop], at=NEWEST, software="bench", layer_text=visible)),
    )  # fmt: skip


def _quote(made: list[Made], count: int, chance: random.Random) -> None:
    """Let articles quote each source once, and the first ones often."""
    chosen = [*range(len(made)), *(_often(chance, len(made)) for _ in range(count - len(made)))]
    chance.shuffle(chosen)
    pages = list(_page_ids())
    for first in range(0, count, BATCH):
        rows, checks, citations = [], [], {}
        for number in range(first, min(first + BATCH, count)):
            each, page_id = made[chosen[number]], pages[number // QUOTED_EACH]
            row, verdict = _quotation(each, page_id, number, chance)
            rows.append(row)
            checks.append(_check(row, each.copies[0], verdict))
            citations[page_id, each.source.pk] = Citation(
                page_id=page_id, source=each.source, relation="quotes", position=number % QUOTED_EACH
            )  # fmt: skip
        _keep(rows, checks)
        Citation.objects.bulk_create(citations.values())


def _keep(rows: list[Quotation], checks: list[Check]) -> None:
    Check.objects.bulk_create(checks, ignore_conflicts=True)
    shas = [check.quote_sha256 for check in checks]
    kept = {
        (check.quote_sha256, check.snapshot_id): check
        for check in Check.objects.filter(quote_sha256__in=shas)
    }
    for row, check in zip(rows, checks, strict=True):
        row.check_result = kept[check.quote_sha256, check.snapshot_id]
    Quotation.objects.bulk_create(rows)


def _page_ids() -> Iterator[int]:
    from copydesk.editorial.models import PublishedArticle

    yield from PublishedArticle.objects.order_by("pk").values_list("article_id", flat=True)


def _often(chance: random.Random, most: int) -> int:
    drawn = chance.paretovariate(0.2) - 1
    return int(drawn) if drawn < most else chance.randrange(most)


def _quotation(
    each: Made, page_id: int, number: int, chance: random.Random
) -> tuple[Quotation, str]:
    first = chance.randrange(len(each.sentences))
    words = " ".join(each.sentences[first : first + chance.randint(1, 3)]).split()
    drawn, verdict = chance.random(), "exact"
    if drawn < MISQUOTED and len(words) > 8:
        words[len(words) // 2] = "never"
        verdict = "altered"
    elif drawn < MISQUOTED + SHORTENED and len(words) > 20:
        words[8:-8] = ["[…]"]
        verdict = "exact_marked"
    text = " ".join(words)
    row = Quotation(
        page_id=page_id, block_id=f"{number:036d}", position=number % QUOTED_EACH, source=each.source, text=text,
        snapshot=each.copies[0], quote_sha256=quote_sha256(text, "en"), language="en",
    )  # fmt: skip
    return row, verdict


def _check(row: Quotation, copy: Snapshot, verdict: str) -> Check:
    return Check(
        quote_sha256=row.quote_sha256, snapshot=copy, algorithm_version=ALGORITHM_VERSION - 1, verdict=verdict,
        layer="visible", trigger="publish", checked_at=copy.captured_at,
    )  # fmt: skip


def _change(made: list[Made], chance: random.Random) -> None:
    """Let some sources have another copy, that what is quoted of them was compared with as well."""
    changed = [each for each in made if chance.random() < CHANGED]
    for first in range(0, len(changed), BATCH):
        batch = changed[first : first + BATCH]
        copies, events = [], []
        for each in batch:
            at = each.copies[0].captured_at + timedelta(days=3)
            copy = _copy(each.source, [*each.sentences[1:], "This was added later."], at)
            copy.source = each.source
            copies.append(copy)
            handling = Handling.OPEN if chance.random() < OPEN else Handling.LOGGED
            events.append(
                SourceEvent(source=each.source, kind="passage_edited", severity=chance.choice((1, 2, 3)),
                            detected_at=at, handling=handling, before=each.copies[0], after=copy)
            )  # fmt: skip
        Snapshot.objects.bulk_create(copies)
        SourceEvent.objects.bulk_create(events)
        newest = {copy.source_id: copy for copy in copies}
        rows = list(Quotation.objects.filter(source__in=newest).select_related("check_result"))
        _keep_latest(rows, newest)


def _keep_latest(rows: list[Quotation], newest: dict[int, Snapshot]) -> None:
    checks = {
        (row.quote_sha256, row.source_id): _check(row, newest[row.source_id], "exact")
        for row in rows
    }
    Check.objects.bulk_create(checks.values())
    kept = {
        (check.quote_sha256, check.snapshot_id): check
        for check in Check.objects.filter(snapshot__in=[copy.pk for copy in newest.values()])
    }
    for row in rows:
        row.latest_check = kept[row.quote_sha256, newest[row.source_id].pk]
    Quotation.objects.bulk_update(rows, ["latest_check"], batch_size=400)
