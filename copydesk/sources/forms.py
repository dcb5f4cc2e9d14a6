"""Forms of the desk about sources."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from copydesk.sources.models import SourceEvent, Standing

LONGEST_NOTE = 2_000


class Decision(models.TextChoices):
    """What somebody at the desk makes of a source that changed."""

    NO_EFFECT = "no_effect", _("No effect")
    UPDATE = "update", _("Update quotation")
    CORRECTED = "corrected", _("Mark source as corrected")
    RETRACTED = "retracted", _("Mark source as retracted")


class DecisionForm(forms.Form):
    """A decision about an event: alone, or with all other open events of its source."""

    event = forms.ModelChoiceField(SourceEvent.objects.select_related("source"))
    decision = forms.ChoiceField(choices=Decision.choices)
    standing = forms.ChoiceField(choices=Standing.choices)
    note = forms.CharField(required=False, max_length=LONGEST_NOTE)
    all_of_source = forms.BooleanField(required=False)
    page = forms.IntegerField(required=False, min_value=1)

    def clean(self) -> dict[str, Any]:
        """Ask which article is to be updated, where one is."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("decision") == Decision.UPDATE and not cleaned.get("page"):
            self.add_error("page", _("Say which article."))
        return cleaned
