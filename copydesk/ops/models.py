"""What operating leaves in the database: the sign of life of each background worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from datetime import datetime


class Heartbeats(models.QuerySet["Heartbeat"]):
    """Narrows heartbeats."""

    def since(self, moment: datetime) -> Heartbeats:
        """Those of workers that have given a sign of life since `moment`."""
        return self.filter(beat_at__gte=moment)


class Heartbeat(models.Model):
    """A background worker that runs, or ran until shortly ago; one row for each, whatever the node."""

    worker_id = models.CharField(max_length=64, primary_key=True)
    # The machine's name.
    node = models.CharField(max_length=255)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()

    objects = Heartbeats.as_manager()

    def __str__(self) -> str:
        return f"{self.node} {self.worker_id}"
