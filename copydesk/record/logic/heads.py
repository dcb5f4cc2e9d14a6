"""Signed tree heads: what is signed, and whether it was.

What is signed is a checkpoint as transparency logs have it (C2SP tlog-checkpoint), and the whole is a signed note
(C2SP signed-note), so that their tools can read it.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from copydesk.record.logic.ed25519 import is_signed

if TYPE_CHECKING:
    from collections.abc import Mapping

# The kind of key that signed notes know Ed25519 by.
ED25519 = b"\x01"


class BadHead(ValueError):
    """What should be a head is none."""


@dataclass(frozen=True)
class SignedHead:
    """A head of a record: over its first `size` entries the tree's root is `root` (hexadecimal).

    `at` is the time of the last of them, "" where there is none. `public_key` and `signature` are in base64. The same
    entries and the same key give the same head, whoever signs and whenever.
    """

    origin: str
    size: int
    root: str
    at: str
    key_id: str
    public_key: str
    signature: str

    def as_json(self) -> dict[str, str | int]:
        """Return the head as it is published."""
        return asdict(self)

    @property
    def note(self) -> str:
        """The head as a signed note."""
        signed = bytes.fromhex(self.key_id) + b64decode(self.signature)
        return (
            f"{signed_text(self.origin, self.size, self.root)}\n— {self.origin} {_base64(signed)}\n"
        )

    @property
    def verifier_key(self) -> str:
        """The public key as tools for signed notes take it."""
        return f"{self.origin}+{self.key_id}+{_base64(ED25519 + b64decode(self.public_key))}"

    @property
    def is_genuine(self) -> bool:
        """Whether the holder of the public key signed it, and the key's id is that key's."""
        key = b64decode(self.public_key)
        message = signed_text(self.origin, self.size, self.root).encode()
        return self.key_id == key_id(self.origin, key) and is_signed(
            message, b64decode(self.signature), key
        )


def signed_text(origin: str, size: int, root: str) -> str:
    """Return what is signed: three lines, each with its end."""
    return f"{origin}\n{size}\n{_base64(bytes.fromhex(root))}\n"


def key_id(origin: str, public_key: bytes) -> str:
    """Return the first four bytes of the hash that signed notes name a key by, in hexadecimal."""
    return sha256(origin.encode() + b"\n" + ED25519 + public_key).hexdigest()[:8]


def read_head(value: object) -> SignedHead:
    """Return the head that JSON says. Raises BadHead where a part is missing, too many, or no such thing."""
    kinds = {name: int if name == "size" else str for name in SignedHead.__annotations__}
    if not isinstance(value, dict) or set(value) != set(kinds):
        raise BadHead("it has not exactly the parts of a head")
    if any(type(value[name]) is not kind for name, kind in kinds.items()):
        raise BadHead("a part of it is of the wrong type")
    _check(value)
    return SignedHead(**value)


def _check(value: Mapping[str, Any]) -> None:
    try:
        lengths = {
            "root": len(bytes.fromhex(value["root"])),
            "key_id": len(bytes.fromhex(value["key_id"])),
            "public_key": len(b64decode(value["public_key"], validate=True)),
            "signature": len(b64decode(value["signature"], validate=True)),
        }
        value["origin"].encode()
    except ValueError as error:
        raise BadHead(f"it is not written as a head is: {error}") from None
    if lengths != {"root": 32, "key_id": 4, "public_key": 32, "signature": 64}:
        raise BadHead("a part of it has the wrong length")
    if not 0 <= value["size"] <= 2**53 or "\n" in value["origin"]:
        raise BadHead("its size or origin cannot be")


def _base64(content: bytes) -> str:
    return b64encode(content).decode()
