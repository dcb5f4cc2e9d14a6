"""Addresses of the record."""

from __future__ import annotations

from django.urls import path

from copydesk.record.views import about, asking, proofs

app_name = "record"
urlpatterns = [
    path("record/", about.record, name="record"),
    path("record/head.json", proofs.head, name="head"),
    path("record/checkpoint", proofs.checkpoint, name="checkpoint"),
    path("record/entries.jsonl", proofs.entries, name="entries"),
    path("record/proof/inclusion.json", proofs.inclusion, name="inclusion"),
    path("record/proof/consistency.json", proofs.consistency, name="consistency"),
    path("record/articles/<int:pk>/ask/", asking.ask, name="ask"),
    path("record/articles/<int:pk>/asked/", asking.asked, name="asked"),
    path("record/requests/<str:token>/", asking.confirm, name="confirm"),
]
