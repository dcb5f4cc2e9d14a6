"""Keep what is costly to make, up to a size: texts differ in length by a thousand times, so a count bounds nothing."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Kept = TypeVar("Kept")


class Remembered(Generic[Kept]):
    """The things used last, as many as have room together; one larger than all the room is kept alone.

    `room` and the sizes that `size_of` gives are in one unit, whichever. Any thread may ask; two that ask for the same
    at once may both make it. What making raises is raised, and not kept.
    """

    def __init__(self, *, room: int, size_of: Callable[[Kept], int]) -> None:
        self.room, self.size_of = room, size_of
        self.used = 0
        self.kept: OrderedDict[Hashable, tuple[Kept, int]] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """Return what is kept under `key`, or what `make` makes, and keep that."""
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
                return self.kept[key][0]
        made = make()
        size = self.size_of(made)
        with self.lock:
            self._drop(key)
            self.kept[key] = made, size
            self.used += size
            while self.used > self.room and len(self.kept) > 1:
                self._drop(next(iter(self.kept)))
        return made

    def clear(self) -> None:
        """Forget everything."""
        with self.lock:
            self.kept.clear()
            self.used = 0

    def _drop(self, key: Hashable) -> None:
        if key in self.kept:
            self.used -= self.kept.pop(key)[1]
