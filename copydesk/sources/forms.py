"""Forms of the desk about sources."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from copydesk.sources.logic.addresses import MAX_LENGTH, BadAddress, clean_url
from copydesk.sources.models import Access, Source, SourceEvent, SourceKind, Standing
from copydesk.sources.queries.findings import address_fault

LONGEST_NOTE = 2_000
# What stands between the names of authors: a comma is part of many a name.
BETWEEN_NAMES = ";"
MOST_NAMES, LONGEST_NAME = 100, 200
PARTIAL_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)


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


class AddressForm(forms.Form):
    """A new source, by its address."""

    url = forms.CharField(label=_("Address"), max_length=MAX_LENGTH)

    def clean_url(self) -> str:
        """Return the address as sources have it."""
        try:
            return clean_url(self.cleaned_data["url"])
        except BadAddress as error:
            raise ValidationError(address_fault(error.fault), code=error.fault.value) from error


class SourceForm(forms.Form):
    """What an editor may say of a source.

    Each field tells what it held when the form was shown, so that what a page said of itself meanwhile is not undone.
    """

    kind = forms.ChoiceField(label=_("Kind"), choices=SourceKind.choices)
    title = forms.CharField(label=_("Title"), max_length=500, required=False)
    byline = forms.CharField(
        label=_("Authors"),
        required=False,
        max_length=MOST_NAMES * LONGEST_NAME,
        help_text=_("Names, with a semicolon between them."),
    )
    publisher = forms.CharField(label=_("Publisher"), max_length=300, required=False)
    published_on = forms.CharField(
        label=_("Date"),
        max_length=10,
        required=False,
        help_text=_("As exact as it is known: 2026, 2026-11 or 2026-11-19."),
    )
    language = forms.CharField(
        label=_("Language"), max_length=20, required=False, help_text=_("Its code, such as en.")
    )
    locator = forms.CharField(label=_("Page, chapter or time"), max_length=200, required=False)
    doi = forms.CharField(label="DOI", max_length=200, required=False)
    isbn = forms.CharField(label="ISBN", max_length=20, required=False)
    access = forms.ChoiceField(label=_("Access"), choices=Access.choices)

    def __init__(self, *args: Any, source: Source | None = None, **kwargs: Any) -> None:
        if source is not None:
            kwargs["initial"] = {name: getattr(source, name) for name in self.base_fields}
            kwargs["initial"]["byline"] = f"{BETWEEN_NAMES} ".join(source.byline)
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.show_hidden_initial = source is not None
            if source is not None and source.origins.get(name) == "guess":
                field.help_text = _("This is a guess: please check it.")

    def clean_byline(self) -> list[str]:
        """Return the names."""
        names = [name.strip() for name in self.cleaned_data["byline"].split(BETWEEN_NAMES)]
        return [name[:LONGEST_NAME] for name in names if name][:MOST_NAMES]

    def clean_published_on(self) -> str:
        """Return the date. Raises ValidationError for what is none."""
        written = str(self.cleaned_data["published_on"])
        if written and not PARTIAL_DATE.fullmatch(written):
            raise ValidationError(_("Write a date such as 2026, 2026-11 or 2026-11-19."))
        return written

    @property
    def changes(self) -> dict[str, Any]:
        """What was changed since the form was shown."""
        return {name: self.cleaned_data[name] for name in self.changed_data}

    @property
    def shown_before(self) -> list[str]:
        """The hidden fields that tell what each field held."""
        if not any(field.show_hidden_initial for field in self.fields.values()):
            return []
        return [bound.as_hidden(only_initial=True) for bound in self]


class OfflineForm(SourceForm):
    """A new source that is not on the web."""

    title = forms.CharField(label=_("Title"), max_length=500)
    access = None  # type: ignore[assignment]  # So Django leaves a field of the base class out.


class TextForm(forms.Form):
    """A text that an editor pastes as what a source says."""

    text = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 8}), strip=False)

    def clean_text(self) -> str:
        """Return the text. Raises ValidationError where it is blank."""
        text = str(self.cleaned_data["text"]).replace("\0", "")
        if not text.strip():
            raise ValidationError(_("There is no text. Nothing was kept."))
        return text


class FileForm(forms.Form):
    """A file that an editor uploads as what a source says."""

    file = forms.FileField(label=_("File"), help_text=_("PDF, plain text or HTML, up to 20 MB."))
