"""The texts of snapshots, ready for comparing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.conf import settings

from copydesk.sources.backends.archive import Archive
from copydesk.sources.logic.matching import TextIndex
from copydesk.sources.logic.remembering import Remembered
from copydesk.sources.logic.verdicts import Layer

if TYPE_CHECKING:
    from copydesk.sources.models import Snapshot

# Characters of text whose indexes are kept. They take some 30 bytes each: 120 MB in all, or 70 pages of 5,000 words in
# two layers, so that whoever searches the newest 50 copies finds them all indexed the next time.
ROOM = 4_000_000


def archive() -> Archive:
    """Return the archive of this site."""
    return Archive(settings.COPYDESK_SNAPSHOTS_DIR)


def layers_of(snapshot: Snapshot) -> dict[Layer, str]:
    """Return the text layers of a snapshot. Raises Missing, Damaged."""
    return texts_from(archive().get(snapshot.layers_sha256))


def texts_from(blob: bytes) -> dict[Layer, str]:
    """Return the text layers that `blob_of` made a blob of."""
    return {Layer(name): text for name, text in json.loads(blob).items()}


def blob_of(layers: Mapping[Layer, str]) -> bytes:
    """Return text layers as the archive keeps them: the same texts give the same bytes."""
    texts = {layer.value: text for layer, text in sorted(layers.items())}
    return json.dumps(texts, ensure_ascii=True, sort_keys=True).encode()


def indexes_of(snapshot: Snapshot) -> Mapping[Layer, TextIndex]:
    """Return the layers of a snapshot, indexed; remembered, as a writer checks a quotation with every pause in typing.

    Raises Missing, Damaged.
    """
    language, sha256 = snapshot.source.language, snapshot.layers_sha256
    return _kept.get((sha256, language), lambda: _indexed(sha256, language))


def _indexed(layers_sha256: str, language: str) -> Mapping[Layer, TextIndex]:
    texts = texts_from(archive().get(layers_sha256))
    return {layer: TextIndex(text, language=language) for layer, text in texts.items() if text}


def size_of(layers: Mapping[Layer, TextIndex]) -> int:
    """Return how many characters indexed layers hold."""
    return sum(len(index.text) for index in layers.values())


_kept: Final = Remembered[Mapping[Layer, TextIndex]](room=ROOM, size_of=size_of)
