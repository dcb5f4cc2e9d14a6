"""Addresses of the record."""

from __future__ import annotations

from django.urls import path

import copydesk.editorial.feeds  # noqa: F401 - registers how the addresses of feeds end
from copydesk.record import feeds
from copydesk.record.views import about, asking, corrections, history, proofs

app_name = "record"
urlpatterns = [
    path("corrections/", corrections.listing, name="corrections"),
    path("corrections/feed/<feed_file:form>", feeds.corrections_feed, name="corrections_feed"),
    path("record/", about.record, name="record"),
    path("record/head.json", proofs.head, name="head"),
    path("record/checkpoint", proofs.checkpoint, name="checkpoint"),
    path("record/entries.jsonl", proofs.entries, name="entries"),
    path("record/proof/inclusion.json", proofs.inclusion, name="inclusion"),
    path("record/proof/consistency.json", proofs.consistency, name="consistency"),
    path("record/articles/<int:pk>/ask/", asking.ask, name="ask"),
    path("record/articles/<int:pk>/asked/", asking.asked, name="asked"),
    path("record/requests/<str:token>/", asking.confirm, name="confirm"),
    path("record/articles/<int:pk>/", history.history, name="history"),
    path("record/articles/<int:pk>/versions/<int:number>/", history.version, name="version"),
    path("record/articles/<int:pk>/compare/", history.compare, name="compare"),
    path("record/articles/<int:pk>/timemap/", history.timemap, name="timemap"),
]
