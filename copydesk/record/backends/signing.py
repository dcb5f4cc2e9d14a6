"""The key that heads are signed with: in a file of the site's data folder, or from the settings."""

from __future__ import annotations

import contextlib
import os
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

KEY_NAME = "record.key"
SEED_BYTES = 32


class KeyUnusable(Exception):
    """The key's file cannot be read or made, or holds no key; the message names it."""


@dataclass(frozen=True)
class Signer:
    """Signs by one key. `public_key` is its 32 bytes."""

    key: Ed25519PrivateKey

    @property
    def public_key(self) -> bytes:
        """What others check signatures with."""
        return self.key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of the signature, the same each time."""
        return self.key.sign(message)


def load_signer() -> Signer:
    """Return the signer of this site. Its key is made when it is first needed. Raises KeyUnusable."""
    given: str = settings.COPYDESK_RECORD_KEY
    return Signer(_key(given, "COPYDESK_RECORD_KEY") if given else _kept_key(key_path()))


def key_path() -> Path:
    """Return where the key lies unless the settings hold it."""
    return Path(settings.DATA_DIR) / KEY_NAME


def _kept_key(path: Path) -> Ed25519PrivateKey:
    try:
        if not path.exists():
            _make(path)
        return _key(path.read_text(encoding="ascii"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a text file"
        raise KeyUnusable(f"{path}: {reason}") from error


def _key(written: str, where: str) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(b64decode(written.strip(), validate=True))
    except ValueError as error:
        raise KeyUnusable(f"{where}: holds no key: 32 bytes in base64") from error


def _make(path: Path) -> None:
    """Make a key that its owner alone may read, whole or not at all; of several who try at once, one does."""
    part = path.with_name(f".{KEY_NAME}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(b64encode(secrets.token_bytes(SEED_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            # Unlike renaming, it never replaces a key that another process has made meanwhile.
            os.link(part, path)
    finally:
        part.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
