"""What is asked of a second person, and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_REASON = 1_000
MOST_AT_ONCE = 100


class ReasonForm(forms.Form):
    """Why something is to be done."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands in the public record."),
    )


class WithdrawForm(ReasonForm):
    """Which articles are to be withdrawn, how and why."""

    how = forms.ChoiceField(choices=[("unpublish", ""), ("delete", "")], widget=forms.HiddenInput)


class SettingsForm(ReasonForm):
    """How the record is kept."""

    field_order = ("needs_two_people", "quiet_minutes", "due_days", "reason")
    needs_two_people = forms.BooleanField(
        label=_("Some steps need a second person"),
        required=False,
        help_text=_(
            "Withdrawing a published article, taking text out of the record and changing these settings are then done"
            " once a second owner or editor confirms them."
        ),
    )
    quiet_minutes = forms.IntegerField(
        label=_("Minutes without a note"),
        min_value=0,
        max_value=1_440,
        help_text=_(
            "So long after its first version an article may be changed without saying why."
        ),
    )
    due_days = forms.IntegerField(
        label=_("Days to decide on a flag"),
        min_value=1,
        max_value=365,
    )

    @property
    def values(self) -> dict[str, Any]:
        """What the settings are to be."""
        names = ("needs_two_people", "quiet_minutes", "due_days")
        return {name: self.cleaned_data[name] for name in names}


class SettleForm(forms.Form):
    """Confirms or refuses a request, as it was shown."""

    do = forms.ChoiceField(choices=[("confirm", ""), ("refuse", "")])
    seen = forms.CharField(max_length=10_000)


class FindForm(forms.Form):
    """Which article's entries are looked for."""

    article = forms.IntegerField(
        label=_("Number of the article"),
        min_value=1,
        max_value=2**63 - 1,
        help_text=_("It is in the address of the page where the article is edited."),
    )
