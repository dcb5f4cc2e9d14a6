"""Visits to hosts that mean no good, each a raw socket on loopback."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import threading
import time
import tracemalloc
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from copydesk.kit import http

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@contextmanager
def answering(answer: bytes | Callable[[socket.socket, bytes], None]) -> Iterator[str]:
    """Listen, and answer each request with these bytes, or let a function do as it likes."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.1)
    stop = threading.Event()

    def serve(peer: socket.socket) -> None:
        with peer:
            asked = peer.recv(65_536)
            try:
                peer.sendall(answer) if isinstance(answer, bytes) else answer(peer, asked)
            except OSError:
                return  # The visitor has had enough.

    def listen() -> None:
        while not stop.is_set():
            try:
                peer, _address = server.accept()
            except TimeoutError:
                continue
            threading.Thread(target=serve, args=(peer,), daemon=True).start()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
    finally:
        stop.set()
        thread.join()
        server.close()


def visit(url: str, **options: Any) -> http.Visit:
    options = {"may_connect": http.may_connect_to(["127.0.0.0/8"]), "max_seconds": 5.0, **options}
    return http.visit(url, **options)


def reply(body: bytes, *headers: bytes) -> bytes:
    lines = b"".join(header + b"\r\n" for header in headers)
    return HEAD + lines + b"Content-Length: %d\r\n\r\n" % len(body) + body


def redirect(to: bytes) -> bytes:
    return b"HTTP/1.1 302 Found\r\nLocation: " + to + b"\r\nContent-Length: 0\r\n\r\n"


def test_a_page_comes_with_all_that_was_said() -> None:
    with answering(reply(b"<p>words", b"X-Twice: a", b"X-Twice: b")) as url:
        [hop] = visit(f"{url}/page?q=\u00e4 b").hops
    assert (hop.status, hop.reason, hop.body, hop.address) == (200, "OK", b"<p>words", "127.0.0.1")
    assert [value for name, value in hop.response_headers if name == "X-Twice"] == ["a", "b"]
    assert hop.request_line == "GET /page?q=%C3%A4%20b HTTP/1.1"
    assert {name for name, _value in hop.request_headers} == {
        "Host", "Accept", "Accept-Encoding", "Connection",
    }  # fmt: skip


@pytest.mark.parametrize("status", [404, 410, 401, 429, 500, 304])
def test_no_status_is_an_error(status: int) -> None:
    with answering(b"HTTP/1.1 %d Some reason\r\nContent-Length: 0\r\n\r\n" % status) as url:
        assert visit(url).hops[-1].status == status


def test_redirects_are_hops_of_their_own() -> None:
    def answer(peer: socket.socket, asked: bytes) -> None:
        peer.sendall(redirect(b"/next#part") if asked.startswith(b"GET / ") else reply(b"there"))

    with answering(answer) as url:
        hops = visit(url).hops
    assert [hop.status for hop in hops] == [302, 200]
    assert hops[1].url == f"{url}/next"


HOSTILE = [
    "file:///etc/passwd", "ftp://example.org/", "javascript:alert(1)", "http://", "http://user:key@127.0.0.1/",
    "http://127.0.0.1:22/", "http://127.0.0.1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/",
    "http://127.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://[fe80::1]/", "http://localhost./",
    "http://0.0.0.0/", "http://[::]/", "http://exa\nmple.org/", "http://127.0.0.1:99999/", "http://[::1",
]  # fmt: skip


@pytest.mark.parametrize("url", HOSTILE)
def test_what_is_not_the_public_internet_is_refused(url: str) -> None:
    with pytest.raises(http.FetchRefused) as refused:
        http.visit(url, max_seconds=5.0)
    assert refused.value.reason in {"bad_address", "private_address", "bad_port"}


@pytest.mark.parametrize(
    "to", [b"http://10.0.0.1/", b"http://169.254.169.254/", b"file:///etc/passwd", b"http://[::1"]
)
def test_a_redirect_is_checked_like_the_first_address(to: bytes) -> None:
    with answering(redirect(to)) as url, pytest.raises(http.FetchRefused) as refused:
        visit(url)
    assert [hop.status for hop in refused.value.hops] == [302]


def test_a_loop_of_redirects_ends() -> None:
    with answering(redirect(b"/again")) as url, pytest.raises(http.FetchFailed) as failed:
        visit(url)
    assert failed.value.reason == "too_many_redirects"
    assert len(failed.value.hops) == 6


def test_a_name_that_changes_its_mind_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first answer is public, every later one private: we connect to what was checked, not to what is said then."""
    answers = iter(["93.184.216.34", "127.0.0.1", "127.0.0.1"])
    connected: list[str] = []

    def look_up(_host: str, port: int, **_more: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    def connect(address: tuple[str, int], *_args: object, **_more: object) -> socket.socket:
        connected.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr("copydesk.kit.http.guard.socket.getaddrinfo", look_up)
    monkeypatch.setattr("socket.create_connection", connect)
    with pytest.raises(http.FetchFailed):
        http.visit("http://rebinding.example/", max_seconds=5.0)
    assert connected == ["93.184.216.34"]


def test_one_private_address_among_several_is_enough_to_refuse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def look_up(_host: str, port: int, **_more: object) -> list[Any]:
        return [(2, 1, 6, "", (found, port)) for found in ("93.184.216.34", "10.0.0.1")]

    monkeypatch.setattr("copydesk.kit.http.guard.socket.getaddrinfo", look_up)
    with pytest.raises(http.FetchRefused, match=r"10\.0\.0\.1"):
        http.visit("http://both.example/", max_seconds=5.0)


def test_a_peer_that_is_not_who_was_asked_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stands between us and the network, the socket's own word decides."""
    with answering(reply(b"secret")) as url:
        port = int(url.rpartition(":")[2])
        local = socket.create_connection(("127.0.0.1", port))

        def look_up(_host: str, port: int, **_more: object) -> list[Any]:
            return [(2, 1, 6, "", ("93.184.216.34", port))]

        monkeypatch.setattr("copydesk.kit.http.guard.socket.getaddrinfo", look_up)
        monkeypatch.setattr("socket.create_connection", lambda *_args, **_more: local)
        with pytest.raises(http.FetchRefused, match=r"leads to 127\.0\.0\.1"):
            http.visit("http://elsewhere.example/", max_seconds=5.0)


