"""Talking to the person at the terminal."""

from __future__ import annotations

import sys


def say(line: object = "") -> None:
    """Print an answer."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def tell(line: object) -> None:
    """Print what is no answer: how it goes, what is wrong."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
