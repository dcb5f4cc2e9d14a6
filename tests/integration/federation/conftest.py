"""Another site, on loopback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories.publisher import publishing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import Settings

    from tests.factories.publisher import Publisher


@pytest.fixture
def elsewhere(settings: Settings) -> Iterator[Publisher]:
    """Another site, on loopback, which may be asked."""
    settings.COPYDESK_SOURCE_NETWORKS = ("127.0.0.0/8",)
    with publishing() as found:
        yield found
