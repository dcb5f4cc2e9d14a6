"""What a monitor is told, in the words of Prometheus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector, CollectorRegistry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client import Metric


@dataclass(frozen=True)
class Measures:
    """What is measured of a site and of the node that is asked. None: it is not known now, so it is not told."""

    store: StoreMeasures | None
    last_expiry: int
    expiries_waiting: int
    expiries_failing: int
    tasks_waiting: int
    # Of the background worker that gave a sign of life last, on any node.
    heartbeat_age: float | None


@dataclass(frozen=True)
class StoreMeasures:
    """What the page store of this node holds, and has done since it was made."""

    hits: int
    misses: int
    stored: int
    evicted: int
    bytes: int
    size: int
    pages: int
    hit_ratio: float | None
    position: int


@dataclass(frozen=True)
class Exposition(Collector):
    """Measures as a monitor reads them."""

    measures: Measures

    def collect(self) -> Iterator[Metric]:
        """Name each measure, and say what it means."""
        measures = self.measures
        yield _gauge(
            "pages_usable", "Whether this node can open its page store.", measures.store is not None
        )
        if measures.store is not None:
            yield from _of_store(measures.store)
        yield _gauge("expiry_last", "The number of the last expiry.", measures.last_expiry)
        yield _gauge(
            "expiries_waiting",
            "Expiries the content delivery network is to be told of.",
            measures.expiries_waiting,
        )
        yield _gauge(
            "expiries_failing",
            "Of these, those it could not be told of when last tried.",
            measures.expiries_failing,
        )
        yield _gauge("tasks_waiting", "Tasks that are ready to be run.", measures.tasks_waiting)
        if measures.heartbeat_age is not None:
            yield _gauge(
                "worker_heartbeat_age_seconds",
                "Since a background worker last gave a sign of life.",
                measures.heartbeat_age,
            )


def _of_store(store: StoreMeasures) -> Iterator[Metric]:
    yield _counter("pages_hits", "Requests answered from the store.", store.hits)
    yield _counter("pages_misses", "Requests for pages that were made.", store.misses)
    yield _counter("pages_stored", "Pages put into the store.", store.stored)
    yield _counter("pages_evicted", "Pages given up for room.", store.evicted)
    yield _gauge("pages_held", "Pages in the store.", store.pages)
    yield _gauge("pages_bytes", "Bytes of pages in the store.", store.bytes)
    yield _gauge("pages_limit_bytes", "Bytes of pages the store may hold.", store.size)
    yield _gauge("expiry_position", "The last expiry this node has seen.", store.position)
    if store.hit_ratio is not None:
        yield _gauge("pages_hit_ratio", "The part answered from the store.", store.hit_ratio)


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(f"copydesk_{name}", meaning, value=float(value))


def _counter(name: str, meaning: str, value: float) -> Metric:
    return CounterMetricFamily(f"copydesk_{name}", meaning, value=float(value))


def expose(measures: Measures, *, accept: str) -> tuple[bytes, str]:
    """Return measures as text, and its content type: the form the monitor likes best."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Exposition(measures))
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type
