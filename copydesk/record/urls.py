"""Addresses of the record."""

from __future__ import annotations

from django.urls import path

from copydesk.record.views import history

app_name = "record"
urlpatterns = [
    path("record/articles/<int:pk>/", history.history, name="history"),
    path("record/articles/<int:pk>/versions/<int:number>/", history.version, name="version"),
    path("record/articles/<int:pk>/compare/", history.compare, name="compare"),
    path("record/articles/<int:pk>/timemap/", history.timemap, name="timemap"),
]
