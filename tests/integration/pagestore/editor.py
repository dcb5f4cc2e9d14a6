"""An editor in a process of their own, for the test that kills it: `python -m tests.integration.pagestore.editor ID`.

Loads once; for each line on standard input it forks a child that publishes the article ID again and again, and says
the child's number. The child says which version it begins with, then works until it is killed.
"""

from __future__ import annotations

import os
import sys

import django

# Django's own handlers are enough: no test's.
django.setup()

from copydesk.editorial.models import Article, PublishedArticle  # noqa: E402 - Django comes first
from tests.factories.crashing import version_of  # noqa: E402 - the same


def main() -> None:
    """Fork an editor for each line."""
    pk = int(sys.argv[1])
    for _line in sys.stdin:
        if (child := os.fork()) == 0:
            publish_for_ever(pk)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def publish_for_ever(pk: int) -> None:
    """Publish version after version, each one higher than the last that readers have."""
    version = version_of(PublishedArticle.objects.get(pk=pk).headline)
    sys.stdout.write("begins\n")
    sys.stdout.flush()
    while True:
        version += 1
        article = Article.objects.get(pk=pk)
        article.title = f"Version {version}."
        article.save_revision().publish()


if __name__ == "__main__":
    main()
