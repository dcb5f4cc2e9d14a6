"""Whose turn it is to ask a host: one request at a time, and a pause between, whichever node asks."""

from __future__ import annotations

from django.db import models


class Host(models.Model):
    """A host that sources are fetched from."""

    # For taking turns, without "www." and port; for its wishes, each name with its port has a row.
    name = models.CharField(max_length=260, primary_key=True)
    # When it may be asked again. While somebody asks, as far ahead as that may take.
    next_at = models.DateTimeField()
    # Requests in a row that it refused for being too many.
    refused_count = models.PositiveSmallIntegerField(default=0)
    # What it wishes robots to leave alone; "" where it has no wishes.
    robots = models.TextField(blank=True)
    robots_status = models.PositiveSmallIntegerField(null=True)
    robots_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
