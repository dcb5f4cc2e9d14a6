"""Copies of sources on disk: blobs named by their hash, records of the web in WARC, packages of both in WACZ."""

from __future__ import annotations

from copydesk.sources.backends.archive.blobs import Archive, ArchiveFull, Damaged, Missing
from copydesk.sources.backends.archive.wacz import build_wacz
from copydesk.sources.backends.archive.warc import Earlier, last_answer, refers_back, write_warc

__all__ = [
    "Archive",
    "ArchiveFull",
    "Damaged",
    "Earlier",
    "Missing",
    "build_wacz",
    "last_answer",
    "refers_back",
    "write_warc",
]
