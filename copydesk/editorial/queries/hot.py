"""Which pages readers ask for most, whatever they are about."""

from __future__ import annotations

from django.urls import reverse

from copydesk.editorial.logic.feeds import FORMS
from copydesk.editorial.models import PublishedArticle

NEWEST = 10


def hot_paths() -> list[str]:
    """Return the paths of the front page, the latest list, the site's feeds and the newest articles; one query."""
    newest = PublishedArticle.objects.order_by("-published_at", "-pk").values_list(
        "path", flat=True
    )
    return [
        reverse("editorial:front"),
        *newest[:NEWEST],
        *(reverse("editorial:feed", args=[form]) for form in FORMS),
        reverse("editorial:latest"),
    ]
