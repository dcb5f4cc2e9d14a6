"""A decision on flags."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from copydesk.record.models import Flag, FlagState

LONGEST_NOTE = 2_000
# As many as the inbox shows on a page, with room to spare.
MOST = 200


class FlagDecisionForm(forms.Form):
    """What becomes of flags: of those that are ticked, or, where `update` names one, of that alone."""

    flags = forms.ModelMultipleChoiceField(Flag.objects.all(), required=False)
    update = forms.ModelChoiceField(Flag.objects.all(), required=False)
    decision = forms.ChoiceField(
        choices=[(state.value, state.label) for state in (FlagState.NO_EFFECT, FlagState.UPDATED)],
        required=False,
    )
    note = forms.CharField(required=False, max_length=LONGEST_NOTE)

    def clean(self) -> dict[str, Any]:
        """Ask for flags, and for a note where nothing is to follow."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("update"):
            return cleaned
        if not cleaned.get("flags"):
            self.add_error("flags", _("Choose at least one flag."))
        elif len(cleaned["flags"]) > MOST:
            self.add_error("flags", _("Choose fewer flags at once."))
        if not cleaned.get("decision"):
            self.add_error("decision", _("Choose what becomes of them."))
        if cleaned.get("decision") == FlagState.NO_EFFECT and not cleaned.get("note", "").strip():
            self.add_error("note", _("Say why it has no effect."))
        return cleaned
