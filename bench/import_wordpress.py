#!/usr/bin/env python3
"""How long an archive takes to move in: makes a WordPress export, imports it into a new site, prints what it cost.

    python -m bench.import_wordpress [POSTS] [WORDS]

The default is the size we promise: 10,000 posts of 1,200 words in under 120 s on two cores with SQLite. What was
measured goes to `results/import.json`, with the load of the machine before and after: others' work on the same cores
lengthens the seconds on the clock, and less so those of the processor.
"""

from __future__ import annotations

import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

REPOSITORY = Path(__file__).resolve().parent.parent
RESULTS = REPOSITORY / "bench" / "results" / "import.json"
RUN = [sys.executable, str(REPOSITORY / "manage.py")]
START = datetime(2008, 1, 1, 9, tzinfo=UTC)
HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Bench</title><link>https://bench.example</link>
<language>en-US</language><wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>https://bench.example</wp:base_site_url><wp:base_blog_url>https://bench.example</wp:base_blog_url>
"""


def make_words(dice: random.Random) -> tuple[list[str], list[float]]:
    """A vocabulary whose words are as unevenly used as those of a language (Zipf)."""
    syllables = [
        a + b for a in "bcdfglmnprst" for b in ("a", "e", "i", "o", "u", "an", "er", "in", "ol")
    ]
    words = {
        "".join(dice.choices(syllables, k=dice.choice((1, 2, 2, 3, 3, 4)))) for _ in range(60_000)
    }
    listed = sorted(words)
    dice.shuffle(listed)
    return listed, [1 / (rank + 3) for rank in range(len(listed))]


def make_body(dice: random.Random, text: list[str], number: int) -> str:
    """Block markup as editors write it: paragraphs, a heading, a list, a quotation, links to other posts."""
    parts = []
    for start in range(0, len(text), 110):
        words = escape(" ".join(text[start : start + 110]).capitalize())
        if start == 330 and number:
            words += (
                f' <a href="https://bench.example/{dice.randrange(number):06d}-post/">before</a>'
            )
        parts.append(f"<!-- wp:paragraph -->\n<p>{words}.</p>\n<!-- /wp:paragraph -->")
    parts.insert(2, "<!-- wp:heading -->\n<h2>What follows</h2>\n<!-- /wp:heading -->")
    parts.insert(
        4,
        '<!-- wp:quote -->\n<blockquote class="wp-block-quote"><p>It was so.</p><cite>Somebody</cite>'
        "</blockquote>\n<!-- /wp:quote -->",
    )
    parts.append("<!-- wp:list -->\n<ul><li>One</li><li>Two</li></ul>\n<!-- /wp:list -->")
    return "\n\n".join(parts)


def write_export(path: Path, posts: int, words: int) -> None:
    """An export of so many posts of so many words."""
    dice = random.Random(1)
    vocabulary, weights = make_words(dice)
    cumulative = [sum(weights[:1])]
    for weight in weights[1:]:
        cumulative.append(cumulative[-1] + weight)
    with path.open("w", encoding="utf-8") as out:
        out.write(HEAD)
        for author in range(20):
            out.write(
                f"<wp:author><wp:author_login>author{author}</wp:author_login>"
                f"<wp:author_display_name><![CDATA[Author {author}]]></wp:author_display_name></wp:author>\n"
            )
        for number in range(posts):
            text = dice.choices(vocabulary, cum_weights=cumulative, k=words)
            out.write(make_item(dice, text, number))
        out.write("</channel></rss>\n")


def make_item(dice: random.Random, text: list[str], number: int) -> str:
    at = f"{START + timedelta(hours=13 * number):%Y-%m-%d %H:%M:%S}"
    tags = "".join(
        f'<category domain="post_tag" nicename="tag-{tag}"><![CDATA[Tag {tag}]]></category>'
        for tag in dice.sample(range(300), 3)
    )
    slug = f"{number:06d}-post"
    return f"""<item><title><![CDATA[{" ".join(text[:7]).capitalize()}]]></title>
<link>https://bench.example/{slug}/</link><dc:creator><![CDATA[author{number % 20}]]></dc:creator>
<guid isPermaLink="false">https://bench.example/?p={number + 1}</guid><description></description>
<content:encoded><![CDATA[{make_body(dice, text, number)}]]></content:encoded>
<excerpt:encoded><![CDATA[{" ".join(text[10:30])}]]></excerpt:encoded>
<wp:post_id>{number + 1}</wp:post_id><wp:post_date><![CDATA[{at}]]></wp:post_date>
<wp:post_date_gmt><![CDATA[{at}]]></wp:post_date_gmt><wp:comment_status>open</wp:comment_status>
<wp:post_name><![CDATA[{slug}]]></wp:post_name><wp:status><![CDATA[publish]]></wp:status>
<wp:post_parent>0</wp:post_parent><wp:post_type><![CDATA[post]]></wp:post_type>
<category domain="category" nicename="section-{number % 12}"><![CDATA[Section {number % 12}]]></category>{tags}
</item>
"""


def make_site(folder: Path) -> dict[str, str]:
    """A new site in a folder; return the environment for its commands."""
    (folder / "data").mkdir()
    environ = {**os.environ, "COPYDESK_DIR": str(folder)}
    subprocess.run([*RUN, "migrate", "-v0"], env=environ, check=True)
    prepare = (
        "from copydesk.editorial.actions.setup import prepare_site; from copydesk.kit import clock;"
        " prepare_site(at=clock.now())"
    )
    shell = [*RUN, "shell", "-v0", "-c", prepare]
    subprocess.run(shell, env=environ, check=True, capture_output=True)
    return environ


def record(name: str, result: dict[str, Any]) -> None:
    """Print a result and put it among the recorded ones."""
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    RESULTS.write_text(json.dumps(kept | {name: result}, indent=2) + "\n")
    print(json.dumps(result, indent=2))


def measure(posts: int, words: int) -> dict[str, Any]:
    """Import an export of so many posts into a new site; return what it took."""
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder)
        environ = make_site(site)
        export = site / "export.xml"
        write_export(export, posts, words)
        before, load = resource.getrusage(resource.RUSAGE_CHILDREN), os.getloadavg()[0]
        started = time.monotonic()
        done = subprocess.run(
            [*RUN, "import", "wordpress", str(export), "--json"],
            env=environ,
            check=True,
            stdout=subprocess.PIPE,
        )
        seconds = time.monotonic() - started
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return {
            "export_mb": round(export.stat().st_size / 1e6, 1),
            "seconds": round(seconds, 1),
            "cpu_seconds": round(
                after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1
            ),
            "load_before": round(load, 1),
            "load_after": round(os.getloadavg()[0], 1),
            "peak_memory_mb": round(after.ru_maxrss / 1024),
            "database_mb": round((site / "data" / "copydesk.sqlite3").stat().st_size / 1e6, 1),
            "counts": json.loads(done.stdout)["counts"],
        }


def main() -> None:
    """Measure and record."""
    posts = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    words = int(sys.argv[2]) if len(sys.argv) > 2 else 1_200
    result = {
        "command": f"python -m bench.import_wordpress {posts} {words}",
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}, SQLite",
        "posts": posts,
        "words": words,
        **measure(posts, words),
    }
    record("speed", result)


if __name__ == "__main__":
    main()
