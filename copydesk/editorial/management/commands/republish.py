"""`copydesk manage republish`: write again what readers get, after a change of how bodies are rendered."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from rich.progress import track

from copydesk.editorial import actions
from copydesk.editorial.models import Article, StaticPage
from copydesk.kit import clock


class Command(BaseCommand):
    """Renders every live article and page again, one transaction each; may be stopped and run again."""

    help = "Render every live article and page again."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Render all, with a progress bar on a terminal."""
        articles = Article.objects.live().order_by("pk")
        for article in track(articles.iterator(chunk_size=100), "Articles", total=articles.count()):
            actions.publish_article(article=article, at=clock.now())
        for page in StaticPage.objects.live().order_by("pk"):
            actions.publish_static_page(page=page, at=clock.now())
        self.stdout.write(f"{articles.count()} articles rendered.")
