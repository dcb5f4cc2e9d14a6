"""What a reader says of an article, and what the desk answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext_lazy as _

from copydesk.record.logic.asking import QUICKEST, SLOWEST, Said
from copydesk.record.models import Notice

SALT = "record.ask"
LONGEST = 4_000
LONGEST_PASSAGE = 2_000


def started(*, article_id: int, at: datetime) -> str:
    """Return what a form carries so that it is known when, and for which article, it was shown."""
    return Signer(salt=SALT).sign_object({"article": article_id, "at": int(at.timestamp())})


class AskForm(forms.Form):
    """A reader says what is wrong. `website` is for programs: people do not see it, and leave it empty."""

    wrong = forms.CharField(
        label=_("What is wrong?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    passage = forms.CharField(
        label=_("The passage it is about"),
        required=False,
        max_length=LONGEST_PASSAGE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Copy the words from the article."),
    )
    evidence = forms.CharField(
        label=_("How do you know?"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A link, a document, a page in a book: what we can check."),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_(
            "Only if you want to be told what becomes of it. We send a link to confirm it, show it to our editors"
            " alone, and delete it 30 days after the decision."
        ),
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    started = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, article_id: int, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.article_id, self.at = article_id, at
        self.fields["started"].initial = started(article_id=article_id, at=at)

    def clean(self) -> dict[str, Any]:
        """Say so where the form was not shown before, for this article, or comes back too soon or too late."""
        cleaned: dict[str, Any] = super().clean() or {}
        try:
            signed = Signer(salt=SALT).unsign_object(cleaned.get("started", ""))
        except (BadSignature, ValueError):
            raise self._stale() from None
        age = self.at - datetime.fromtimestamp(signed["at"], tz=UTC)
        if signed["article"] != self.article_id or age > SLOWEST:
            raise self._stale()
        if age < QUICKEST:
            raise ValidationError(
                _("That was very quick. Please look it over, and send it once more.")
            )
        return cleaned

    def _stale(self) -> ValidationError:
        # What was typed stays; the form that comes back carries a new start.
        self.data = {**self.data, "started": started(article_id=self.article_id, at=self.at)}
        return ValidationError(_("This form has been open for too long. Please send it once more."))

    @property
    def is_trap_sprung(self) -> bool:
        """Whether a program filled in what people do not see."""
        return bool(self.data.get("website"))

    @property
    def said(self) -> Said:
        """What the reader says."""
        cleaned = self.cleaned_data
        return Said(**{name: cleaned[name] for name in ("wrong", "passage", "evidence", "email")})


class DeclineForm(forms.Form):
    """Why the article stays as it is."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Readers who left an address are sent these words."),
    )


class AcceptForm(forms.Form):
    """Which notice settles a request."""

    notice: Any = forms.ModelChoiceField(
        Notice.objects.none(), label=_("Notice"), empty_label=None, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, article_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["notice"]
        choice.queryset = Notice.objects.filter(article_id=article_id)
