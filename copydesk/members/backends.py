"""How allauth does accounts here."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.apps import apps
from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """allauth's own ways, with mail in the name of the publication."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail that names the publication and its configured address, whatever host the request named."""
        name: str = apps.get_model(settings.COPYDESK_PUBLICATION).load().name
        site = SimpleNamespace(name=name, domain=urlsplit(settings.COPYDESK_BASE_URL).netloc)
        ours = {"email": email, "current_site": site, "site_url": settings.COPYDESK_BASE_URL}
        self.render_mail(template_prefix, email, {**context, **ours}).send()

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the client's address; a server that is reached by a socket file knows none, and all count as one."""
        if not settings.ALLAUTH_TRUSTED_PROXY_COUNT and not request.META.get("REMOTE_ADDR"):
            return "127.0.0.1"
        address: str = super().get_client_ip(request)
        return address
