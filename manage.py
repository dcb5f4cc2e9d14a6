#!/usr/bin/env python3
"""Django's commands, for work on the code; sites use `copydesk`."""

from __future__ import annotations

import os

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "copydesk.config.settings")
    execute_from_command_line()
