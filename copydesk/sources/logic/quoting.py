"""What the same quotation is: the same words in the same language."""

from __future__ import annotations

import hashlib


def quote_sha256(text: str, language: str) -> str:
    """Return what identifies words to be checked, in hexadecimal."""
    return hashlib.sha256(f"{language}\n{text}".encode(errors="surrogatepass")).hexdigest()
