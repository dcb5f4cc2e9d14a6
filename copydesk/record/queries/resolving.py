"""Which of our articles an address is that of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.encoding import escape_uri_path
from wagtail.contrib.redirects.models import Redirect

from copydesk.editorial.models import Article, PublishedArticle
from copydesk.record.logic.links import own_path, with_slash, without_query

if TYPE_CHECKING:
    from collections.abc import Iterable


def articles_at(addresses: Iterable[str], *, base_url: str) -> dict[str, int]:
    """Return the article of each address that is an article's, now or before it moved: up to four queries for all.

    An address is a path of ours with its query string, if it has one. An article that is not live yet counts where its
    page is in the tree: archives move in page by page, and their articles name each other.
    """
    bare = without_query(addresses)
    found = _by_path(set(bare.values()))
    missing = {address: path for address, path in bare.items() if path not in found}
    led = _by_redirect(missing, base_url) if missing else {}
    return {
        address: pk
        for address, path in bare.items()
        if (pk := led.get(address) or found.get(path)) is not None
    }


def _by_path(paths: set[str]) -> dict[str, int]:
    published = PublishedArticle.objects.filter(path__in=paths).values_list("path", "pk")
    found = dict(published)
    left = paths - found.keys() - {"/"}
    if not left:
        return found
    # Pages are indexed by their slug, not by their whole path.
    slugs = {path.strip("/").rpartition("/")[2] for path in left}
    rows = Article.objects.filter(slug__in=slugs).values_list("url_path", "pk")
    in_tree = {with_slash("/" + url_path.strip("/").partition("/")[2]): pk for url_path, pk in rows}
    return found | {path: in_tree[path] for path in left & in_tree.keys()}


def _by_redirect(addresses: dict[str, str], base_url: str) -> dict[str, int]:
    """Follow redirects, one step: an old address with its query string wins over the one without."""
    asked = {address: _old_paths(address, path) for address, path in addresses.items()}
    wanted = {old for each in asked.values() for old in each}
    rows = Redirect.objects.filter(old_path__in=wanted)
    targets = {
        row.old_path: (row.redirect_page_id, own_path(row.redirect_link, base_url=base_url))
        for row in rows.only("old_path", "redirect_page", "redirect_link")
    }
    if not targets:
        return {}
    pages = {page_id for page_id, _path in targets.values() if page_id}
    articles = set(Article.objects.filter(pk__in=pages).values_list("pk", flat=True))
    by_path = _by_path({path for page_id, path in targets.values() if path and not page_id})
    found = {}
    for address, each in asked.items():
        page_id, path = next((targets[old] for old in each if old in targets), (None, ""))
        pk = page_id if page_id in articles else by_path.get(path)
        if pk is not None:
            found[address] = pk
    return found


def _old_paths(address: str, path: str) -> list[str]:
    """Return an address as redirects may have it: as it is written and as it is quoted, with its query and without."""
    both = (address, path)
    return [
        Redirect.normalise_path(form) for each in both for form in (each, escape_uri_path(each))
    ]
