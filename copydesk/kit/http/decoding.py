"""Undoing the compression of a body piece by piece, never further than asked."""

from __future__ import annotations

import zlib
from typing import Protocol

import brotli

# What is asked for; deflate is read too, but servers disagree on what it is.
CODINGS = "gzip, br"
# Pieces of gzip in a row: servers join a few; empty ones without end would keep us busy and never fill the cap.
_MEMBERS = 100


class BadEncoding(Exception):
    """The body is not compressed the way it says."""


class Decoder(Protocol):
    """Undoes one layer of compression."""

    def feed(self, data: bytes, limit: int) -> bytes:
        """Return what `data` adds. Of what is longer than `limit` bytes, return more than that, but not all.

        After such an answer the decoder is not to be fed again.
        """
        ...

    def finish(self) -> None:
        """Raise BadEncoding if the end of the compressed data has not come."""
        ...


class _Identity:
    def feed(self, data: bytes, limit: int) -> bytes:  # noqa: ARG002 - as long as what was read
        return data

    def finish(self) -> None:
        pass


class _Zlib:
    """Gzip, in one member or several; deflate, in the wrapping of the standard or bare as some servers send it."""

    def __init__(self, *, is_gzip: bool) -> None:
        self.is_gzip = is_gzip
        self.head = b""
        self.member_count = 1
        self.inner: zlib._Decompress | None = None

    def feed(self, data: bytes, limit: int) -> bytes:
        if self.inner is None:
            data = self.head + data
            if len(data) < 2:
                self.head = data
                return b""
            self.inner = zlib.decompressobj(self._wrapping(data))
        found = bytearray()
        while data:
            if self.inner.eof:
                if not (self.is_gzip and data.startswith(b"\x1f\x8b")):
                    break  # Padding after the end is let pass, as browsers do.
                self.member_count += 1
                if self.member_count > _MEMBERS:
                    raise BadEncoding(f"more than {_MEMBERS} pieces of gzip")
                self.inner = zlib.decompressobj(zlib.MAX_WBITS | 16)
            found += self._inflated(self.inner, data, limit + 1 - len(found))
            if len(found) > limit:
                break
            data = self.inner.unused_data
        return bytes(found)

    def finish(self) -> None:
        is_open = bool(self.head) if self.inner is None else not self.inner.eof
        if is_open:
            raise BadEncoding("the compressed body ends too early")

    def _wrapping(self, data: bytes) -> int:
        if self.is_gzip:
            return zlib.MAX_WBITS | 16
        is_wrapped = data[0] & 15 == zlib.DEFLATED and int.from_bytes(data[:2]) % 31 == 0
        return zlib.MAX_WBITS if is_wrapped else -zlib.MAX_WBITS

    @staticmethod
    def _inflated(inner: zlib._Decompress, data: bytes, most: int) -> bytes:
        try:
            return inner.decompress(data, most)
        except zlib.error as error:
            raise BadEncoding(str(error)) from error


class _Brotli:
    def __init__(self) -> None:
        self.inner = brotli.Decompressor()
        self.is_begun = False

    def feed(self, data: bytes, limit: int) -> bytes:
        self.is_begun = True
        try:
            found: bytes = self.inner.process(data, output_buffer_limit=limit + 1)
        except brotli.error as error:
            raise BadEncoding(str(error)) from error
        return found

    def finish(self) -> None:
        if self.is_begun and not self.inner.is_finished():
            raise BadEncoding("the compressed body ends too early")


def decoder_for(content_encoding: str) -> Decoder:
    """Return what undoes a Content-Encoding: gzip, deflate or br, once.

    Raises BadEncoding for any other, and for several of them.
    """
    names = [name for part in content_encoding.split(",") if (name := part.strip().lower())]
    layers = [name for name in names if name != "identity"]
    match layers:
        case []:
            return _Identity()
        case ["gzip" | "x-gzip"]:
            return _Zlib(is_gzip=True)
        case ["deflate"]:
            return _Zlib(is_gzip=False)
        case ["br"]:
            return _Brotli()
        case _:
            raise BadEncoding(f"encoded as {', '.join(layers)[:80]}")
