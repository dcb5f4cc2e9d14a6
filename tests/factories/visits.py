"""Visits to servers on loopback, as tests make them."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from copydesk.kit import http

visit = partial(http.visit, may_connect=http.may_connect_to(["127.0.0.0/8"]), max_seconds=10)


def refusal(url: str, **more: Any) -> http.FetchRefused:
    """Return why a visit was refused."""
    with pytest.raises(http.FetchRefused) as refused:
        visit(url, **more)
    return refused.value


def failure(url: str, **more: Any) -> http.FetchFailed:
    """Return how a visit failed."""
    with pytest.raises(http.FetchFailed) as failed:
        visit(url, **more)
    return failed.value
