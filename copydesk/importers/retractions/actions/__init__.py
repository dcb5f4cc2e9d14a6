"""Bringing in a list of retractions."""

from __future__ import annotations

from copydesk.importers.retractions.actions.run import import_retractions

__all__ = ["import_retractions"]
