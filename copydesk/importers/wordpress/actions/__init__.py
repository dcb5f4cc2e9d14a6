"""Move a WordPress site in."""

from __future__ import annotations

from copydesk.importers.wordpress.actions.run import import_wordpress
from copydesk.importers.wordpress.actions.session import NoFrontPage, Options, Progress

__all__ = ["NoFrontPage", "Options", "Progress", "import_wordpress"]
