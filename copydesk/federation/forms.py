"""What a Webmention has to be, before anybody looks at the page it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from copydesk.federation.policies import find_mentionable_page
from copydesk.record.logic.links import own_path
from copydesk.sources.logic.addresses import MAX_LENGTH, BadAddress, clean_url

if TYPE_CHECKING:
    from wagtail.models import Page

WEB = ("http://", "https://")


class WebmentionForm(forms.Form):
    """Takes two addresses: `source` of a page elsewhere, `target` of one of ours, which is then `page`."""

    source = forms.CharField(max_length=MAX_LENGTH)
    target = forms.CharField(max_length=MAX_LENGTH)
    page: Page

    def clean_source(self) -> str:
        """Return the address in the form in which it is fetched."""
        source = _web(self.cleaned_data["source"])
        try:
            cleaned = clean_url(source)
        except BadAddress as bad:
            raise forms.ValidationError(_("This is not an address of the web.")) from bad
        if own_path(cleaned, base_url=settings.COPYDESK_BASE_URL):
            raise forms.ValidationError(_("This page is on this site itself."))
        return cleaned

    def clean_target(self) -> str:
        """Find the page of ours."""
        target = _web(self.cleaned_data["target"])
        address = own_path(target, base_url=settings.COPYDESK_BASE_URL)
        if not address:
            raise forms.ValidationError(_("This is not on this site."))
        page = find_mentionable_page(address=address)
        if page is None:
            raise forms.ValidationError(_("There is no article or page of this site here."))
        self.page = page
        return target

    @property
    def problem(self) -> str:
        """The first thing that is wrong, with the field it is in."""
        field, faults = next(iter(self.errors.items()))
        return f"{field}: {faults[0]}"


def _web(address: Any) -> str:
    text = str(address).strip()
    if not text.lower().startswith(WEB):
        raise forms.ValidationError(_("This is not an http or https address."))
    return text
