from __future__ import annotations

from django.apps import AppConfig


class Members(AppConfig):
    name = "copydesk.members"
