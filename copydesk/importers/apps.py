from __future__ import annotations

from django.apps import AppConfig


class Importers(AppConfig):
    name = "copydesk.importers"
