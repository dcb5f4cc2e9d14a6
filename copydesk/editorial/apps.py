from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Editorial(AppConfig):
    name = "copydesk.editorial"
    verbose_name = _("Editorial")

    def ready(self) -> None:
        """Connect the bridge from Wagtail's signals."""
        import_module("copydesk.editorial.signals")
