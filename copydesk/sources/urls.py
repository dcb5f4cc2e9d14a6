"""Addresses of sources and quotations."""

from __future__ import annotations

from django.urls import path

from copydesk.sources.views import files, pages

app_name = "sources"
urlpatterns = [
    path("sources/<int:pk>/", pages.source, name="source"),
    path("sources/of/<int:page_pk>.csl.json", files.csl, name="csl"),
    path("sources/of/<int:page_pk>.ris", files.ris, name="ris"),
    path("quotations/terms/", pages.terms, name="terms"),
    path("quotations/<uuid:uuid>.jsonld", files.annotation, name="annotation"),
]
