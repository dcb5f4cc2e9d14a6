"""The texts of snapshots, ready for comparing."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from django.conf import settings

from copydesk.sources.backends.archive import Archive
from copydesk.sources.logic.matching import TextIndex
from copydesk.sources.logic.verdicts import Layer

if TYPE_CHECKING:
    from copydesk.sources.models import Snapshot

# Characters of the texts whose indexes are remembered, which take 35 bytes for each: 50 MB in a process.
REMEMBERED = 1_500_000

Indexes = Mapping[Layer, TextIndex]


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


@dataclass
class Memory:
    """Indexes of texts, those last asked for, of `room` characters in all; there is room for one, however long."""

    room: int
    _kept: OrderedDict[tuple[str, str], tuple[Indexes, int]] = field(default_factory=OrderedDict)
    _size: int = 0
    _lock: Lock = field(default_factory=Lock)

    def get(self, key: tuple[str, str]) -> Indexes | None:
        """Return what is remembered."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def put(self, key: tuple[str, str], indexes: Indexes, size: int) -> None:
        """Remember indexes of texts of so many characters."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = indexes, size
                self._size += size
            while self._size > self.room and len(self._kept) > 1:
                _key, (_indexes, given_up) = self._kept.popitem(last=False)
                self._size -= given_up

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._kept.clear()
            self._size = 0


MEMORY = Memory(REMEMBERED)


def indexes_of(snapshot: Snapshot) -> Indexes:
    """Return the layers of a snapshot, indexed; remembered, as a writer checks a quotation with every pause in typing.

    Raises Missing, Damaged.
    """
    key = (snapshot.layers_sha256, snapshot.source.language)
    found = MEMORY.get(key)
    if found is None:
        texts = {layer: text for layer, text in layers_of(snapshot).items() if text}
        language = snapshot.source.language
        found = {layer: TextIndex(text, language=language) for layer, text in texts.items()}
        MEMORY.put(key, found, sum(map(len, texts.values())))
    return found
