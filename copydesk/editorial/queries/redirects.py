"""Where an old address leads now."""

from __future__ import annotations

from dataclasses import dataclass

from wagtail.contrib.redirects.models import Redirect


@dataclass(frozen=True)
class Target:
    """An address to send the reader on to."""

    url: str
    is_permanent: bool


def find_redirect(full_path: str) -> Target | None:
    """Return where `full_path` (with its query string) leads now, or None; in one query.

    The address with its query string wins over the one without: WordPress has /?p=12 beside /.
    """
    asked = Redirect.normalise_path(full_path)
    paths = {asked, Redirect.normalise_path(full_path.partition("?")[0])}
    rows = Redirect.objects.filter(old_path__in=paths).select_related("redirect_page")
    found = {row.old_path: row for row in rows}
    row = found.get(asked) or next(iter(found.values()), None)
    if row is None:
        return None
    page = row.redirect_page
    url = "/" + page.url_path.strip("/").partition("/")[2] + "/" if page else row.redirect_link
    return Target(url, row.is_permanent) if url and url not in paths else None
