"""Addresses of the record."""

from __future__ import annotations

from django.urls import path

from copydesk.record.views import about, proofs

app_name = "record"
urlpatterns = [
    path("record/", about.record, name="record"),
    path("record/head.json", proofs.head, name="head"),
    path("record/checkpoint", proofs.checkpoint, name="checkpoint"),
    path("record/entries.jsonl", proofs.entries, name="entries"),
    path("record/proof/inclusion.json", proofs.inclusion, name="inclusion"),
    path("record/proof/consistency.json", proofs.consistency, name="consistency"),
]
