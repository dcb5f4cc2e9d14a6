"""The one bridge from Wagtail's signals: editors publish from Wagtail's admin, readers get what our actions write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models.signals import post_save, pre_delete
from django.dispatch import receiver
from wagtail.log_actions import get_active_log_context
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from copydesk.editorial import actions
from copydesk.editorial.models import Article, Publication, StaticPage
from copydesk.kit import clock

if TYPE_CHECKING:
    from django.db.models import Model
    from wagtail.models import Page, Revision


@receiver(page_published)
def on_published(instance: Page, revision: Revision | None = None, **_more: object) -> None:
    """Readers get the new version.

    Whoever is at the desk publishes it; of a scheduled one, whoever scheduled it.
    """
    if not instance.live:
        return  # Wagtail sends this for what is only scheduled, too.
    by = get_active_log_context().user or (revision.user if revision else None)
    if isinstance(instance, Article):
        change = actions.take_change(article=instance)
        actions.publish_article(
            article=instance, adds_sources=True, by=by, change=change, at=clock.now()
        )
    elif isinstance(instance, StaticPage):
        actions.publish_static_page(page=instance, adds_sources=True, by=by, at=clock.now())


@receiver(page_unpublished)
def on_unpublished(instance: Page, **_more: object) -> None:
    """Readers are told it is gone."""
    if isinstance(instance, Article):
        by = get_active_log_context().user
        actions.withdraw_article(article=instance, by=by, at=clock.now())
    elif isinstance(instance, StaticPage):
        actions.withdraw_static_page(page=instance, at=clock.now())


@receiver(post_save, sender=Publication)
def on_settings_saved(**_more: object) -> None:
    """Every page's layout shows the new settings."""
    actions.note_layout_change(at=clock.now())


@receiver(post_save)
@receiver(pre_delete)  # After it the settings would not know their logo any more.
def on_named_changed(
    sender: type[Model], instance: Model, *, created: bool = False, **_more: object
) -> None:
    """Pages that name a topic, a person or a series, or show a picture, are made anew."""
    kind = actions.NAMED_ON_PAGES.get(sender)
    if kind is None:
        return
    actions.expire_named(kind, instance.pk, at=clock.now())
    if kind == "picture" and not created and actions.is_in_layout(instance.pk):
        actions.note_layout_change(at=clock.now())


@receiver(pre_delete, sender=Article)
def on_deleted(instance: Article, **_more: object) -> None:
    """Readers are told it is gone."""
    by = get_active_log_context().user
    actions.withdraw_article(article=instance, by=by, at=clock.now())


@receiver(page_slug_changed)
@receiver(post_page_move)
def on_moved(instance: Page, **_more: object) -> None:
    """Readers find it at its new address."""
    if isinstance(instance, Article) and instance.live:
        by, change = get_active_log_context().user, actions.take_change(article=instance)
        actions.publish_article(article=instance, by=by, change=change, at=clock.now())
    elif isinstance(instance, StaticPage):
        actions.note_layout_change(at=clock.now())
