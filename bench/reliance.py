"""How fast a correction reaches whoever relies on it, among 100,000 articles, and what the desk waits for then.

    python -m bench.reliance [--articles 100000]
    tools/with_postgres.py python -m bench.reliance

Every article cites one source, one in ten links to one article, and each links to five others and cites three sources
at random. Flagging is measured each time on a site without flags, median and longest of five; the desk with a flag
at every article. Writes `bench/results/reliance.json`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.pages import _set_up

if TYPE_CHECKING:
    from collections.abc import Callable

RESULTS = Path(__file__).parent / "results" / "reliance.json"
RUNS, BATCH = 5, 5_000
LINKS_EACH, SOURCES_EACH, SOURCES = 5, 3, 20_000
# A body of 1,200 words with as many links of its own.
WORDS, LINKS_IN_BODY = 1_200, 10


def main() -> None:
    """Fill a scratch site and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="copydesk-bench-") as folder:
        _set_up(Path(folder))
        started = time.perf_counter()
        build(options.articles)
        print(f"built in {time.perf_counter() - started:.0f} s", flush=True)
        _record(options.articles, measure())


def build(articles: int) -> None:
    """Fill the site: pages, what readers get of them, and what they rest on."""
    from django.db import connection

    from copydesk.sources.models import Source

    keys = _articles(articles)
    now = _now()
    Source.objects.bulk_create(
        (
            Source(url=f"https://s.example/{n}", url_key=f"s.example/{n}", title=f"Source {n}", created_at=now)
            for n in range(SOURCES)
        ),
        batch_size=BATCH,
    )  # fmt: skip
    sources = list(Source.objects.order_by("pk").values_list("pk", flat=True))
    _ties(keys, sources)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _now() -> Any:
    from copydesk.kit import clock

    return clock.now()


def _articles(count: int) -> list[int]:
    from uuid import uuid4

    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import Page

    from copydesk.editorial.actions.rows import insert_rows
    from copydesk.editorial.actions.setup import prepare_site
    from copydesk.editorial.models import Article, FrontPage, PublishedArticle

    now = _now()
    front = FrontPage.objects.get(pk=prepare_site(at=now).pk)
    kind = ContentType.objects.get_for_model(Article)
    common: dict[str, Any] = {"depth": front.depth + 1, "content_type": kind, "live": True}
    for first in range(0, count, BATCH):
        rows = [
            Article(
                title=f"Article {n}", draft_title=f"Article {n}", slug=f"article-{n}", locale=front.locale,
                path=Article._get_path(front.path, front.depth + 1, 1_000 + n), translation_key=uuid4(),
                url_path=f"{front.url_path}article-{n}/", body="[]", **common,
            )
            for n in range(first, min(first + BATCH, count))
        ]  # fmt: skip
        insert_rows(Page, rows)
        keys = dict(
            Page.objects.filter(path__in=[row.path for row in rows]).values_list("path", "pk")
        )
        for row in rows:
            row.page_ptr_id = row.id = keys[row.path]
        insert_rows(Article, rows)
        PublishedArticle.objects.bulk_create(
            PublishedArticle(
                article_id=row.pk, path=f"/{row.slug}/", headline=row.title, kind="news", visibility="public",
                discussion="on", published_at=now, first_published_at=now, updated_at=now,
            )
            for row in rows
        )  # fmt: skip
    return list(PublishedArticle.objects.order_by("pk").values_list("pk", flat=True))


def _ties(keys: list[int], sources: list[int]) -> None:
    from copydesk.record.models import Reliance, Tie
    from copydesk.sources.models import Citation, Relation

    chance = random.Random(5)
    for first in range(0, len(keys), BATCH):
        some = keys[first : first + BATCH]
        cited = [(pk, sources[0]) for pk in some]
        linked = {(pk, keys[0]) for pk in some if chance.random() < 0.1}
        for pk in some:
            cited += [(pk, source) for source in chance.sample(sources[1:], SOURCES_EACH)]
            linked |= {(pk, on) for on in chance.sample(keys[1:], LINKS_EACH)}
        Citation.objects.bulk_create(
            Citation(page_id=pk, source_id=source, relation=Relation.CITES) for pk, source in cited
        )
        Reliance.objects.bulk_create(
            Reliance(article_id=pk, on_id=on, tie=Tie.LINK) for pk, on in linked if pk != on
        )


