"""Talking to the person at the terminal."""

from __future__ import annotations

import sys
from typing import TextIO


def say(line: object = "") -> None:
    """Print an answer."""
    _write(sys.stdout, line)


def tell(line: object) -> None:
    """Print what is no answer: how it goes, what is wrong."""
    _write(sys.stderr, line)


def _write(stream: TextIO, line: object) -> None:
    """Print a line whatever is in it: what the stream's encoding lacks is escaped, in JSON as JSON does."""
    encoding = stream.encoding or "utf-8"
    stream.write(f"{line}\n".encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()
