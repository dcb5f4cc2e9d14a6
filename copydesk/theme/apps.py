from __future__ import annotations

from django.apps import AppConfig


class Theme(AppConfig):
    name = "copydesk.theme"
