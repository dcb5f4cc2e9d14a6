"""Pages of other sites that link to ours and say that they were corrected, for tests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.factories.publisher import Answer

if TYPE_CHECKING:
    from datetime import datetime

    from tests.factories.publisher import Publisher


def correction(words: str = "It was 12, not 13.", at: datetime | str = "") -> dict[str, Any]:
    """Return a correction as pages state it."""
    stated = at if isinstance(at, str) else at.isoformat()
    node = {"@type": "CorrectionComment", "text": words}
    return node | ({"datePublished": stated} if stated else {})


def corrected(*corrections: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Return what a page says of itself that was corrected."""
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "Thirteen bridges",
        "correction": list(corrections),
        **fields,
    }


def show(
    site: Publisher,
    path: str,
    *links: str,
    says: Any = None,
    body: str = "",
    title: str = "Bridges",
) -> str:
    """Publish a page with these links and this JSON-LD; return its address."""
    anchors = "".join(f'<p><a href="{link}">see</a></p>' for link in links)
    data = says if isinstance(says, str) else json.dumps(says).replace("</", "<\\/")
    script = f'<script type="application/ld+json">{data}</script>' if says is not None else ""
    site.pages[path] = Answer(
        f"<!doctype html><html><head><title>{title}</title>{script}</head>"
        f"<body>{anchors}{body}</body></html>"
    )
    return site.url(path)
