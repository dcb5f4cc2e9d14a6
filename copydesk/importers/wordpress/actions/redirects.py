"""Old addresses lead on for good: of posts and pages, of files, of listings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.encoding import escape_uri_path
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from copydesk.editorial.actions.publishing import page_path
from copydesk.editorial.actions.rows import insert_rows
from copydesk.importers.wordpress.logic.links import copies_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from copydesk.importers.wordpress.logic.links import OldSite
    from copydesk.importers.wordpress.logic.records import Item

_LONGEST_PATH: Final = 255
_METADATA: Final = "_wp_attachment_metadata"


def add_redirects(site: OldSite, wanted: Iterable[tuple[str, Page | str]]) -> None:
    """Redirect addresses of the old site to pages or paths; one that is redirected already is left."""
    targets: dict[str, Page | str] = {}
    for address, target in wanted:
        for path in site.paths_of(address):
            old = _as_asked(path)
            if old != _path(target).rstrip("/") and len(old) <= _LONGEST_PATH:
                targets.setdefault(old, target)
    known = set(Redirect.objects.filter(old_path__in=targets).values_list("old_path", flat=True))
    rows = [_redirect(old, target) for old, target in targets.items() if old not in known]
    insert_rows(Redirect, rows)


def add_file_redirects(site: OldSite, item: Item, url: str, target: str) -> None:
    """Redirect a file's own address, those of its smaller copies, and that of the page WordPress gave it."""
    address = site.address(url)
    folder = address.rpartition("/")[0]
    addresses = [address] if address else []
    if address:
        addresses += [f"{folder}/{name}" for name in copies_of(item.meta.get(_METADATA, ""))]
    if item.wp_id:
        addresses += [site.address(item.link), f"/?attachment_id={item.wp_id}"]
    add_redirects(site, ((old, target) for old in addresses if old and not old.startswith("/?p=")))


def _as_asked(path: str) -> str:
    """A path as browsers ask for it, which is how redirects are looked up."""
    before, mark, query = path.partition("?")
    return str(Redirect.normalise_path(f"{escape_uri_path(before)}{mark}{query}"))


def _path(target: Page | str) -> str:
    return page_path(target) if isinstance(target, Page) else target


def _redirect(old: str, target: Page | str) -> Redirect:
    if isinstance(target, Page):
        return Redirect(old_path=old, redirect_page_id=target.pk, is_permanent=True)
    return Redirect(old_path=old, redirect_link=target, is_permanent=True)
