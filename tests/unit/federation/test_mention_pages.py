"""What a page elsewhere says of itself: its links, and its corrections in JSON-LD."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.federation.logic.mentions import Said, Work, host_of, key_of, read_page

URL = "https://elsewhere.example/posts/one"


def read(*values: Any) -> Said:
    scripts = "".join(
        f'<script type="application/ld+json">{json.dumps(value)}</script>' for value in values
    )
    found = read_page(f"<html><head>{scripts}</head></html>", url=URL)
    assert found is not None
    return found


def own(*values: Any) -> Work:
    found = read(*values).own({key_of(URL)})
    assert found is not None
    return found


def on(day: str, text: str = "Wrong.") -> dict[str, str]:
    return {"@type": "CorrectionComment", "text": text, "datePublished": day}


@pytest.mark.parametrize(
    "node",
    [
        {"correction": on("2026-11-24")},
        {"correction": [on("2026-11-24")]},
        {"@graph": [{"name": "Site"}, {"url": URL, "correction": [on("2026-11-24")]}]},
        {
            "@type": "WebPage",
            "mainEntity": {"@id": f"{URL}#article", "correction": on("2026-11-24")},
        },
        [{"mainEntityOfPage": {"@id": URL}, "correction": on("2026-11-24")}],
        {"url": "/posts/one/", "correction": [on("2026-11-02", "Old."), on("2026-11-24")]},
        {"correction": [on("2026-11-24"), on("2026-11-02", "Old."), on("never", "Undated.")]},
        {
            "url": "https://www.elsewhere.example/posts/one?utm_source=x",
            "correction": on("2026-11-24"),
        },
    ],
)
def test_the_newest_correction_of_a_page_is_found(node: Any) -> None:
    told = own(node).told
    assert told.words == "Wrong."
    assert told.at == datetime(2026, 11, 24, 23, 59, 59, 999_999, UTC)
    assert not told.is_retraction


@pytest.mark.parametrize(
    ("node", "words", "at"),
    [
        ({"correction": "It was 12."}, "It was 12.", None),
        ({"correction": "https://elsewhere.example/corrections/"}, "", None),
        ({"correction": {"name": "Correction"}}, "Correction", None),
        (
            {"correction": "It was 12.", "dateModified": "2026-11-24T10:00:00+01:00"},
            "It was 12.",
            datetime(2026, 11, 24, 9, tzinfo=UTC),
        ),
        ({"correction": on("0001-01-01")}, "Wrong.", None),
        ({"correction": on("9999-12-31T23:59:59-23:59")}, "Wrong.", None),
    ],
)
def test_what_is_not_stated_is_not_made_up(node: Any, words: str, at: datetime | None) -> None:
    told = own(node).told
    assert (told.words, told.at) == (words, at)


@pytest.mark.parametrize(
    "status", ["Retracted", "retracted ", ["Published", {"name": "Retracted"}]]
)
def test_a_retracted_page_is_told_from_a_corrected_one(status: Any) -> None:
    assert own({"creativeWorkStatus": status}).told.is_retraction
    assert (
        own({"creativeWorkStatus": status, "correction": on("2026-11-24")}).told.words == "Wrong."
    )


@pytest.mark.parametrize(
    "node",
    [
        {},
        {"correction": []},
        {"correction": None},
        {"correction": 7},
        {"creativeWorkStatus": "Published"},
        {"citation": {"url": URL, "correction": on("2026-11-24")}},
        {"url": "https://other.example/", "correction": on("2026-11-24")},
        {"url": "https://elsewhere.example/posts/two", "correction": on("2026-11-24")},
    ],
)
def test_a_page_that_was_not_corrected_says_nothing(node: Any) -> None:
    assert read(node).own({key_of(URL)}) is None


def test_a_page_speaks_for_its_own_host_alone() -> None:
    urls = (
        "https://www.elsewhere.example/b",
        "https://elsewhere.example:8443/b",
        "https://b.example/",
    )
    said = read(*({"url": url, "correction": "Wrong."} for url in urls))
    assert said.others() == ["https://www.elsewhere.example/b"]
    assert host_of("http://[broken") == ""


@given(
    st.text(max_size=200),
    st.recursive(st.none() | st.text(max_size=20) | st.integers(), st.lists, max_leaves=9),
)
def test_nothing_that_a_page_says_breaks_it(text: str, value: Any) -> None:
    node = {"correction": value, "url": text, "dateModified": text, "creativeWorkStatus": value}
    data = json.dumps(node).replace("</", "<\\/")
    html = f'<a href="{text}">{text}</a><script type="application/ld+json">{data}</script>'
    said = read_page(html, url=URL)
    assert said is not None
    said.own({key_of(URL)})
    said.others()
