"""The guarded client against real servers on loopback."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from copydesk.kit import http

if TYPE_CHECKING:
    from collections.abc import Iterator

PIXEL = b"\x89PNG" + bytes(996)


# What each peer was told, by its port.
told: dict[int, list[tuple[str, str]]] = {}


class Peer(BaseHTTPRequestHandler):
    """Answers by path."""

    def do_GET(self) -> None:
        port = self.headers["Host"].rpartition(":")[2]
        if self.path == "/loop":
            self._send(302, {"Location": "/loop"})
        elif self.path == "/to-private":
            self._send(302, {"Location": "http://10.0.0.1/"})
        elif self.path == "/to-file":
            self._send(302, {"Location": "file:///etc/passwd"})
        elif self.path == "/once":
            self._send(301, {"Location": f"http://127.0.0.1:{port}/picture"})
        elif self.path == "/missing":
            self._send(404, {})
        elif self.path == "/page":
            self._send(200, {"Content-Type": "text/html; charset=utf-8"}, b"<p>")
        elif self.path == "/bomb":
            self._send(
                200,
                {"Content-Type": "image/png", "Content-Encoding": "gzip"},
                gzip.compress(bytes(5_000_000)),
            )
        elif self.path == "/slow":
            self._drip()
        else:
            self._send(200, {"Content-Type": "image/png"}, PIXEL)

    def do_PURGE(self) -> None:
        self.server.told.append((self.path, self.headers["xkey-purge"]))  # type: ignore[attr-defined]
        if self.path == "/moved":
            self._send(307, {"Location": "/elsewhere"})
        elif self.path == "/silent":
            time.sleep(1)
        else:
            self._send(503 if self.path == "/busy" else 200, {}, b"done")

    def _send(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        for _ in range(40):
            try:
                self.wfile.write(b"x")
                self.wfile.flush()
            except OSError:
                return
            time.sleep(0.05)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture(scope="module")
def peer() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Peer)
    server.told = []  # type: ignore[attr-defined]
    told[server.server_port] = server.told  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def fetch_anywhere(url: str, *, max_bytes: int = 100_000, timeout_s: float = 5.0) -> http.Fetched:
    return http.fetch(
        url,
        max_bytes=max_bytes,
        content_types=["image/"],
        timeout_s=timeout_s,
        may_connect=lambda a: a.is_loopback,
    )


def test_it_brings_what_is_there(peer: str) -> None:
    found = fetch_anywhere(f"{peer}/once")
    assert (found.url, found.content_type, found.body) == (f"{peer}/picture", "image/png", PIXEL)


@pytest.mark.parametrize(
    "path",
    ["/to-private", "/to-file", "/page", "/bomb"],
    ids=["redirect to private", "redirect to file", "type", "bomb"],
)
def test_it_refuses(peer: str, path: str) -> None:
    with pytest.raises(http.FetchRefused):
        fetch_anywhere(peer + path)


@pytest.mark.parametrize("path", ["/missing", "/loop"])
def test_it_fails_where_there_is_nothing(peer: str, path: str) -> None:
    with pytest.raises(http.FetchFailed):
        fetch_anywhere(peer + path)


def test_a_host_that_drips_is_given_up(peer: str) -> None:
    with pytest.raises(http.FetchFailed, match="too slow"):
        fetch_anywhere(f"{peer}/slow", timeout_s=0.2)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://2130706433:{port}/",
        "http://0.0.0.0:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://100.64.0.1/",
        "http://[fd00::1]/",
        "http://user:secret@127.0.0.1:{port}/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:{port}/",
        "not an address",
    ],
)
def test_nothing_inside_is_ever_asked(peer: str, url: str) -> None:
    with pytest.raises(http.FetchRefused):
        http.fetch(
            url.format(port=peer.rpartition(":")[2]), max_bytes=1000, content_types=["image/"]
        )


def test_a_name_that_changes_its_mind_gains_nothing(
    peer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the first look-up is public, any later one is private. There is no later one."""
    answers = iter(["93.184.215.14", "127.0.0.1", "127.0.0.1"])
    asked: list[str] = []

    def resolve(
        host: str, port: int, **_more: object
    ) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    connected: list[str] = []

    def connect(address: tuple[str, int], *_args: object, **_more: object) -> socket.socket:
        connected.append(address[0])
        raise OSError("unreachable here")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(http.FetchFailed):
        http.fetch("http://rebinding.example/", max_bytes=1000, content_types=["image/"])
    assert asked == ["rebinding.example"]
    assert connected == ["93.184.215.14"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [("93.184.215.14", True), ("2606:2800:21f::1", True), ("::ffff:10.0.0.1", False), ("2002:7f00:1::", False),
     ("::ffff:93.184.215.14", True), ("224.0.0.1", False), ("192.0.2.1", False), ("192.0.0.8", False),
     ("100.63.255.255", True), ("100.64.0.0", False), ("100.127.255.255", False), ("100.128.0.0", True),
     ("172.15.255.255", True), ("172.31.255.255", False), ("198.17.255.255", True), ("198.19.255.255", False),
     ("192.88.99.1", False), ("203.0.113.1", False), ("223.255.255.255", True), ("255.255.255.255", False),
     ("2001::1", False), ("2001:1ff:ffff::1", False), ("2001:200::1", True), ("2001:db8::1", False),
     ("3fff:fff::1", False), ("3fff:1000::1", True), ("5f00::1", False), ("64:ff9b::808:808", False),
     ("64:ff9b:1::1", False), ("fe80::1", False), ("fd00::1", False), ("ff02::1", False), ("::1", False)],
)  # fmt: skip
def test_what_is_public(address: str, expected: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert http.is_public(ipaddress.ip_address(address)) is expected


def told_by(peer: str) -> list[tuple[str, str]]:
    return told[int(peer.rpartition(":")[2])]


def test_what_is_sent_arrives_with_its_headers(peer: str) -> None:
    told_by(peer).clear()
    http.send("PURGE", f"{peer}/", headers={"xkey-purge": "a b"}, may_connect=http.is_any)
    assert told_by(peer) == [("/", "a b")]


def test_what_is_sent_follows_no_redirect(peer: str) -> None:
    told_by(peer).clear()
    with pytest.raises(http.FetchFailed, match="answered 307"):
        http.send("PURGE", f"{peer}/moved", headers={"xkey-purge": "a"}, may_connect=http.is_any)
    assert told_by(peer) == [("/moved", "a")]


@pytest.mark.parametrize("path", ["/busy", "/silent"])
def test_what_is_not_taken_has_failed(peer: str, path: str) -> None:
    with pytest.raises(http.FetchFailed):
        http.send("PURGE", peer + path, headers={}, timeout_s=0.2, may_connect=http.is_any)


def test_nothing_answers_where_nobody_listens(peer: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = f"http://127.0.0.1:{probe.getsockname()[1]}/"
    with pytest.raises(http.FetchFailed):
        http.send("PURGE", free, headers={}, may_connect=http.is_any)


@pytest.mark.parametrize("url", ["{peer}/", "ftp://127.0.0.1/", "http://me:secret@127.0.0.1/"])
def test_nothing_is_sent_inside_unless_the_operator_named_it(peer: str, url: str) -> None:
    told_by(peer).clear()
    with pytest.raises(http.FetchRefused) as refused:
        http.send("PURGE", url.format(peer=peer), headers={})
    assert told_by(peer) == []
    assert "secret" not in str(refused.value)
