"""Real pages: `shared/data/articles` beside the checkout."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from bench.extraction import articles, hold
from copydesk.sources.logic.reading import Reading, read_source
from copydesk.sources.logic.verdicts import Layer

if TYPE_CHECKING:
    from pathlib import Path


def test_the_visible_layer_holds_the_paragraphs_of_real_articles(shared_data: Path) -> None:
    held = [hold(*each) for each in articles(shared_data / "articles")]
    total = sum(each.paragraph_count for each in held)
    assert total > 500
    missing = [text for each in held for text in each.missing]
    assert len(missing) <= 0.01 * total, missing
    in_main = sum(each.counts[Layer.MAIN] for each in held)
    assert in_main >= 0.94 * total


# As the pages state it: title, first of the byline, publisher, date.
STATED = {
    "ars-1": (
        "Just-released Minecraft exploit makes it easy to crash game servers",
        "Dan Goodin",
        "Ars Technica",
        "2015-04-16",
    ),
    "citylab-1": ("The Modern Ambitions Behind Neon", "Sarah Archer", "CityLab", "2019-04-30"),
    "cnet-svg-classes": (
        "Twitter Lite se estrena en México, Venezuela y otros nueve países",
        "César Salza",
        "CNET en Español",
        "2017-12-01",
    ),
    "ehow-2": ("How to Throw a Graduation Party on a Budget", "Gina Roberts-Grey", "eHow", ""),
    "gitlab-blog": (
        "3 surprising findings from our 2024 Global DevSecOps Survey",
        "Dave Steer",
        "GitLab",
        "2024-06-25",
    ),
    "herald-sun-1": (
        "Angry media won’t buckle over new surveillance laws",
        "Laurie Oakes",
        "HeraldSun",
        "2015-03-13",
    ),
    "iab-1": ("Getting LEAN with Digital Ad UX", "Scott Cunningham", "IAB", "2015-10-15"),
    "keep-images": ("Inside the Deep Web Drug Lab", "Joseph Cox", "Medium", "2015-03-27"),
    "la-nacion": (
        "Una solución no violenta para la cuestión mapuche",
        "",
        "LA NACION",
        "2017-12-07",
    ),
    "liberation-1": (
        "Un troisième Français mort dans le séisme au Népal",
        "AFP",
        "Libération.fr",
        "2015-04-30",
    ),
    "medicalnewstoday": (
        "How does the brain turn unconscious information into conscious thought?",
        "Ana Sandoiu",
        "Medical News Today",
        "2017-07-27",
    ),
    "medium-2": ("On Behalf of “Literally”", "Courtney Kirchoff", "Medium", "2015-02-24"),
    "toc-missing": (
        "Simple Anomaly Detection Using Plain SQL",
        "Haki Benita",
        "Haki Benita",
        "2020-09-21",
    ),
    "tumblr": (
        "Minecraft 1.8 - The Bountiful Update",
        "mcupdate",
        "Minecraft Update News",
        "2014-09-02",
    ),
    "videos-2": (
        "Screenshot : «Vape Wave», «6 Days», «Alphonse Président»…",
        "Alexandre Hervaud",
        "Libération",
        "2017-11-24",
    ),
    "wapo-2": (
        "Where do strained U.S.-Israeli relations go after Netanyahu’s victory?",
        "",
        "Washington Post",
        "2015-03-18",
    ),
}


@pytest.mark.parametrize("name", STATED)
def test_a_page_is_described_as_it_states(shared_data: Path, name: str) -> None:
    title, author, publisher, published_on = STATED[name]
    said = read_page(shared_data, name).description
    assert said.title
    assert said.publisher
    assert (said.title.value, said.publisher.value) == (title, publisher)
    assert not author or [name.value for name in said.byline][:1] == [author]
    assert not published_on or (said.published_on and said.published_on.value == published_on)


def test_no_article_is_taken_for_a_wall_or_for_gone(shared_data: Path) -> None:
    for name, page, _article in articles(shared_data / "articles"):
        reading = read_source(page, content_type="text/html")
        assert reading.has_text, name
        assert not reading.is_paywalled, name
        assert not reading.is_bot_wall, name
        assert not reading.is_soft_404, name


def test_pages_that_ask_to_keep_no_copy_are_known(shared_data: Path) -> None:
    asking = {
        name
        for name in ("yahoo-4", "herald-sun-1", "ars-1")
        if read_page(shared_data, name).is_noarchive
    }
    assert asking == {"yahoo-4", "herald-sun-1"}


def read_page(shared_data: Path, name: str) -> Reading:
    page = gzip.decompress((shared_data / "articles" / f"{name}.source.html.gz").read_bytes())
    return read_source(page, content_type="text/html")
