"""What a member is asked to sign in."""

from __future__ import annotations

from allauth.account.forms import LoginForm


class SignIn(LoginForm):
    """Asks for the address; a password may be given, and without one a code is mailed."""

    def _setup_password_field(self) -> None:
        # allauth leaves the field out where nobody is asked for a password when they join.
        self.fields["password"].required = False
        self.fields["password"].help_text = ""
