"""The look of the reading site: layouts, styles, scripts and icons."""

from __future__ import annotations

from django.apps import AppConfig


class ThemeConfig(AppConfig):
    """Templates and static files every app builds its pages from; no models."""

    name = "copydesk.theme"
    label = "theme"
