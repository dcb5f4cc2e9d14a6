"""A notice being written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from copydesk.record.models import Notice, NoticeKind, Position, Severity
from copydesk.record.queries.wording import house_text, lacks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from copydesk.editorial.models import PublishedArticle

# Longer than any notice that is read.
LONGEST = 5_000
MISSING = {
    "wrong": _("Say what was wrong, or write the text of the notice yourself."),
    "right": _("Say what is right, or write the text of the notice yourself."),
}


class NoticeForm(forms.Form):
    """What is said, of which passages, and why. A text that is left empty is written from the house's sentence."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=NoticeKind, initial=NoticeKind.CORRECTION, widget=forms.RadioSelect
    )
    severity = forms.ChoiceField(
        label=_("Severity"),
        choices=Severity,
        initial=Severity.MINOR,
        widget=forms.RadioSelect,
        help_text=_("Substantive: the error changes what the article says."),
    )
    wrong = forms.CharField(
        label=_("What was wrong"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Goes on after “misstated”, such as: the year of the fire"),
    )
    right = forms.CharField(
        label=_("What is right"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A sentence, such as: It was 1987, not 1978."),
    )
    text = forms.CharField(
        label=_("Text of the notice"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Leave it empty and it is written from the two fields above, as our house says it."
        ),
    )
    places = forms.MultipleChoiceField(
        label=_("Affected passages"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None for the whole article."),
    )
    position = forms.ChoiceField(
        label=_("Where it stands"),
        required=False,
        choices=[
            ("", _("As usual: above the text if it is grave or substantive, else below")),
            *Position.choices,
        ],
        widget=forms.RadioSelect,
    )
    learned_at = forms.DateTimeField(
        label=_("When we learned of it"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("How long a correction took is counted from here, in public."),
    )
    corrects = forms.ModelChoiceField(
        label=_("Corrects an earlier notice"),
        queryset=Notice.objects.none(),
        required=False,
        empty_label=_("None"),
    )
    # So that pressing the button twice publishes once.
    uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    because_of = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        article: PublishedArticle,
        passages: Sequence[tuple[str, str]],
        at: datetime,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.article, self.at = article, at
        self.fields["places"].choices = passages  # type: ignore[attr-defined]
        notices = Notice.objects.filter(article_id=article.pk)
        self.fields["corrects"].queryset = notices  # type: ignore[attr-defined]
        if not notices.exists():
            self.fields["corrects"].widget = forms.HiddenInput()

    def clean_learned_at(self) -> datetime | None:
        """Return when the error was first told; that cannot be yet to come."""
        found: datetime | None = self.cleaned_data["learned_at"]
        if found is not None and found > self.at:
            raise forms.ValidationError(gettext("That is yet to come."))
        return found

    def clean(self) -> dict[str, Any]:
        """Write the text where it was left empty."""
        said = super().clean() or {}
        kind, wrong, right = (said.get(name) or "" for name in ("kind", "wrong", "right"))
        if kind and not said.get("text") and "text" not in self.errors:
            for name in lacks(kind, wrong=wrong, right=right):
                self.add_error(name, str(MISSING[name]))
            said["text"] = house_text(
                kind, wrong=wrong, right=right, language=self.article.language
            )
        return said
