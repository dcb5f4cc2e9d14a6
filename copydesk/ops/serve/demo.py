"""What `copydesk demo` does beside serving."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from copydesk.kit import clock
from copydesk.members.actions import create_owner
from copydesk.ops.logic.terminal import say
from copydesk.ops.serve import checks
from copydesk.ops.serve.progress import upgrade_with_progress

LOADED = ".demo-loaded"
OWNER = "owner@longreach.example"
OWNER_NAME = "Demo owner"


def load_once() -> None:
    """Load the demo publication, unless this folder has it; what visitors have changed since is kept."""
    mark = Path(settings.DATA_DIR) / LOADED
    if mark.exists():
        return
    checks.check_site()
    with checks.only_one():
        upgrade_with_progress()
        call_command("load_demo")
        mark.touch()


def announce(address: str) -> None:
    """Print where everything is, and a link that signs in."""
    link = create_owner(email=OWNER, name=OWNER_NAME, at=clock.now())
    say(f"\nThe demo publication is at {address}\n")
    say(f"  Read it: {address}/")
    say(f"  The desk: {address}/desk/")
    say(f"  Sign in as {OWNER}, once: {link}")
    say("\nControl-C stops it; the next start keeps what you change.\n")
