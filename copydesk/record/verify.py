"""Verify an export of a Copydesk record, with nothing but Python: `python -m copydesk.record.verify FILE`.

It loads no package but this one's arithmetic, and reads no site. What it checks is in docs/reference/record.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, TextIO

from copydesk.record.logic.heads import BadHead
from copydesk.record.logic.verifying import Verification, read_kept_head

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from copydesk.record.logic.heads import SignedHead

SOUND, FAULTY, NOT_BEGUN = 0, 1, 2
# An article of five million words fits.
LONGEST_LINE = 64 * 2**20
LARGEST_HEAD = 2**16
TOLD_EVERY = 50_000


def main(argv: Sequence[str] | None = None) -> int:
    """Verify, say what was found, and return the exit status: 0 sound, 1 faults, 2 not begun."""
    parser = argparse.ArgumentParser(prog="python -m copydesk.record.verify", description=__doc__)
    parser.add_argument("file", metavar="FILE", help="what `verify-record --export` wrote, or -")
    parser.add_argument("--since", metavar="HEAD", help="an earlier head.json that you kept")
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")
    options = parser.parse_args(argv)
    try:
        since = read_since(options.since) if options.since else None
        with _opened(options.file) as file:
            report = _verified(file, since).finish()
    except (OSError, BadHead) as error:
        reason = getattr(error, "strerror", None) or error
        _write(sys.stderr, f"{getattr(error, 'filename', None) or options.since}: {reason}")
        return NOT_BEGUN
    _write(sys.stdout, json.dumps(report.as_json()) if options.json else report.as_text())
    return SOUND if report.is_sound else FAULTY


def read_since(name: str) -> SignedHead:
    """Return the head that a file holds. Raises OSError, BadHead."""
    with Path(name).open("rb") as file:
        return read_kept_head(file.read(LARGEST_HEAD))


def _opened(name: str) -> IO[bytes]:
    return sys.stdin.buffer if name == "-" else Path(name).open("rb")


def _verified(file: IO[bytes], since: SignedHead | None) -> Verification:
    verification = Verification(since=since)
    for number, line in enumerate(_lines(file), 1):
        verification.take(line)
        if number % TOLD_EVERY == 0 and sys.stderr.isatty():
            _write(sys.stderr, f"{number:,} lines", end="\r")
    return verification


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """Return the lines; of one that is longer than any may be, the beginning alone."""
    while line := file.readline(LONGEST_LINE):
        rest = line
        while len(rest) == LONGEST_LINE and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST_LINE)
        yield line


def _write(stream: TextIO, line: str, end: str = "\n") -> None:
    encoding = stream.encoding or "utf-8"
    stream.write(f"{line}{end}".encode(encoding, "backslashreplace").decode(encoding))


if __name__ == "__main__":
    sys.exit(main())
