"""Mail really goes out: to an SMTP server on this machine that keeps what it is given."""

from __future__ import annotations

import re
import socketserver
from email import message_from_bytes, policy
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from tests.factories.members import make_member

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

    from django.test import Client
    from pytest_django.fixtures import Settings as SettingsWrapper

pytestmark = pytest.mark.django_db


class Session(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a client that sends one message needs."""

    server: Sink

    def handle(self) -> None:
        self._say("220 sink ready")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self._say("354 go on")
                self.server.received.append(self._read_message())
            self._say("221 bye" if verb == b"QUIT" else "250 ok")
            if verb == b"QUIT":
                return

    def _read_message(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class Sink(socketserver.ThreadingTCPServer):
    """An SMTP server that delivers nothing."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.received: list[bytes] = []

    def only_message(self) -> EmailMessage:
        [raw] = self.received
        return message_from_bytes(raw, policy=policy.default)


@pytest.fixture
def sink(settings: SettingsWrapper) -> Iterator[Sink]:
    with Sink() as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address[:2]
        yield server
        server.shutdown()
        thread.join()


def test_a_code_comes_by_mail_and_signs_in(client: Client, sink: Sink) -> None:
    make_member("ben")
    client.post(reverse("account_login"), {"login": "ben@example.org", "password": ""})
    message = sink.only_message()
    assert message["To"] == "ben@example.org"
    assert message["From"] == "Copydesk <desk@localhost>"
    assert message["Subject"] == "Sign-In Code"
    found = re.search(r"^([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})*)\r?$", message.get_content(), re.MULTILINE)
    assert found
    client.post(reverse("account_confirm_login_code"), {"code": found[1]})
    assert "_auth_user_id" in client.session
