"""Structured data in a page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# What could end the script element, or a line of JavaScript, is written as JSON escapes.
ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def script_text(nodes: Sequence[Mapping[str, object]]) -> str:
    """Return nodes of schema.org as one JSON-LD document that is safe inside a script element."""
    graph = {"@context": "https://schema.org", "@graph": list(nodes)}
    return json.dumps(graph, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
