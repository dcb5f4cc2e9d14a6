"""What is wrong with a record: entries are taken one after the other, and every fault names its entry."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from copydesk.record.logic.canonical import digest, header_bytes
from copydesk.record.logic.merkle import Growing, leaf_hash

if TYPE_CHECKING:
    from collections.abc import Mapping

# What the first entry follows.
NOTHING_BEFORE = "0" * 64
REDACTION = "redaction"


class Code(StrEnum):
    """Kinds of faults."""

    ALTERED = "altered"
    PAYLOAD_ALTERED = "payload_altered"
    PAYLOAD_MISSING = "payload_missing"
    BROKEN_LINK = "broken_link"
    MISSING = "missing"
    OUT_OF_PLACE = "out_of_place"
    BACK_DATED = "back_dated"
    WRONG_HEAD = "wrong_head"
    UNREADABLE = "unreadable"
    BAD_SIGNATURE = "bad_signature"
    OTHER_KEY = "other_key"


@dataclass(frozen=True)
class Fault:
    """Something wrong, and the index of the entry it is wrong with."""

    index: int
    code: Code
    message: str


@dataclass
class Inspection:
    """A record as far as it was read. `faults` is whole after `finish`.

    `kept_roots` are those of earlier heads, by size.
    """

    kept_roots: Mapping[int, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    tree: Growing = field(default_factory=Growing)
    _last_hash: str = NOTHING_BEFORE
    _last_at: str = ""
    _expected: int = 0
    _lacking: dict[str, list[int]] = field(default_factory=dict)
    _redacted: set[str] = field(default_factory=set)

    def take(
        self,
        header: Mapping[str, Any],
        stated_hash: str,
        payload: bytes | None,
        *,
        is_given: bool = True,
        written: bytes | None = None,
    ) -> list[tuple[int, int, bytes]]:
        """Take the next entry: its header, the hash it is kept under, and the canonical bytes of what it recorded.

        `payload` is None where that is not there; `is_given` is whether it should be, where no redaction took it.
        `written` is the header in canonical form, where that is known. Returns the tree's nodes that are whole now.
        """
        index = int(header["index"])
        self._place(index)
        found = leaf_hash(header_bytes(header) if written is None else written)
        if found.hex() != stated_hash:
            self._fault(index, Code.ALTERED, f"Entry {index} is not what its hash was taken of.")
        if header["previous"] != self._last_hash:
            self._broken(index)
        if str(header["at"]) < self._last_at:
            self._fault(
                index, Code.BACK_DATED, f"Entry {index} is dated before the one it follows."
            )
        self._content(index, header, payload, is_given=is_given)
        self._last_hash, self._last_at = stated_hash, max(self._last_at, str(header["at"]))
        return self._append(stated_hash)

    def skip(self, reason: str) -> None:
        """Take note that where the next entry should be something else is."""
        self._fault(self._expected, Code.UNREADABLE, f"Entry {self._expected}: {reason}.")
        self._expected += 1

    def _append(self, stated_hash: str) -> list[tuple[int, int, bytes]]:
        try:
            leaf = bytes.fromhex(stated_hash)
        except ValueError:  # It was named already: it is not the hash of the entry.
            leaf = b""
        made = self.tree.append(leaf)
        size = self.tree.size
        if size in self.kept_roots and self.kept_roots[size] != self.tree.root.hex():
            message = f"The first {size} entries are not those that an earlier head was signed for."
            self._fault(size - 1, Code.WRONG_HEAD, message)
        return made

    def _place(self, index: int) -> None:
        if index > self._expected:
            lost = _range(self._expected, index - 1)
            self._fault(self._expected, Code.MISSING, f"{lost} not there.")
        elif index < self._expected:
            message = f"Entry {index} stands after entry {self._expected - 1}."
            self._fault(index, Code.OUT_OF_PLACE, message)
        self._expected = index + 1

    def _broken(self, index: int) -> None:
        before = "nothing" if self._last_hash == NOTHING_BEFORE else f"entry {index - 1}"
        self._fault(
            max(index - 1, 0),
            Code.BROKEN_LINK,
            f"What stands before entry {index}, {before}, is not what it was written after.",
        )

    def _content(
        self, index: int, header: Mapping[str, Any], payload: bytes | None, *, is_given: bool
    ) -> None:
        stated = str(header["payload"])
        if payload is None:
            if is_given:
                self._lacking.setdefault(stated, []).append(index)
            return
        if digest(payload) != stated:
            message = f"What entry {index} recorded is not what its header says."
            self._fault(index, Code.PAYLOAD_ALTERED, message)

    def redact(self, payload_sha256: str) -> None:
        """Note that a redaction in the record took away what has this hash."""
        self._redacted.add(payload_sha256)

    def finish(self, *, size: int | None = None, root: str | None = None) -> list[Fault]:
        """Return all faults; `size` and `root` are what a head of the whole record says."""
        for stated, indexes in self._lacking.items():
            for index in indexes if stated not in self._redacted else ():
                message = f"What entry {index} recorded is gone, and no redaction says why."
                self._fault(index, Code.PAYLOAD_MISSING, message)
        for earlier in sorted(self.kept_roots):
            if earlier > self._expected:
                self._wrong_size(earlier)
        if size is not None and size != self._expected:
            self._wrong_size(size)
        elif root is not None and root != self.tree.root.hex() and not self.faults:
            message = f"The tree over {size} entries is not the one that the head was signed for."
            self._fault(max(self.tree.size - 1, 0), Code.WRONG_HEAD, message)
        return self.faults

    def _wrong_size(self, size: int) -> None:
        if size > self._expected:
            lost = _range(self._expected, size - 1)
            self._fault(
                self._expected, Code.MISSING, f"{lost} not there, but the head counts {size}."
            )
        else:
            message = f"Entry {size} was not there when the head was signed."
            self._fault(size, Code.WRONG_HEAD, message)

    def _fault(self, index: int, code: Code, message: str) -> None:
        self.faults.append(Fault(index, code, message))


def _range(first: int, last: int) -> str:
    return f"Entry {first} is" if first == last else f"Entries {first} to {last} are"
