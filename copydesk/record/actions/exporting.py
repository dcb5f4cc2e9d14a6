"""Writing the record to a file that whoever has it can verify."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from copydesk.record.logic.lines import head_line
from copydesk.record.queries.heads import signed_head
from copydesk.record.queries.lines import lines

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import BinaryIO

    from copydesk.record.logic.heads import SignedHead

# Entries between two words on how it goes.
PART = 1_000


def export_record(
    *, path: Path, is_whole: bool, tell: Callable[[int], None] = lambda _count: None
) -> SignedHead:
    """Write all entries and the head over them to `path`, which has the whole or stays as it was; return the head.

    Unless `is_whole`, what only some may read is left out. The file is for its owner alone. `tell` gets the number of
    entries written so far. Raises OSError, KeyUnusable.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            head = _write(file, is_whole=is_whole, tell=tell)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return head


def _write(file: BinaryIO, *, is_whole: bool, tell: Callable[[int], None]) -> SignedHead:
    count = 0
    while True:
        found = list(lines(count, PART, is_whole=is_whole))
        file.writelines(found)
        count += len(found)
        tell(count)
        if len(found) < PART:
            # Others append meanwhile; what a redaction took out of the entries is told by one of those.
            head = signed_head()
            if head.size <= count or not found:
                file.write(head_line(head))
                return head
