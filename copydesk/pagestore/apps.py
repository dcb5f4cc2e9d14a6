from __future__ import annotations

from django.apps import AppConfig


class PageStoreConfig(AppConfig):
    name = "copydesk.pagestore"
    verbose_name = "Page store"
