from __future__ import annotations

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "copydesk.sources"
    verbose_name = "Sources"
    default_auto_field = "django.db.models.BigAutoField"