def measure() -> dict[str, Any]:
    """Return everything that was measured, in milliseconds."""
    from copydesk.editorial.models import PublishedArticle
    from copydesk.sources.models import Source

    first, middle = (PublishedArticle.objects.order_by("pk")[n].pk for n in (0, 1_000))
    everybodys, somebodys = (Source.objects.order_by("pk")[n].pk for n in (0, 100))
    Source.objects.filter(pk__in=[everybodys, somebodys]).update(standing="retracted")
    return {
        "a source of few": _flagging(lambda: _mark(somebodys)),
        "an article that one in ten links to": _flagging(lambda: _notice(first)),
        "a source of all": _flagging(lambda: _mark(everybodys)),
        **_desk(everybodys, first, middle),
        "what a body of 10 links rests on": _cost(lambda: _rest(middle)),
    }


def _mark(pk: int) -> int:
    from copydesk.record.actions.flagging import flag_source_standing

    return flag_source_standing(source_id=pk, standing="retracted", by_id=None, at=_now())


def _notice(article_id: int) -> int:
    from copydesk.record.actions.flagging import Cause, article_step, open_flags, relying_on

    cause = Cause(name=f"notice:{article_id}", path=[article_step(article_id)])
    return open_flags(cause, relying_on(article_id), gravity=2, at=_now())


def _flagging(do: Callable[[], int]) -> dict[str, Any]:
    from copydesk.record.models import Flag

    taken, count = [], 0
    for _ in range(RUNS):
        Flag.objects.all()._raw_delete("default")
        before = time.perf_counter()
        count = do()
        taken.append((time.perf_counter() - before) * 1_000)
    return _show({"flags": count, "ms": _median(taken), "longest": round(max(taken), 1)})


def _desk(source: int, linked: int, other: int) -> dict[str, Any]:
    from bench.sources_load import _at_the_desk

    _mark(source)
    client = _at_the_desk()
    asked = {
        "inbox": "/desk/record/flags/",
        "inbox, page 1,000": "/desk/record/flags/?p=1000",
        "inbox, mine": "/desk/record/flags/?show=mine",
        "desk's home": "/desk/",
        "who rests on an article, most": f"/desk/record/reliance/{linked}/",
        "who rests on an article": f"/desk/record/reliance/{other}/",
    }
    return {name: _cost(lambda url=url: client.get(url)) for name, url in asked.items()}  # type: ignore[misc]


def _rest(pk: int) -> None:
    from copydesk.editorial.models import PublishedArticle
    from copydesk.record.actions.relying import rest_anew

    links = "".join(
        f'<p>{"word " * (WORDS // LINKS_IN_BODY)}<a href="/article-{n}/">x</a></p>'
        for n in range(LINKS_IN_BODY)
    )
    PublishedArticle.objects.filter(pk=pk).update(body_html=links)
    rest_anew([pk])


def _cost(ask: Callable[[], Any]) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    answer = ask()
    assert getattr(answer, "status_code", 200) == 200
    with CaptureQueriesContext(connection) as queries:
        ask()
    count, longest = len(queries), max(float(query["time"]) for query in queries.captured_queries)
    taken = []
    for _ in range(RUNS * 2):
        before = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - before) * 1_000)
    return _show(
        {"queries": count, "ms": _median(taken), "longest query": round(longest * 1_000, 1)}
    )


def _median(taken: list[float]) -> float:
    return round(statistics.median(taken), 1)


def _show(row: dict[str, Any]) -> dict[str, Any]:
    print(row, flush=True)
    return row


def _record(articles: int, measured: dict[str, Any]) -> None:
    from django.db import connection

    result = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    result |= {
        "command": "python -m bench.reliance",
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        connection.vendor: {
            "articles": articles,
            **measured,
            "load at the end": round(os.getloadavg()[0], 1),
        },
    }
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
