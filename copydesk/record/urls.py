"""Addresses of the record."""

from __future__ import annotations

from django.urls import path

import copydesk.editorial.feeds  # noqa: F401 - registers how the addresses of feeds end
from copydesk.record import feeds
from copydesk.record.views import corrections

app_name = "record"
urlpatterns = [
    path("corrections/", corrections.listing, name="corrections"),
    path("corrections/feed/<feed_file:form>", feeds.corrections_feed, name="corrections_feed"),
]
