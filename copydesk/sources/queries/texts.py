"""The texts of snapshots, ready for comparing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.conf import settings

from copydesk.sources.backends.archive import Archive, Missing, refers_back
from copydesk.sources.logic.matching import TextIndex
from copydesk.sources.logic.remembering import Remembered
from copydesk.sources.logic.verdicts import Layer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copydesk.sources.models import Snapshot, Source

# Characters of the texts whose indexes are remembered, which take 35 bytes for each: 50 MB in a process.
REMEMBERED = 1_500_000


def archive() -> Archive:
    """Return the archive of this site."""
    return Archive(settings.COPYDESK_SNAPSHOTS_DIR)


def first_copy_of(source: Source, payload_sha256: str) -> Snapshot | None:
    """Return the copy by which a body, as its source sent it, was first kept; None where it never was."""
    kept = source.snapshots.filter(payload_sha256=payload_sha256).exclude(warc_sha256="")
    return kept.order_by("captured_at", "pk").first()


def warc_of(snapshot: Snapshot) -> bytes:
    """Return the WARC of a snapshot, behind the one that holds its body where an earlier one does.

    Raises Missing, Damaged.
    """
    warc = archive().get(snapshot.warc_sha256)
    if not refers_back(warc):
        return warc
    first = first_copy_of(snapshot.source, snapshot.payload_sha256)
    if first is None:
        raise Missing(f"{snapshot.payload_sha256}: what copy {snapshot.pk} refers to is gone")
    return archive().get(first.warc_sha256) + warc


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
    key = (snapshot.layers_sha256, snapshot.source.language)
    return _remembered.get(key, lambda: _indexes(snapshot))


def _indexes(snapshot: Snapshot) -> Mapping[Layer, TextIndex]:
    language = snapshot.source.language
    texts = layers_of(snapshot).items()
    return {layer: TextIndex(text, language=language) for layer, text in texts if text}


def _length(indexes: Mapping[Layer, TextIndex]) -> int:
    return sum(len(index.text) for index in indexes.values())


_remembered: Remembered[Mapping[Layer, TextIndex]] = Remembered(room=REMEMBERED, size_of=_length)
