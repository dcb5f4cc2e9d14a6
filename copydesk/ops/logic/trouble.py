"""Why something cannot go on, in one line for the person at the terminal."""

from __future__ import annotations


class CannotStart(Exception):
    """What stands in the way, and the way out; shown as one line, never as a traceback."""
