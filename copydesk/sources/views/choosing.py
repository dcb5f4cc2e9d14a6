"""Choosing a source at the desk: found by its title, its publisher or its address, the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from copydesk.sources.models import Source

if TYPE_CHECKING:
    from django.db.models import QuerySet


class SourceFilter(BaseFilterForm):
    """The field to search by."""

    q = forms.CharField(
        label=_("Title, publisher or address"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"data-chooser-modal-search-filter": True}),
    )

    def filter(self, objects: QuerySet[Source]) -> QuerySet[Source]:
        """Return the sources that have these words in what they are found by."""
        words = self.cleaned_data.get("q", "").strip()
        if not words:
            return objects
        self.is_searching, self.search_query = True, words
        found = Q(title__icontains=words) | Q(publisher__icontains=words) | Q(url__icontains=words)
        return objects.filter(found)


class _Listing:
    ordering = "-created_at"
    filter_form_class = SourceFilter

    @property
    def columns(self) -> list[Column]:
        """Show what tells two sources apart."""
        return [
            self.title_column,  # type: ignore[attr-defined]
            Column("publisher", label=_("Publisher"), accessor="publisher"),
            Column("published_on", label=_("Date"), accessor="published_on"),
        ]


class ChooseSource(_Listing, ChooseView):
    """The dialog."""


class ChooseSourceResults(_Listing, ChooseResultsView):
    """Its list."""


class SourceChooser(ChooserViewSet):
    """Choosing a source."""

    model = Source
    icon = "openquote"
    choose_one_text = _("Choose a source")
    choose_another_text = _("Choose another source")
    per_page = 20
    choose_view_class = ChooseSource
    choose_results_view_class = ChooseSourceResults
