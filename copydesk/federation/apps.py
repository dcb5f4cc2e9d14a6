from __future__ import annotations

from django.apps import AppConfig


class FederationConfig(AppConfig):
    name = "copydesk.federation"
    verbose_name = "Federation"
    default_auto_field = "django.db.models.BigAutoField"
