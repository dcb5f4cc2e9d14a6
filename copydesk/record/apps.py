from __future__ import annotations

from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "copydesk.record"
    verbose_name = "Record"
    default_auto_field = "django.db.models.BigAutoField"
