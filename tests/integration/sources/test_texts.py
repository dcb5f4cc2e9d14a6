"""Indexes of texts are remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copydesk.sources.logic.verdicts import Layer
from copydesk.sources.queries.texts import archive, indexes_of
from tests.factories.sources import make_snapshot, make_source

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.django_db
def test_a_text_is_read_from_the_archive_once(
    archive_dir: Path,
) -> None:
    snapshot = make_snapshot(
        make_source(), layers={Layer.VISIBLE: "The bridge."}, archive=archive()
    )
    found = indexes_of(snapshot)
    path = archive_dir / snapshot.layers_sha256[:2] / snapshot.layers_sha256
    path.unlink()
    assert indexes_of(snapshot) is found
