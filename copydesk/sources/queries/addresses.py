"""Addresses as other machines need them, and those of pages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from django.conf import settings

if TYPE_CHECKING:
    from wagtail.models import Page


def full_url(path: str) -> str:
    """Return the whole address of a path, on the publication's own host whatever the request said."""
    return urljoin(f"{settings.COPYDESK_BASE_URL}/", path)


def path_of(page: Page) -> str:
    """Return the path readers find a page at: Wagtail's path within the tree, less the root's slug."""
    inside = str(page.url_path).strip("/").partition("/")[2]
    return f"/{inside}/" if inside else "/"
