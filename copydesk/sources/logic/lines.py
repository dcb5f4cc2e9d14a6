"""Text of others on one line, for formats that know no other."""

from __future__ import annotations

import re
from typing import Final

#: Enough for any title; what is longer is no title.
MAX_LINE: Final = 2_000

# Controls, directions, half pairs and what is no character: none of them is text, and some end a line.
_UNPRINTABLE = re.compile(
    "[\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


def one_line(text: str, limit: int = MAX_LINE) -> str:
    """Return at most `limit` characters of `text` on one line, blanks collapsed, without what is not printable.

    What is cut off is marked by an ellipsis.
    """
    # Longer than the limit by as much as blanks and the unprintable may take; the work stays bounded.
    line = " ".join(_UNPRINTABLE.sub("", text[: limit * 20]).split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"
