"""`load_demo`: fill an empty publication with a demo."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from copydesk.kit import clock
from copydesk.ops.demo.catalog import PASSWORD, read_table
from copydesk.ops.demo.loader import NotEmpty, load_demo
from copydesk.ops.serve.log import quiet_wagtail


class Command(BaseCommand):
    """Fills an empty publication with a demo; a second run changes nothing."""

    help = "Fill an empty publication with a demo. Its accounts have a password everybody knows: never use it for real."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Load, then say how to sign in."""
        try:
            with quiet_wagtail():
                loaded = load_demo(at=clock.now(), tell=self.stdout.write)
        except NotEmpty:
            raise CommandError(
                "This publication has articles of its own. Load the demo into an empty one."
            ) from None
        if not loaded:
            self.stdout.write("The demo is loaded already; nothing was changed.")
            return
        self.stdout.write(f'To sign in, password "{PASSWORD}":')
        for member in read_table("members").values():
            role = member.get("role", f"reader, {member.get('tier', 'free')}")
            self.stdout.write(f"  {member['email']:<34}{role}")
