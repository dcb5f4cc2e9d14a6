"""What simpler ways say of the same items: accept or refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz.fuzz import partial_ratio

from copydesk.sources.logic.matching import normalize

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.quotations.items import Item


def substring(item: Item) -> bool:
    return item.quote in item.index.text


def normalized_substring(item: Item) -> bool:
    return normalize(item.quote).text.strip("\" .,;:'") in item.index.mapped.text


def similar(item: Item) -> bool:
    return partial_ratio(item.quote, item.index.text) >= 95


BASELINES: dict[str, Callable[[Item], bool]] = {
    "quote in text": substring,
    "normalized quote in normalized text": normalized_substring,
    "rapidfuzz partial_ratio ≥ 95": similar,
}


def compare(items: list[Item]) -> dict[str, dict[str, float]]:
    """Return the shares of lies accepted and of honest quotations refused, in percent."""
    shares = {}
    honest, lies = sum(item.is_honest for item in items), sum(not item.is_honest for item in items)
    for name, accepts in BASELINES.items():
        verdicts = [(item.is_honest, accepts(item)) for item in items]
        shares[name] = {
            "lies accepted, %": round(
                100 * sum(yes for fair, yes in verdicts if not fair) / lies, 1
            ),
            "honest refused, %": round(
                100 * sum(not yes for fair, yes in verdicts if fair) / honest, 1
            ),
        }
    return shares
