"""What a publication asks of quotations before they are published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from copydesk.sources.logic.checklist import DEFAULTS, Choice, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise


class PolicyChoice(models.TextChoices):
    """What happens when a rule is not kept: the values of `logic.checklist.Choice`."""

    BLOCK = "block", _("Must be settled before publishing")
    WARN = "warn", _("Warn")
    IGNORE = "ignore", _("Say nothing")


def _rule(rule: Rule, label: StrOrPromise) -> models.CharField[str, str]:
    return models.CharField(label, max_length=6, choices=PolicyChoice, default=DEFAULTS[rule].value)


@register_setting(icon="openquote", order=10)
class QuotationPolicy(BaseGenericSetting):
    """Which findings keep an article from being published; one row. Houses differ in what they may do to quotations."""

    altered = _rule(Rule.ALTERED, _("Words that differ from the source, without a reason"))
    not_found = _rule(Rule.NOT_FOUND, _("Words that are not in the source, without a reason"))
    minor = _rule(Rule.MINOR, _("Words that differ in spelling or punctuation alone"))
    unchecked = _rule(Rule.UNCHECKED, _("Words that could not be checked"))
    unsourced = _rule(Rule.UNSOURCED, _("Quotations without a source"))
    inline = _rule(Rule.INLINE, _("Words in quotation marks, more than six, without a source"))
    no_copy = _rule(Rule.NO_COPY, _("Sources of which no copy is kept"))
    incomplete = _rule(Rule.INCOMPLETE, _("Sources without an author or a date"))
    standing = _rule(Rule.STANDING, _("Sources that were corrected or retracted"))

    panels = [
        MultiFieldPanel(
            [FieldPanel(name) for name in ("altered", "not_found", "minor", "unchecked")],
            heading=_("Checked words"),
        ),
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in ("unsourced", "inline", "no_copy", "incomplete", "standing")
            ],
            heading=_("Sources"),
        ),
    ]

    class Meta:
        verbose_name = _("rules for quotations")

    def choices(self) -> Mapping[Rule, Choice]:
        """Return what is chosen for each rule."""
        return {rule: Choice(getattr(self, rule.value)) for rule in DEFAULTS}