@pytest.mark.parametrize(
    ("encoding", "pack"), [(b"gzip", gzip.compress), (b"deflate", zlib.compress)]
)
def test_one_layer_of_compression_is_undone(
    encoding: bytes, pack: Callable[[bytes], bytes]
) -> None:
    with answering(reply(pack(b"words " * 100), b"Content-Encoding: " + encoding)) as url:
        assert visit(url).hops[-1].body == b"words " * 100


@pytest.mark.parametrize("encoding", [b"gzip, gzip", b"br", b"gzip, deflate", b"nonsense"])
def test_other_encodings_are_refused(encoding: bytes) -> None:
    packed = gzip.compress(gzip.compress(b"words"))
    with (
        answering(reply(packed, b"Content-Encoding: " + encoding)) as url,
        pytest.raises(http.FetchRefused) as refused,
    ):
        visit(url)
    assert refused.value.reason == "encoding"


def test_a_gzip_bomb_takes_little_memory() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(10_000_000)) for _ in range(100)) + packer.flush()
    with answering(reply(bomb, b"Content-Encoding: gzip")) as url:
        tracemalloc.start()
        hop = visit(url, max_bytes=1_000_000, max_seconds=20.0).hops[-1]
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert (hop.is_truncated, hop.body) == (True, b"")
    assert peak < 12_000_000, f"{peak:,} bytes for {len(bomb):,} that unpack to a thousand million"


def test_a_body_without_end_is_cut() -> None:
    def answer(peer: socket.socket, _asked: bytes) -> None:
        peer.sendall(HEAD + b"\r\n")
        while True:
            peer.sendall(b"x" * 65_536)

    with answering(answer) as url:
        hop = visit(url, max_bytes=1_000_000).hops[-1]
    assert (hop.is_truncated, hop.body) == (True, b"")


def _drip(head: bytes) -> Callable[[socket.socket, bytes], None]:
    def answer(peer: socket.socket, _asked: bytes) -> None:
        peer.sendall(head)
        for _ in range(200):
            peer.sendall(b"a")
            time.sleep(0.05)

    return answer


@pytest.mark.parametrize(
    "head", [HEAD, b"", HEAD + b"\r\n"], ids=["in a header", "in the status", "in the body"]
)
def test_a_byte_at_a_time_is_not_waited_for(head: bytes) -> None:
    began = time.monotonic()
    with answering(_drip(head)) as url, pytest.raises(http.FetchFailed) as failed:
        visit(url, max_seconds=0.5)
    assert failed.value.reason in {"timeout", "protocol"}
    assert time.monotonic() - began < 4.0


def test_headers_without_end_are_not_read() -> None:
    def answer(peer: socket.socket, _asked: bytes) -> None:
        peer.sendall(HEAD)
        while True:
            peer.sendall(b"X-Name: value\r\n" * 1000)

    with answering(answer) as url, pytest.raises(http.FetchFailed) as failed:
        visit(url)
    assert failed.value.reason == "protocol"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        reply(b"short").replace(b"Length: 5", b"Length: 500"),
        reply(b"words").replace(b"Length: 5", b"Length: minus one"),
        reply(b"not packed", b"Content-Encoding: gzip"),
    ],
    ids=["nothing", "another protocol", "no status", "cut off", "no length", "no gzip"],
)
def test_what_is_no_answer_is_a_failure_with_a_reason(answer: bytes) -> None:
    with answering(answer) as url, pytest.raises(http.FetchFailed) as failed:
        visit(url)
    assert failed.value.reason in {"protocol", "network", "encoding"}


def test_what_holds_no_text_is_not_brought() -> None:
    picture = reply(b"\x89PNG" * 1000).replace(b"text/html", b"image/png")
    with answering(picture) as url:
        hop = visit(url).hops[-1]
    assert (hop.status, hop.is_truncated, hop.body) == (200, True, b"")


def test_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    with answering(reply(b"direct")) as url:
        assert visit(url).hops[-1].body == b"direct"


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("1.1.1.1", True), ("192.0.0.8", False),
        ("64:ff9b:1::1", False), ("64:ff9b::808:808", False), ("2002::1", False), ("3fff::1", False),
        ("5f00::1", False), ("::ffff:10.0.0.1", False), ("::ffff:1.1.1.1", True), ("255.255.255.255", False),
        ("192.88.99.1", False), ("2001:db8::1", False), ("fd00::1", False), ("ff02::1", False), ("240.0.0.1", False),
    ],
)  # fmt: skip
def test_the_public_internet_is_what_iana_says(address: str, *, is_public: bool) -> None:
    assert http.is_public(ipaddress.ip_address(address)) == is_public
