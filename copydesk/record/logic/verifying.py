"""Verifying a record of which nothing is known but its lines: a site's, or an export's."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from copydesk.record.logic.heads import BadHead, SignedHead, read_head
from copydesk.record.logic.inspecting import REDACTION, Code, Fault, Inspection
from copydesk.record.logic.lines import (
    HEAD_BEGIN,
    BadLine,
    Why,
    read_head_line,
    read_json,
    read_line,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Report:
    """What verifying found: `withheld_count` is of entries whose content was not shown, so that it was not verified."""

    size: int
    root: str
    head: SignedHead | None
    faults: Sequence[Fault]
    withheld_count: int = 0
    # Guards of the database that are not there: of a site's own record.
    unguarded: Sequence[str] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing at all is wrong."""
        return not self.faults and not self.unguarded

    def as_json(self) -> dict[str, object]:
        """Return the report for programs."""
        return {"sound": self.is_sound, **asdict(self)}

    def as_text(self) -> str:
        """Return the report for people, a line for each fault."""
        found = [f"✗ {fault.message}" for fault in self.faults]
        found += [f"✗ The database has lost its guard {name}." for name in self.unguarded]
        if self.is_sound:
            found.append(f"✓ {self.size:,} entries, each as it was written. Root: {self.root}")
        else:
            found.append(f"Faults: {len(found):,}, in {self.size:,} entries.")
        if self.head:
            found.append(f"  Signed by {self.head.verifier_key}")
        if self.withheld_count:
            found.append(
                f"  What {self.withheld_count:,} of them recorded is withheld: their hashes are verified alone."
            )
        return "\n".join(found)


@dataclass
class Verification:
    """Takes lines one after the other; `head` is the head that the record is held against, `since` an earlier one."""

    since: SignedHead | None = None
    head: SignedHead | None = None
    withheld_count: int = 0
    last_index: int = -1
    last_at: str = ""
    inspection: Inspection = field(default_factory=Inspection)

    def __post_init__(self) -> None:
        """Hold the tree against the earlier head's when it is as large."""
        if self.since and self.since.size:
            self.inspection.kept_roots = {self.since.size: self.since.root}

    @property
    def fault_count(self) -> int:
        """How many faults were found so far."""
        return len(self.inspection.faults)

    def take(self, line: bytes) -> None:
        """Take the next line, with its end, of an entry or, at the end of an export, of the head."""
        if self.head is not None:
            self.inspection.skip("it stands after the head")
            return
        try:
            if line.startswith(HEAD_BEGIN):
                self.head = read_head_line(line)
            else:
                self._take_entry(line)
        except BadLine as error:
            self.inspection.skip(str(error))

    def _take_entry(self, line: bytes) -> None:
        found = read_line(line)
        is_given = found.why in ("", Why.REDACTED)
        self.withheld_count += not is_given
        self.inspection.take(
            found.header, found.hash, found.content, is_given=is_given, written=found.written
        )
        self.last_index = max(self.last_index, found.header["index"])
        self.last_at = found.header["at"]
        if found.header["kind"] == REDACTION and found.content is not None:
            self._redact(found.content)

    def _redact(self, content: bytes) -> None:
        try:
            said = read_json(content)
        except ValueError:  # Its hash tells that it is not what was recorded.
            return
        if isinstance(said, dict):
            self.inspection.redact(str(said.get("redacts")))

    def finish(self) -> Report:
        """Return what was found."""
        inspection, head = self.inspection, self.head
        if head is None:
            faults = [
                *inspection.finish(),
                Fault(max(self.last_index, 0), Code.WRONG_HEAD, "There is no head."),
            ]
        else:
            faults = [*inspection.finish(size=head.size, root=head.root)]
            faults += head_faults(head, self.since, last_at=self.last_at)
        tree = inspection.tree
        return Report(tree.size, tree.root.hex(), head, faults, self.withheld_count)


def head_faults(head: SignedHead, since: SignedHead | None, *, last_at: str) -> list[Fault]:
    """Return what is wrong with a head itself, where its last entry is of `last_at`, and beside an earlier one."""
    end = max(head.size - 1, 0)
    faults = []
    if not head.is_genuine:
        faults.append(Fault(end, Code.BAD_SIGNATURE, "The head is not signed by the key it names."))
    if head.at != last_at:
        faults.append(Fault(end, Code.WRONG_HEAD, "The head is of another time than its entries."))
    if since is None:
        return faults
    end = max(since.size - 1, 0)
    if not since.is_genuine:
        message = "The earlier head is not signed by the key it names."
        faults.append(Fault(end, Code.BAD_SIGNATURE, message))
    if (since.origin, since.public_key) != (head.origin, head.public_key):
        message = (
            f"The earlier head is by {since.origin} with the key {since.key_id}, this one is not."
        )
        faults.append(Fault(end, Code.OTHER_KEY, message))
    return faults


def read_kept_head(content: bytes) -> SignedHead:
    """Return the head in a file that somebody kept: `head.json`, or the last line of an export. Raises BadHead."""
    try:
        value = read_json(content)
    except ValueError as error:
        raise BadHead(f"it cannot be read: {error}") from None
    if isinstance(value, dict) and set(value) == {"head"}:
        value = value["head"]
    return read_head(value)
