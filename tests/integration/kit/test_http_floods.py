"""Hosts that send too much, too slowly, or what is no HTTP."""

from __future__ import annotations

import gzip
import time
import tracemalloc
import zlib
from functools import partial
from typing import TYPE_CHECKING

import brotli
import pytest

from copydesk.kit import http
from tests.factories.sockets import Peer, answering, page

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

CAP = 1_000_000
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
UNTIL_CLOSE = HEAD + b"\r\n"


def bomb() -> bytes:
    """More than a gigabyte of zeros, in a megabyte of gzip: one piece that stands alone, again and again."""
    packer = zlib.compressobj(9, wbits=-15)
    piece = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08" + bytes(7) + piece * 1_100


def brotli_bomb() -> bytes:
    return bytes(brotli.compress(bytes(200_000_000), quality=1))


def endlessly(piece: bytes, start: bytes = b"") -> Callable[[socket.socket], None]:
    def answer(connection: socket.socket) -> None:
        connection.sendall(start)
        for _ in range(20_000):
            connection.sendall(piece)

    return answer


def slowly(
    start: bytes, drip: bytes, end: bytes = b"", *, pause_s: float = 0.05
) -> Callable[[socket.socket], None]:
    """Send a whole, correct answer, one part of it a byte at a time: who waits long enough is satisfied."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(start)
        for number in range(len(drip)):
            time.sleep(pause_s)
            connection.sendall(drip[number : number + 1])
        connection.sendall(end)

    return answer


FLOODS: dict[str, Callable[[socket.socket], None]] = {
    "/endless-body": endlessly(b"x" * 65_536, UNTIL_CLOSE),
    "/endless-chunks": endlessly(
        b"8000\r\n" + b"x" * 0x8000 + b"\r\n", HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    ),
    # Empty blocks of deflate, five bytes each, that hold nothing.
    "/endless-packing": endlessly(
        b"\x00\x00\x00\xff\xff" * 10_000, HEAD + b"Content-Encoding: deflate\r\n\r\n"
    ),
    # Empty members of gzip: no end of them gives a single byte.
    "/endless-nothing": endlessly(
        gzip.compress(b"") * 2_000, HEAD + b"Content-Encoding: gzip\r\n\r\n"
    ),
    "/endless-header": endlessly(b"x" * 65_536, HEAD + b"X-Long: "),
    "/endless-headers": endlessly(b"X-More: yes\r\n" * 1_000, HEAD),
    "/endless-continue": endlessly(b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000),
    "/drip-body": slowly(UNTIL_CLOSE, b"x" * 60),
    "/drip-headers": slowly(HEAD, b"X: " + b"y" * 60, b"\r\nContent-Length: 0\r\n\r\n"),
    "/drip-status": slowly(b"", b"HTTP/1.1 200 " + b"O" * 50, b"\r\nContent-Length: 0\r\n\r\n"),
    "/drip-redirect": slowly(
        HEAD.replace(b"200 OK", b"302 Found") + b"Location: /empty-page\r\n\r\n", b"x" * 60
    ),
    "/silent": slowly(b"", b"H", page(b"<p>words")[1:], pause_s=3),
    "/large-and-silent": slowly(HEAD + b"Content-Length: 100000000\r\n\r\n", b"x", pause_s=3),
}
WHOLE: dict[str, Callable[[], bytes]] = {
    "/empty-page": lambda: page(b""),
    "/bomb": lambda: HEAD + b"Content-Encoding: gzip\r\n\r\n" + bomb(),
    "/brotli-bomb": lambda: page(brotli_bomb(), "Content-Encoding: br"),
    "/large": lambda: page(bytes(CAP + 1)),
    "/full": lambda: page(b"x" * CAP),
    "/full-gzip": lambda: page(gzip.compress(b"x" * CAP), "Content-Encoding: gzip"),
    "/full-br": lambda: page(brotli.compress(b"x" * CAP), "Content-Encoding: br"),
    "/gzip-twice": lambda: page(gzip.compress(gzip.compress(b"x")), "Content-Encoding: gzip, gzip"),
    "/gzip-in-two-headers": lambda: page(
        gzip.compress(gzip.compress(b"x")), "Content-Encoding: gzip", "Content-Encoding: gzip"
    ),
    "/unknown-coding": lambda: page(b"\x28\xb5\x2f\xfd", "Content-Encoding: zstd"),
    "/no-gzip": lambda: page(b"<p>plain", "Content-Encoding: gzip"),
    "/no-br": lambda: page(b"<p>plain", "Content-Encoding: br"),
    "/half-gzip": lambda: page(gzip.compress(b"x" * 1_000)[:-9], "Content-Encoding: gzip"),
    "/one-byte-of-gzip": lambda: page(b"\x1f", "Content-Encoding: gzip"),
    "/half-br": lambda: page(brotli.compress(b"some words")[:-3], "Content-Encoding: br"),
    "/empty-gzip": lambda: page(b"", "Content-Encoding: gzip"),
    "/shorter-than-said": lambda: page(b"<p>").replace(b"Length: 3", b"Length: 300"),
    "/longer-than-said": lambda: page(b"<p>words").replace(b"Length: 8", b"Length: 3"),
    "/two-lengths": lambda: page(b"<p>", "Content-Length: 2"),
    "/negative-length": lambda: page(b"<p>").replace(b"Length: 3", b"Length: -3"),
    "/cut-chunks": lambda: HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\nabc",
    "/bad-chunks": lambda: HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc" + b"\r\n" * 9,
    "/garbage": lambda: b"\x00\xff SSH-2.0-OpenSSH\r\n\r\n",
    "/empty": lambda: b"",
    "/half-head": lambda: b"HTTP/1.1 200 O",
    "/switch": lambda: b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
    "/split-header": lambda: HEAD + b"X: a\x00b\r\n\r\n",
}


def by_path(path: str, connection: socket.socket) -> None:
    if path in FLOODS:
        FLOODS[path](connection)
    else:
        connection.sendall(WHOLE[path]())


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    with answering(by_path) as found:
        yield found


visit = partial(http.visit, may_connect=lambda a: a.is_loopback, max_bytes=CAP, max_seconds=20)


@pytest.mark.parametrize(
    "path",
    [
        "/bomb",
        "/brotli-bomb",
        "/large",
        "/endless-body",
        "/endless-chunks",
        "/endless-packing",
        "/large-and-silent",
    ],
)
def test_of_what_is_too_large_the_head_is_kept(peer: Peer, path: str) -> None:
    last = visit(peer.url(path)).last
    assert (last.status, last.body, last.truncation) == (200, b"", http.Truncation.LENGTH)


@pytest.mark.parametrize("path", ["/bomb", "/brotli-bomb"])
def test_a_bomb_does_not_go_off(peer: Peer, path: str) -> None:
    ready = WHOLE[path]()
    WHOLE["/ready"] = lambda: ready
    tracemalloc.start()
    try:
        visit(peer.url("/ready"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 6 * CAP


@pytest.mark.parametrize("path", ["/full", "/full-gzip", "/full-br"])
def test_what_just_fits_is_kept(peer: Peer, path: str) -> None:
    last = visit(peer.url(path)).last
    assert (len(last.body), last.truncation) == (CAP, None)


@pytest.mark.parametrize("path", ["/endless-header", "/endless-headers", "/endless-continue"])
def test_a_head_without_end_is_cut(peer: Peer, path: str) -> None:
    with pytest.raises(http.FetchFailed) as failed:
        visit(peer.url(path))
    assert (failed.value.reason, failed.value.hops) == ("protocol", ())


@pytest.mark.parametrize("path", ["/drip-headers", "/drip-status", "/silent"])
def test_a_host_that_never_comes_to_the_point_is_left(peer: Peer, path: str) -> None:
    with pytest.raises(http.FetchFailed) as failed:
        visit(peer.url(path), max_seconds=0.4)
    assert (failed.value.reason, failed.value.hops) == ("timeout", ())


def test_silence_after_many_words_does_not_buy_time(peer: Peer) -> None:
    def answer(connection: socket.socket) -> None:
        connection.sendall(UNTIL_CLOSE)
        for _ in range(10):
            connection.sendall(b"x")
            time.sleep(0.05)
        # Shorter than the time for the whole, and too long after what went before.
        time.sleep(0.6)

    FLOODS["/tired"] = answer
    with pytest.raises(http.FetchFailed):
        visit(peer.url("/tired"), max_seconds=0.8)


@pytest.mark.parametrize("path", ["/drip-body", "/drip-redirect"])
def test_of_a_body_that_comes_too_slowly_the_head_is_kept(peer: Peer, path: str) -> None:
    with pytest.raises(http.FetchFailed) as failed:
        visit(peer.url(path), max_seconds=0.4)
    (hop,) = failed.value.hops
    assert (failed.value.reason, hop.url, hop.body) == ("timeout", peer.url(path), b"")
    assert hop.truncation == http.Truncation.TIME


@pytest.mark.parametrize(
    "path", ["/drip-headers", "/drip-status", "/silent", "/drip-body", "/drip-redirect"]
)
def test_a_file_is_not_waited_for_longer(peer: Peer, path: str) -> None:
    with pytest.raises(http.FetchFailed) as failed:
        http.fetch(
            peer.url(path),
            max_bytes=CAP,
            content_types=["text/"],
            timeout_s=0.1,
            may_connect=http.is_any,
        )
    assert failed.value.reason == "timeout"


@pytest.mark.parametrize("path", ["/drip-headers", "/drip-status", "/silent"])
def test_a_host_that_is_told_something_is_not_waited_for_longer(peer: Peer, path: str) -> None:
    with pytest.raises(http.FetchFailed) as failed:
        http.send("PURGE", peer.url(path), headers={}, timeout_s=0.1, may_connect=http.is_any)
    assert failed.value.reason == "timeout"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/endless-nothing", "bad_encoding"),
        ("/gzip-twice", "bad_encoding"),
        ("/gzip-in-two-headers", "bad_encoding"),
        ("/unknown-coding", "bad_encoding"),
        ("/no-gzip", "bad_encoding"),
        ("/no-br", "bad_encoding"),
        ("/half-gzip", "bad_encoding"),
        ("/one-byte-of-gzip", "bad_encoding"),
        ("/half-br", "bad_encoding"),
        ("/shorter-than-said", "disconnected"),
        ("/cut-chunks", "disconnected"),
        ("/bad-chunks", "protocol"),
    ],
)
def test_of_a_broken_body_the_head_is_kept(peer: Peer, path: str, reason: str) -> None:
    with pytest.raises(http.FetchFailed) as failed:
        visit(peer.url(path))
    (hop,) = failed.value.hops
    assert (failed.value.reason, hop.status, hop.body) == (reason, 200, b"")
    assert hop.is_truncated


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/garbage", "protocol"),
        ("/two-lengths", "protocol"),
        ("/negative-length", "protocol"),
        ("/switch", "protocol"),
        ("/split-header", "protocol"),
        ("/empty", "disconnected"),
        ("/half-head", "disconnected"),
    ],
)
def test_what_is_no_answer_has_failed(peer: Peer, path: str, reason: str) -> None:
    with pytest.raises(http.FetchFailed) as failed:
        visit(peer.url(path))
    assert (failed.value.reason, failed.value.hops) == (reason, ())


@pytest.mark.parametrize(("path", "body"), [("/empty-gzip", b""), ("/longer-than-said", b"<p>")])
def test_what_browsers_let_pass_passes(peer: Peer, path: str, body: bytes) -> None:
    assert visit(peer.url(path)).body == body


def test_a_page_of_a_hundred_megabytes_is_left_soon(peer: Peer) -> None:
    sent: list[bytes] = []

    def answer(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"Content-Length: 100000000\r\n\r\n")
        for _ in range(1_600):
            connection.sendall(b"x" * 62_500)
            sent.append(b"x")

    FLOODS["/hundred"] = answer
    assert visit(peer.url("/hundred")).last.truncation == http.Truncation.LENGTH
    # What stands in the buffers of the system has been sent too.
    assert len(sent) * 62_500 < 20 * CAP


@pytest.mark.parametrize(
    ("path", "refused"),
    [
        ("/large", "too_large"),
        ("/bomb", "too_large"),
        ("/brotli-bomb", "too_large"),
        ("/full", "wrong_type"),
    ],
)
def test_a_file_that_is_wanted_must_fit(peer: Peer, path: str, refused: str) -> None:
    kinds = ["image/"] if refused == "wrong_type" else ["text/"]
    with pytest.raises(http.FetchRefused) as error:
        http.fetch(
            peer.url(path), max_bytes=CAP, content_types=kinds, may_connect=lambda a: a.is_loopback
        )
    assert error.value.reason == refused
    assert error.value.hops[0].status == 200
