"""Readers' addresses of the record."""

from __future__ import annotations

from django.urls import path

from copydesk.record.views import asking

app_name = "record"
urlpatterns = [
    path("record/articles/<int:pk>/ask/", asking.ask, name="ask"),
    path("record/articles/<int:pk>/asked/", asking.asked, name="asked"),
    path("record/requests/<str:token>/", asking.confirm, name="confirm"),
]
