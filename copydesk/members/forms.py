"""What a new member is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpRequest

    from copydesk.members.models import Member


class SignUp(forms.Form):
    """Asks for a name besides the address."""

    name = forms.CharField(
        label=_("Name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )

    def signup(self, request: HttpRequest, user: Member) -> None:  # noqa: ARG002 - allauth's signature
        """Keep the name."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
