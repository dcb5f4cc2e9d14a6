"""Second walk: the content of every post and page, in batches, each item on its own if its batch fails."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from django.db import transaction
from wagtail_footnotes.models import Footnote

from copydesk.editorial.actions.archive import fill_articles, fill_static_page
from copydesk.editorial.actions.rows import update_rows
from copydesk.editorial.models import Article, ArticleTopic, Byline, Discussion, StaticPage
from copydesk.importers.models import ImportedItem, ItemKind, ItemState
from copydesk.importers.wordpress.actions.bodies import (
    Draft,
    Finder,
    convert_item,
    resolve_draft,
)
from copydesk.importers.wordpress.actions.claims import find_imported, title_of
from copydesk.importers.wordpress.actions.names import Names
from copydesk.importers.wordpress.actions.redirects import add_redirects
from copydesk.importers.wordpress.actions.session import (
    ITEM_ERRORS,
    Progress,
    Session,
    batches,
    line_about,
)
from copydesk.importers.wordpress.logic.convert import plain_text
from copydesk.importers.wordpress.logic.fit import shorten
from copydesk.importers.wordpress.logic.plan import State, content_hash, fallback_title, plan_item

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from copydesk.importers.wordpress.logic.records import Item
    from copydesk.importers.wordpress.logic.report import Mark

BATCH: Final = 200
_BATCH_CHARACTERS: Final = 4_000_000
_KINDS: Final = {"post": ItemKind.ARTICLE, "page": ItemKind.PAGE}
_OUTCOMES: Final = {ItemKind.ARTICLE: "articles", ItemKind.PAGE: "pages"}
_MODELS: Final[dict[ItemKind, type[Article | StaticPage]]] = {
    ItemKind.ARTICLE: Article,
    ItemKind.PAGE: StaticPage,
}
_STANDFIRST: Final = 400


class Writer:
    """Writes what the items hold into the places they have."""

    def __init__(self, session: Session, progress: Progress) -> None:
        self.session = session
        self.progress = progress
        self.names = Names(session)
        self._seen: set[int] = set()

    def walk(self, items: Iterable[Item]) -> None:
        wanted = (item for item in items if self._is_wanted(item))
        for batch in batches(wanted, BATCH, weigh=_weight, heaviest=_BATCH_CHARACTERS):
            for kind in (ItemKind.ARTICLE, ItemKind.PAGE):
                self._write_batch(kind, [item for item in batch if _KINDS[item.post_type] == kind])

    def _is_wanted(self, item: Item) -> bool:
        if item.post_type not in _KINDS or item.wp_id in self._seen or item.wp_id is None:
            return False
        self._seen.add(item.wp_id)
        return not plan_item(item, at=self.session.at).skipped

    def _write_batch(self, kind: ItemKind, items: Sequence[Item]) -> None:
        drafts = self._resolve_all(kind, self._convert_all(kind, items))
        mark = self.session.report.mark()
        try:
            self._write(kind, drafts)
        except ITEM_ERRORS:
            self._undo(mark)
            for draft in drafts:
                self._write_alone(kind, draft)
        else:
            self._report(kind, drafts)
        self.progress.advance(len(items))

    def _write_alone(self, kind: ItemKind, draft: Draft) -> None:
        mark = self.session.report.mark()
        try:
            self._write(kind, [draft])
        except ITEM_ERRORS as error:
            self._undo(mark)
            self._give_up(kind, draft.item, draft.imported, error)
        else:
            self._report(kind, [draft])

    def _undo(self, mark: Mark) -> None:
        """The transaction was rolled back: forget what was made and told in it."""
        self.names.forget()
        self.session.report.back_to(mark)

    def _give_up(
        self, kind: ItemKind, item: Item, imported: ImportedItem, error: BaseException
    ) -> None:
        """Report the item and take back its place, so that no empty draft is left behind."""
        self.session.report.count(_OUTCOMES[kind], "failed")
        self.session.fail(item, error)
        is_empty = imported.page is not None and imported.page.latest_revision_id is None
        with transaction.atomic():
            ImportedItem.objects.filter(pk=imported.pk).update(state=ItemState.FAILED)
            if is_empty and imported.page is not None and imported.page.numchild == 0:
                imported.page.delete()

    # -- conversion

    def _convert_all(self, kind: ItemKind, items: Sequence[Item]) -> list[Draft]:
        known = find_imported(self.session, kind, items)
        drafts = []
        for item in items:
            imported = known.get(item.wp_id)
            told = content_hash(item)
            if imported is not None and self._is_due(kind, item, imported, told):
                drafts += self._convert(kind, item, imported, told)
        return drafts

    def _convert(
        self, kind: ItemKind, item: Item, imported: ImportedItem, told: str
    ) -> list[Draft]:
        try:
            draft = convert_item(self.session, item, imported)
        except ITEM_ERRORS as error:
            self._give_up(kind, item, imported, error)
            return []
        draft.content_hash = told
        draft.was_partial = imported.state == ItemState.PARTIAL and imported.content_hash == told
        return [draft]

    def _resolve_all(self, kind: ItemKind, drafts: Sequence[Draft]) -> list[Draft]:
        """Find what the bodies refer to. Files are fetched here, while no transaction keeps others waiting."""
        finder = Finder(self.session, drafts)
        resolved = []
        for draft in drafts:
            try:
                resolve_draft(finder, draft)
            except ITEM_ERRORS as error:
                self._give_up(kind, draft.item, draft.imported, error)
            else:
                resolved.append(draft)
        return self._without_same(kind, resolved)

    def _without_same(self, kind: ItemKind, drafts: Sequence[Draft]) -> list[Draft]:
        """Those that are not again what they were: of an item whose files were missing, they may be missing still."""
        again = [draft for draft in drafts if draft.was_partial and draft.is_partial]
        model = _MODELS[kind]
        found = model.objects.in_bulk([draft.imported.page_id for draft in again])
        same = {
            draft.item.wp_id for draft in again if _is_same(draft, found[draft.imported.page_id])
        }
        if same:
            self.session.report.count(_OUTCOMES[kind], "unchanged", len(same))
        return [draft for draft in drafts if draft.item.wp_id not in same]

    def _is_due(self, kind: ItemKind, item: Item, imported: ImportedItem, told: str) -> bool:
        """Whether there is something to write. What was edited or deleted here is left alone."""
        count = self.session.report.count
        if imported.page is None:
            if imported.state != ItemState.FAILED:
                count(_OUTCOMES[kind], "deleted here")
            return False
        is_same = imported.content_hash == told
        can_complete = imported.state == ItemState.PARTIAL and self.session.options.brings_media
        if imported.state in {ItemState.DONE, ItemState.PARTIAL} and is_same and not can_complete:
            count(_OUTCOMES[kind], "unchanged")
            return False
        if imported.page.latest_revision_id != imported.revision_id:
            count(_OUTCOMES[kind], "edited here")
            if not is_same:
                self.session.note(
                    item, "edited_here", "changed at the source and here: left as it is here"
                )
            return False
        return True

    # -- writing

    @transaction.atomic
    def _write(self, kind: ItemKind, drafts: Sequence[Draft]) -> None:
        if not drafts:
            return
        if kind == ItemKind.ARTICLE:
            self._write_articles(drafts)
        else:
            self._write_pages(drafts)
        self._settle(drafts)

    def _write_articles(self, drafts: Sequence[Draft]) -> None:
        found = Article.objects.in_bulk([draft.imported.page_id for draft in drafts])
        articles = [found[draft.imported.page_id] for draft in drafts]
        for draft, article in zip(drafts, articles, strict=True):
            self._fill(article, draft)
            self._fill_article(article, draft)
        fill_articles(articles=articles, at=self.session.at)
        self._after(drafts, articles)

    def _write_pages(self, drafts: Sequence[Draft]) -> None:
        found = StaticPage.objects.in_bulk([draft.imported.page_id for draft in drafts])
        pages = [found[draft.imported.page_id] for draft in drafts]
        for draft, page in zip(drafts, pages, strict=True):
            self._fill(page, draft)
            fill_static_page(page=page, at=self.session.at)
        self._after(drafts, pages)

    def _fill(self, page: Article | StaticPage, draft: Draft) -> None:
        """What articles and pages have in common."""
        item = draft.item
        plan = plan_item(item, at=self.session.at)
        page.title = title_of(item) if item.title.strip() else _title_from(draft)
        page.standfirst = plain_text(item.excerpt) or shorten(draft.converted.teaser, _STANDFIRST)
        page.body = json.dumps(draft.blocks)
        page.footnotes = [
            Footnote(uuid=key, text=html, locale=page.locale, sort_order=number)
            for number, (key, html) in enumerate(draft.footnotes.items())
        ]
        page.seo_title, page.search_description = _seo(item)
        published = item.published or self.session.at
        page.live = plan.state == State.LIVE
        page.go_live_at = published if plan.state == State.SCHEDULED else None
        page.first_published_at = published if page.live else None
        page.last_published_at = max(published, item.modified or published) if page.live else None
        page.latest_revision_created_at = self.session.at

    def _fill_article(self, article: Article, draft: Draft) -> None:
        item = draft.item
        article.kind = self.session.options.kind
        article.language = self.session.language
        article.is_featured = item.is_sticky
        article.discussion = Discussion.OFF if item.comment_status == "closed" else Discussion.ON
        article.canonical_url = _canonical(item)
        article.bylines = [
            Byline(person=person, sort_order=number)
            for number, person in enumerate(self.names.people_of(item))
        ]
        article.article_topics = [
            ArticleTopic(topic=topic, sort_order=number)
            for number, topic in enumerate(self.names.topics_of(item))
        ]
        article.lead_picture_id = draft.lead_picture_id

    def _after(self, drafts: Sequence[Draft], pages: Sequence[Article | StaticPage]) -> None:
        add_redirects(
            self.session.site,
            (
                (address, page)
                for draft, page in zip(drafts, pages, strict=True)
                if page.live or page.go_live_at
                for address in self.session.site.addresses_of(draft.item)
            ),
        )
        for draft, page in zip(drafts, pages, strict=True):
            draft.imported.revision_id = page.latest_revision_id

    def _settle(self, drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            draft.imported.state = ItemState.PARTIAL if draft.is_partial else ItemState.DONE
            draft.imported.content_hash = draft.content_hash
        rows = [draft.imported for draft in drafts]
        update_rows(ImportedItem, rows, ["state", "content_hash", "revision_id"])

    def _report(self, kind: ItemKind, drafts: Sequence[Draft]) -> None:
        report = self.session.report
        for draft in drafts:
            report.count(_OUTCOMES[kind], "created" if draft.is_new else "updated")
            plan = plan_item(draft.item, at=self.session.at)
            report.count(f"{_OUTCOMES[kind]} by state", plan.state.value)
            for remark in plan.remarks:
                report.note(line_about(draft.item, "state", remark))
            for note in draft.converted.notes:
                report.note(line_about(draft.item, note.kind.value, note.detail))


def _is_same(draft: Draft, page: Article | StaticPage) -> bool:
    body = type(page)(body=json.dumps(draft.blocks)).body
    is_led_by = draft.lead_picture_id == getattr(page, "lead_picture_id", None)
    return is_led_by and bool(body.get_prep_value() == page.body.get_prep_value())


def _weight(item: Item) -> int:
    return len(item.content)


def _title_from(draft: Draft) -> str:
    """A headline for a post that had none: an aside, a status, a photograph."""
    for block in draft.blocks:
        if block["type"] in {"text", "quotation"}:
            value = block["value"]
            html = value if isinstance(value, str) else value["text"]
            return fallback_title(plain_text(html)) or title_of(draft.item)
    return title_of(draft.item)


def _seo(item: Item) -> tuple[str, str]:
    """Title and description for search engines, from the two plugins everybody uses."""
    title = item.meta.get("_yoast_wpseo_title") or item.meta.get("rank_math_title") or ""
    description = (
        item.meta.get("_yoast_wpseo_metadesc") or item.meta.get("rank_math_description") or ""
    )
    return shorten(_without_templates(title), 255), _without_templates(description)


def _without_templates(text: str) -> str:
    """Nothing for a value that the plugin was to fill in itself, such as ``%%title%%``."""
    return "" if "%" in text else plain_text(text)


def _canonical(item: Item) -> str:
    url = item.meta.get("_yoast_wpseo_canonical") or item.meta.get("rank_math_canonical_url") or ""
    return url if url.startswith(("http://", "https://")) and len(url) <= 500 else ""
