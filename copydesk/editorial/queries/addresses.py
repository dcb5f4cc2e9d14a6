"""Addresses as other machines need them: whole, on the publication's own host whatever the request said."""

from __future__ import annotations

from urllib.parse import urljoin

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse


def full_url(path: str) -> str:
    """Return the whole address of a path; a whole address stays as it is."""
    return urljoin(settings.COPYDESK_BASE_URL + "/", path)


def icon_url(name: str) -> str:
    """Return the whole address of one of the theme's icons."""
    return full_url(static(f"theme/icons/{name}"))


def webmention_url() -> str:
    """Return the whole address at which other sites tell that they link to a page of ours."""
    return full_url(reverse("federation:webmention"))
