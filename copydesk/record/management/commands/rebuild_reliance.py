"""`copydesk manage rebuild_reliance`: find anew which articles rest on which."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from rich.progress import Progress

from copydesk.editorial.models import PublishedArticle
from copydesk.record.actions.relying import rebuild_reliance


class Command(BaseCommand):
    """Goes through every live article, some at a time; may be stopped and run again."""

    help = "Find anew which live articles rest on which, as for an archive that is older than this."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Go through all, with a progress bar on a terminal."""
        with Progress(transient=True) as progress:
            bar = progress.add_task("Articles", total=PublishedArticle.objects.count())
            count = rebuild_reliance(tell=lambda done: progress.update(bar, completed=done))
        self.stdout.write(f"{count} articles gone through.")
