"""Visits to real servers on loopback: what comes back, and what is never asked."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING

import brotli
import pytest

from copydesk.kit import http
from tests.factories.sockets import Peer, answering, moved, page
from tests.factories.visits import failure, refusal, visit

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator


HTML = b"<p>The minister did not resign.</p>"
PAGES = {
    "/page": page(HTML, "X-Case: As Sent", "Set-Cookie: a=1", "set-cookie: b=2"),
    "/gone": page(b"<p>gone", status="410 Gone"),
    "/busy": page(b"<p>busy", "Retry-After: 30", status="503 Busy"),
    "/start": moved("/middle"),
    "/middle": moved("page#words", "301 Moved Permanently"),
    "/other-spelling": moved("/p\u00e4ge"),
    "/p%C3%A4ge": page(HTML),
    "/to-nowhere": b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n",
    "/to-two-places": b"HTTP/1.1 302 Found\r\nLocation: /page\r\nLocation: /gone\r\nContent-Length: 0\r\n\r\n",
    "/loop": moved("/pool"),
    "/pool": moved("/loop"),
    "/to-user": moved("http://me:secret@127.0.0.1/"),
    "/redirect-with-broken-page": page(b"<p>", "Location: /page", status="301 Moved").replace(
        b"Length: 3", b"Length: 30"
    ),
    "/picture": page(b"\x89PNG", kind="image/png"),
    "/untyped": b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
    "/not-modified": b"HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n",
    "/old": b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nto the end",
    "/chunked": b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
    "/chunked-and-empty": b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "/gzip": page(gzip.compress(HTML), "Content-Encoding: gzip"),
    "/gzip-in-two": page(gzip.compress(HTML[:9]) + gzip.compress(HTML[9:]), "Content-Encoding: x-gzip"),
    "/gzip-padded": page(gzip.compress(HTML) + bytes(8), "Content-Encoding: gzip"),
    "/deflate": page(zlib.compress(HTML), "Content-Encoding: deflate"),
    "/bare-deflate": page(zlib.compress(HTML, wbits=-15), "Content-Encoding: deflate"),
    "/br": page(brotli.compress(HTML), "Content-Encoding: br"),
}  # fmt: skip


def answer(path: str, connection: socket.socket) -> None:
    if path.startswith("/to/"):
        connection.sendall(moved(path.removeprefix("/to/").replace("%20", " ")))
    elif path.startswith("/next/"):
        connection.sendall(moved(f"/next/{int(path.removeprefix('/next/')) + 1}"))
    else:
        connection.sendall(PAGES[path.partition("?")[0]])


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    with answering(answer) as found:
        yield found


@pytest.fixture(autouse=True)
def _nothing_was_asked(peer: Peer) -> None:
    peer.heads.clear()


def test_a_visit_tells_every_hop(peer: Peer) -> None:
    found = visit(peer.url("/start#here"))
    assert [(hop.url, hop.status, hop.reason) for hop in found.hops] == [
        (peer.url("/start"), 302, "Found"),
        (peer.url("/middle"), 301, "Moved Permanently"),
        (peer.url("/page"), 200, "OK"),
    ]
    assert (found.url, found.status, found.body) == (peer.url("/page"), 200, HTML)
    assert {hop.address for hop in found.hops} == {"127.0.0.1"}
    assert {hop.http_version for hop in found.hops} == {"HTTP/1.1"}
    times = [moment for hop in found.hops for moment in (hop.started_s, hop.duration_s)]
    assert 0 <= times[0] < times[2] < times[4] < 10
    assert times[2] >= times[1] > 0


def test_headers_are_kept_as_received(peer: Peer) -> None:
    last = visit(peer.url("/page")).last
    assert last.response_headers[1:4] == (
        ("X-Case", "As Sent"),
        ("Set-Cookie", "a=1"),
        ("set-cookie", "b=2"),
    )
    assert (last.content_type, last.header("x-CASE"), last.header("ETag")) == (
        "text/html",
        "As Sent",
        "",
    )


def test_what_is_asked_is_what_the_hop_says(peer: Peer) -> None:
    last = visit(peer.url("/page"), headers={"User-Agent": "Desk (+https://desk.example)"}).last
    sent = "\r\n".join([last.request_line, *(f"{n}: {v}" for n, v in last.request_headers), "", ""])
    assert peer.heads == [sent.encode()]
    assert "User-Agent: Desk (+https://desk.example)" in sent
    assert "Accept-Encoding: gzip, br" in sent
    assert {name for name, _ in last.request_headers} == {
        "Host", "Accept", "Accept-Encoding", "User-Agent", "Connection",
    }  # fmt: skip


def test_no_hop_knows_of_the_one_before(peer: Peer) -> None:
    visit(peer.url("/start"))
    assert peer.paths == ["/start", "/middle", "/page"]
    for head in peer.heads:
        assert not {b"cookie", b"referer", b"authorization"} & {
            line.partition(b":")[0].lower() for line in head.split(b"\r\n")
        }


def test_a_proxy_in_the_environment_is_not_asked(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]:
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert visit(peer.url("/page")).status == 200


@pytest.mark.parametrize(
    ("path", "status"), [("/gone", 410), ("/busy", 503), ("/not-modified", 304)]
)
def test_the_status_is_the_answer(peer: Peer, path: str, status: int) -> None:
    last = visit(peer.url(path), headers={"If-None-Match": '"1"'}).last
    assert (last.status, last.is_truncated) == (status, False)


def test_head_asks_for_no_body(peer: Peer) -> None:
    assert visit(peer.url("/page"), method="HEAD").last.body == b""
    assert peer.heads[0].startswith(b"HEAD /page ")


@pytest.mark.parametrize(
    ("path", "body"),
    [("/old", b"to the end"), ("/chunked", b"abcde"), ("/chunked-and-empty", b"abc")]
    + [("/redirect-with-broken-page", HTML), ("/other-spelling", HTML)]
    + [(path, HTML) for path in PAGES if "gzip" in path or "deflate" in path or path[1:] == "br"],
)  # fmt: skip
def test_a_body_is_kept_without_its_wrappings(peer: Peer, path: str, body: bytes) -> None:
    assert visit(peer.url(path)).body == body


def test_what_has_no_type_counts_as_a_page(peer: Peer) -> None:
    assert visit(peer.url("/untyped")).body == b"abc"


def test_letters_that_do_not_travel_are_encoded(peer: Peer) -> None:
    last = visit(peer.url("/p\u00e4ge?q=\u00e4 b")).last
    assert last.request_line == "GET /p%C3%A4ge?q=%C3%A4%20b HTTP/1.1"


def test_of_another_type_the_head_is_kept(peer: Peer) -> None:
    last = visit(peer.url("/picture")).last
    assert (last.status, last.body, last.truncation) == (200, b"", http.Truncation.TYPE)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/to-nowhere", "bad_redirect"),
        ("/to-two-places", "bad_redirect"),
        ("/loop", "redirect_loop"),
        ("/next/1", "too_many_redirects"),
    ],
)
def test_a_redirect_that_leads_nowhere_has_failed(peer: Peer, path: str, reason: str) -> None:
    failed = failure(peer.url(path))
    assert failed.reason == reason
    assert [hop.url for hop in failed.hops] == [peer.url(asked) for asked in peer.paths]
    assert len(failed.hops) == {"/loop": 2, "/next/1": 6}.get(path, 1)


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://10.0.0.1/", "private_address"),
        ("http://169.254.169.254/latest/meta-data/", "private_address"),
        ("//192.168.1.1/", "private_address"),
        ("file:///etc/passwd", "bad_redirect"),
        ("javascript:alert(1)", "bad_redirect"),
        ("data:text/html,x", "bad_redirect"),
        ("ftp://127.0.0.1/", "bad_redirect"),
        ("http://me:secret@127.0.0.1/", "bad_redirect"),
        ("http://2130706433/", "bad_redirect"),
        ("http://[::1", "bad_redirect"),
    ],
)
def test_a_redirect_is_checked_like_any_address(peer: Peer, location: str, reason: str) -> None:
    refused = refusal(peer.url("/to/" + location))
    assert (refused.reason, len(refused.hops)) == (reason, 1)
    assert refused.hops[0].header("Location") == location
    assert len(peer.heads) == 1
    assert "secret" not in str(refused)


@pytest.mark.parametrize("name", ["Cookie", "Authorization", "Host", "Referer"])
def test_a_visit_says_nothing_that_opens_doors(peer: Peer, name: str) -> None:
    with pytest.raises(ValueError, match=name.lower()):
        visit(peer.url("/page"), headers={name: "x"})
    assert peer.heads == []


@pytest.mark.parametrize("value", ["a\r\nX-Injected: 1", "a\nb", "\x00", "Газета"])
def test_a_header_that_cannot_be_sent_is_refused(peer: Peer, value: str) -> None:
    assert refusal(peer.url("/page"), headers={"User-Agent": value}).reason == "bad_header"
    assert peer.heads == []


def test_headers_of_one_name_are_joined(peer: Peer) -> None:
    last = visit(peer.url("/page")).last
    assert last.joined_headers()["set-cookie"] == "a=1, b=2"
    assert last.joined_headers()["x-case"] == "As Sent"
