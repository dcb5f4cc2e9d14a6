"""How static files are stored: under names that carry their hash, so browsers may keep them for ever."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed names, with gzip and brotli copies beside each file."""

    manifest_strict = False
