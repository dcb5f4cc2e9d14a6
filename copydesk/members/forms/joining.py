"""What a new member is asked. allauth reads this while it makes its own forms, so nothing of those is imported here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpRequest

    from copydesk.members.models import Member


def clean_name(value: str) -> str:
    """Return a name on one line; what cannot be seen (and could turn the text around it) is refused."""
    name = " ".join(value.split())
    if not name.isprintable():
        raise ValidationError(_("A name is made of letters that can be seen."))
    return name


class SignUp(forms.Form):
    """Asks for a name besides the address."""

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        help_text=_("How you are called in public."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_name(self) -> str:
        """Return the name on one line."""
        return clean_name(self.cleaned_data["name"])

    def signup(self, request: HttpRequest, user: Member) -> None:  # noqa: ARG002 - allauth's signature
        """Keep the name."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
