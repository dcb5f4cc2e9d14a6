from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from copydesk.kit import clock
from copydesk.members.actions import create_owner
from copydesk.ops.management import OWN_OPTIONS

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    """`copydesk createowner`."""

    help = "Make somebody an owner, and print a link that signs them in once. Needs no mail server."
    requires_system_checks: list[str] = []
    suppressed_base_arguments = OWN_OPTIONS

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address and the name."""
        parser.add_argument("email", help="their e-mail address")
        parser.add_argument("--name", default="", help="their name, as it is shown in public")

    def handle(self, *, email: str, name: str, **_options: Any) -> None:
        """Print the link."""
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email} is no e-mail address.", returncode=2) from error
        link = create_owner(email=email, name=name, at=clock.now())
        self.stdout.write(
            f"{email} is an owner now. This link signs them in once, within a day:\n\n  {link}\n"
        )
