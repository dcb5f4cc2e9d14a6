"""What the bytes of a source say: its text in layers, and what it says of itself. Values in, values out."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from copydesk.sources.logic.reading.results import (
    EXTRACTOR_VERSION,
    Description,
    Field,
    Origin,
    Reading,
    Unreadable,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "EXTRACTOR_VERSION",
    "Description",
    "Field",
    "Origin",
    "Reading",
    "Unreadable",
    "read_source",
]

_NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})


def read_source(
    body: bytes, *, content_type: str, url: str = "", headers: Mapping[str, str] = _NO_HEADERS
) -> Reading:
    """Return what the bytes of a source say.

    `content_type` is that of the answer, with its charset; what the bytes plainly are goes before it. `url` resolves
    relative addresses and finds the article among several in a page's data. `headers` are those of the answer.
    Text and PDF are put in the visible layer.

    Reads what anybody may have written: time grows with the size of what is read, but the libraries underneath promise
    no limits, so that bytes from elsewhere are read in the sandbox (`backends/sandbox.py`).

    Raises:
        Unreadable: there is no text in the bytes, or none that can be had.

    """
    # The libraries take 40 MB and half a second: whoever reads in the sandbox only needs the names above.
    from copydesk.sources.logic.reading.read import Source, read  # noqa: PLC0415

    return read(Source(body, content_type, url, headers))
