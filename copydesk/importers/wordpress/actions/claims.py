"""First walk: give every post and page its place and its address, and bring in the files.

Once all have their places, links between them can be written, whatever their order in the file.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import resolve
from django.utils.translation import gettext as _
from wagtail.models import Page

from copydesk.editorial.actions.archive import plant_drafts
from copydesk.editorial.models import Article, StaticPage
from copydesk.importers.models import ImportedAddress, ImportedItem, ItemKind, ItemState
from copydesk.importers.wordpress.actions.media import import_attachment
from copydesk.importers.wordpress.actions.session import (
    ITEM_ERRORS,
    Progress,
    Session,
    line_about,
)
from copydesk.importers.wordpress.logic.convert import plain_text
from copydesk.importers.wordpress.logic.fit import shorten
from copydesk.importers.wordpress.logic.plan import (
    SUPPORTING,
    fingerprint,
    is_same_item,
    other_id,
    plan_item,
    wanted_slug,
)
from copydesk.importers.wordpress.logic.records import Author, Item, SiteInfo, Term
from copydesk.kit.ids import free_slug, make_slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BATCH = 200


class Claims:
    """Takes the places."""

    def __init__(self, session: Session, progress: Progress) -> None:
        self.session = session
        self.progress = progress
        self.taken: set[str] | None = None
        self._articles: list[Item] = []
        self._pages: list[Item] = []
        self._known_pages: dict[int, Item] = {}
        self._seen: set[int] = set()

    def walk(self, records: Iterable[SiteInfo | Author | Term | Item]) -> None:
        """Claim for all the records of an export."""
        for record in records:
            match record:
                case Author():
                    self.session.authors[record.login] = record
                case Term():
                    self.session.terms[record.taxonomy, record.slug] = record
                case Item():
                    self._take(record)
                    self.progress.advance()
        self._claim_articles()
        self._claim_pages()

    def _take(self, item: Item) -> None:
        self.session.report.comments.update(item.comments)
        if item.post_type in SUPPORTING:
            self._learn(item)
            return
        plan = plan_item(item, at=self.session.at)
        if plan.skipped or item.wp_id in self._seen:
            why = plan.skipped or "the same post id came before in this file"
            self.session.report.skip(line_about(item, "skipped", why))
            return
        self._seen.add(item.wp_id or 0)
        if plan.kind == "media":
            self._take_media(item)
        elif plan.kind == "page":
            self._pages.append(replace(item, content="", meta=_small(item)))
        else:
            self._articles.append(replace(item, content="", meta=_small(item)))
            if len(self._articles) >= BATCH:
                self._claim_articles()

    def _learn(self, item: Item) -> None:
        """Remember what posts refer to: guest authors and synced patterns."""
        if item.post_type == "wp_block" and item.wp_id:
            self.session.reusable_blocks[item.wp_id] = item.content
        elif item.post_type == "guest-author":
            login = item.meta.get("cap-user_login") or item.slug.removeprefix("cap-")
            self.session.guests[login] = Author(
                login=login,
                display_name=item.meta.get("cap-display_name") or item.title,
                description=item.meta.get("cap-description", ""),
                line=item.line,
            )

    def _take_media(self, item: Item) -> None:
        import_attachment(self.session, item)
        if item.parent_id and item.wp_id and _is_image(item):
            self.session.attached[item.parent_id].append((item.menu_order, item.wp_id))

    # -- articles

    def _claim_articles(self) -> None:
        batch, self._articles = self._articles, []
        new = self._unclaimed(ItemKind.ARTICLE, batch)
        try:
            self._plant(new)
        except ITEM_ERRORS:
            for item in new:
                self._plant_alone(item)

    def _plant_alone(self, item: Item) -> None:
        try:
            self._plant([item])
        except ITEM_ERRORS as error:
            self.session.report.count("articles", "failed")
            self.session.fail(item, error)

    @transaction.atomic
    def _plant(self, items: Sequence[Item]) -> None:
        articles = [
            Article(title=title_of(item), slug=self._slug(item), kind=self.session.options.kind)
            for item in items
        ]
        plant_drafts(parent=self.session.front, articles=articles)
        self._claim(ItemKind.ARTICLE, items, [article.pk for article in articles])

    def _unclaimed(self, kind: ItemKind, items: Sequence[Item]) -> list[Item]:
        """Those that have no place yet. What failed before may try again."""
        known = find_imported(self.session, kind, items)
        return [
            item
            for item in items
            if (row := known.get(item.wp_id)) is None
            or (row.state == ItemState.FAILED and row.page_id is None)
        ]

    def _claim(self, kind: ItemKind, items: Sequence[Item], pages: Sequence[int]) -> None:
        numbers = free_ids(self.session, kind, items)
        source = self.session.source
        rows = ImportedItem.objects.bulk_create(
            ImportedItem(
                source=source,
                kind=kind,
                external_id=number,
                state=ItemState.CLAIMED,
                fingerprint=fingerprint(item),
                page_id=page,
            )
            for item, number, page in zip(items, numbers, pages, strict=True)
        )
        ImportedAddress.objects.bulk_create(
            (
                ImportedAddress(source=source, address=address[:500], item=row)
                for item, row in zip(items, rows, strict=True)
                for address in self.session.site.addresses_of(item)
            ),
            ignore_conflicts=True,
        )

    def _slug(self, item: Item) -> str:
        if self.taken is None:
            self.taken = set(self.session.front.get_children().values_list("slug", flat=True))
        taken = self.taken
        wanted = make_slug(wanted_slug(item), fallback="") or make_slug(item.title)
        slug = free_slug(wanted, lambda name: name in taken or is_reserved(name))
        taken.add(slug)
        return slug

    # -- static pages

    def _claim_pages(self) -> None:
        """Parents first: a page's address contains its parent's."""
        self._known_pages = {item.wp_id or 0: item for item in self._pages}
        waiting = {item.wp_id: item for item in self._unclaimed(ItemKind.PAGE, self._pages)}
        self._pages = []
        for item in list(waiting.values()):
            self._claim_page(item, waiting, set())

    def _claim_page(
        self, item: Item, waiting: dict[int | None, Item], above: set[int | None]
    ) -> None:
        if item.wp_id not in waiting:
            return
        parent = waiting.get(item.parent_id)
        if parent is not None and parent.wp_id not in above:
            self._claim_page(parent, waiting, above | {item.wp_id})
        waiting.pop(item.wp_id, None)
        try:
            self._plant_page(item)
        except ITEM_ERRORS as error:
            self.session.report.count("pages", "failed")
            self.session.fail(item, error)

    @transaction.atomic
    def _plant_page(self, item: Item) -> None:
        parent = self._parent_of(item)
        taken = set(parent.get_children().values_list("slug", flat=True))
        wanted = make_slug(wanted_slug(item), fallback="") or make_slug(item.title)
        at_root = parent.pk == self.session.front.pk
        slug = free_slug(wanted, lambda name: name in taken or (at_root and is_reserved(name)))
        if at_root and self.taken is not None:
            self.taken.add(slug)
        page = StaticPage(title=title_of(item), slug=slug, live=False)
        parent.add_child(instance=page)
        self._claim(ItemKind.PAGE, [item], [page.pk])

    def _parent_of(self, item: Item) -> Page:
        parent = self._known_pages.get(item.parent_id or 0)
        claimed = find_imported(self.session, ItemKind.PAGE, [parent]) if parent else {}
        key = next((row.page_id for row in claimed.values() if row.page_id), None)
        return Page.objects.get(pk=key or self.session.front.pk)


def find_imported(
    session: Session, kind: ItemKind, items: Sequence[Item]
) -> dict[int | None, ImportedItem]:
    """What is known of these items, by their number."""
    names = {name for item in items for name in (str(item.wp_id), other_id(item))}
    rows = ImportedItem.objects.filter(source=session.source, kind=kind, external_id__in=names)
    by_name = {row.external_id: row for row in rows.select_related("page")}
    found: dict[int | None, ImportedItem] = {}
    for item in items:
        row = by_name.get(str(item.wp_id))
        if row is None or not is_same_item(row.fingerprint, fingerprint(item)):
            row = by_name.get(other_id(item))
        if row is not None:
            found[item.wp_id] = row
    return found


def free_ids(session: Session, kind: ItemKind, items: Sequence[Item]) -> list[str]:
    """Names for items that are new here. One that failed before makes room for its next try."""
    failed = find_imported(session, kind, items).values()
    ImportedItem.objects.filter(pk__in=[row.pk for row in failed]).delete()
    numbers = [str(item.wp_id) for item in items]
    rows = ImportedItem.objects.filter(source=session.source, kind=kind, external_id__in=numbers)
    taken = set(rows.values_list("external_id", flat=True))
    return [str(i.wp_id) if str(i.wp_id) not in taken else other_id(i) for i in items]


def title_of(item: Item) -> str:
    """The headline in plain text."""
    return shorten(plain_text(item.title), 255) or _("Untitled")


def is_reserved(slug: str) -> bool:
    """Whether the site's own pages have this address."""
    return resolve(f"/{slug}/").url_name != "page"


def _is_image(item: Item) -> bool:
    path = (item.attachment_url or item.guid).lower().partition("?")[0]
    return path.endswith((".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif"))


def _small(item: Item) -> dict[str, str]:
    return {key: item.meta[key] for key in ("_wp_old_slug",) if key in item.meta}
