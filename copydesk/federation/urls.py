"""Addresses for other sites."""

from __future__ import annotations

from django.urls import path

from copydesk.federation.views import webmentions

app_name = "federation"
urlpatterns = [
    path("webmention/", webmentions.webmention, name="webmention"),
    path("webmention/notices/<int:pk>/", webmentions.notice, name="notice"),
]
