"""What is never asked: addresses that are not the public Internet's, however they are written or come about."""

from __future__ import annotations

import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from copydesk.kit import http
from copydesk.kit.http import exchange
from tests.factories.sockets import Peer, answering, page
from tests.factories.visits import failure, refusal, visit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HTML = b"<p>The minister did not resign.</p>"


def answer(_path: str, connection: socket.socket) -> None:
    connection.sendall(page(HTML))


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    with answering(answer) as found:
        yield found


@pytest.fixture(autouse=True)
def _nothing_was_asked(peer: Peer) -> None:
    peer.heads.clear()


HOSTILE = [
    ("http://127.0.0.1/", "private_address"),
    ("http://0.0.0.0/", "private_address"),
    ("http://10.0.0.1/", "private_address"),
    ("http://100.64.0.1/", "private_address"),
    ("http://169.254.169.254/latest/meta-data/", "private_address"),
    ("http://192.0.0.8/", "private_address"),
    ("http://255.255.255.255/", "private_address"),
    ("http://[::1]/", "private_address"),
    ("http://[::]/", "private_address"),
    ("http://[::ffff:127.0.0.1]/", "private_address"),
    ("http://[::127.0.0.1]/", "private_address"),
    ("http://[64:ff9b::7f00:1]/", "private_address"),
    ("http://[64:ff9b:1::1]/", "private_address"),
    ("http://[2002:7f00:1::]/", "private_address"),
    ("http://[fd00::1]/", "private_address"),
    ("http://localhost/", "private_address"),
    ("http://2130706433/", "bad_address"),
    ("http://0x7f000001/", "bad_address"),
    ("http://0x7f.1/", "bad_address"),
    ("http://0177.0.0.1/", "bad_address"),
    ("http://127.1/", "bad_address"),
    ("http://127.0.0.1./", "bad_address"),
    ("http://example.com./", "bad_address"),
    ("http://example..com/", "bad_address"),
    ("http://%31%32%37.0.0.1/", "bad_address"),
    ("http://１２７.０.０.１/", "bad_address"),
    ("http://[fe80::1%25lo]/", "bad_address"),
    ("http://" + "a" * 64 + ".example/", "bad_address"),
    ("http://" + "a." * 130 + "example/", "bad_address"),
    ("http://me@93.184.215.14/", "bad_address"),
    ("http://example.com\\@127.0.0.1/", "bad_address"),
    ("http://exa mple.com/", "bad_address"),
    ("http://example.com\r\nX: y/", "bad_address"),
    ("file:///etc/passwd", "bad_address"),
    ("gopher://93.184.215.14/", "bad_address"),
    ("//93.184.215.14/", "bad_address"),
    ("http:///page", "bad_address"),
    ("not an address", "bad_address"),
    ("", "bad_address"),
    ("http://93.184.215.14:22/", "bad_port"),
    ("http://93.184.215.14:8080/", "bad_port"),
    ("http://93.184.215.14:0/", "bad_port"),
    ("http://93.184.215.14:99999/", "bad_port"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "reason"), HOSTILE)
def test_a_hostile_address_is_never_asked(
    url: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(*_args: object, **_more: object) -> None:
        raise AssertionError("asked")

    monkeypatch.setattr(socket, "create_connection", connect)
    refused = refusal(url, may_connect=http.is_public)
    assert (refused.reason, refused.hops) == (reason, ())


def test_a_network_of_ones_own_opens_nothing_else(peer: Peer) -> None:
    assert visit(peer.url("/page")).body == HTML
    assert refusal("http://10.0.0.1/").reason == "private_address"
    assert refusal("http://93.184.215.14:22/").reason == "bad_port"
    assert refusal(f"http://[::ffff:127.0.0.1]:{peer.port}/").reason == "private_address"
    with pytest.raises(ValueError, match="no network"):
        http.may_connect_to(["no network"])


def answers(monkeypatch: pytest.MonkeyPatch, *lists: list[str]) -> list[str]:
    """Let each look-up of a name give the next list of addresses; return the names that are looked up."""
    asked: list[str] = []

    look_up = socket.getaddrinfo

    def resolve(host: str, port: int, *args: Any, **more: Any) -> list[Any]:
        if host[-1].isdigit():
            return look_up(host, port, *args, **more)
        found = lists[min(len(asked), len(lists) - 1)]
        asked.append(host)
        return [(0, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def test_a_name_is_looked_up_once_a_hop(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the first look-up is allowed, later ones are private."""
    asked = answers(monkeypatch, ["127.0.0.1"], ["10.0.0.1"])
    url = f"http://rebinding.example:{peer.port}/page"
    assert visit(url).status == 200
    assert asked == ["rebinding.example"]
    assert f"Host: rebinding.example:{peer.port}\r\n".encode() in peer.heads[0]
    assert refusal(url).reason == "private_address"
    assert len(peer.heads) == 1


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, ["93.184.215.14", "10.0.0.1"])
    assert refusal("http://mixed.example/", may_connect=http.is_public).reason == "private_address"


def test_the_next_address_is_tried_where_one_is_dead(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(monkeypatch, ["127.0.0.2", "127.0.0.1"])
    monkeypatch.setattr(socket, "create_connection", _refusing("127.0.0.2"))
    assert visit(f"http://two.example:{peer.port}/page").last.address == "127.0.0.1"


def _refusing(dead: str) -> Any:
    connect = socket.create_connection

    def try_to(address: tuple[str, int], *args: Any, **more: Any) -> socket.socket:
        if address[0] == dead:
            raise ConnectionRefusedError
        return connect(address, *args, **more)

    return try_to


def test_whom_the_connection_reached_is_checked(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something between us and the network turns the connection inwards."""
    connect = socket.create_connection
    monkeypatch.setattr(
        socket, "create_connection", lambda _to, *a, **m: connect(("127.0.0.1", peer.port), *a, **m)
    )
    refused = refusal("http://93.184.215.14/page", may_connect=http.is_public)
    assert refused.reason == "private_address"
    assert peer.heads == []


def test_a_slow_look_up_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_args: object, **_more: object) -> list[object]:
        time.sleep(1.5)  # Who waits for it hears that there is no such address.
        return []

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert failure("http://slow.example/", max_seconds=0.2).reason == "timeout"


def test_a_name_that_nobody_has(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_args: object, **_more: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert failure("http://nobody.example/").reason == "no_such_host"


def test_names_in_every_script_are_asked_by_their_ascii_form(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = answers(monkeypatch, ["10.0.0.1"])
    refusal("http://Bücher.example/")
    assert asked == ["xn--bcher-kva.example"]


def test_a_port_where_nobody_listens() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert failure(f"http://127.0.0.1:{port}/").reason == "refused_connection"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and the certificate it signed for `tls.example`, in one file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tls.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("tls.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture(scope="module")
def tls_peer(certificate: Path) -> Iterator[Peer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with answering(answer, tls=context) as found:
        yield found


def test_the_certificate_is_that_of_the_name(
    tls_peer: Peer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(monkeypatch, ["127.0.0.1"])
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(exchange, "_tls", lambda: trusting)
    assert visit(f"https://tls.example:{tls_peer.port}/page").body == HTML
    assert failure(f"https://other.example:{tls_peer.port}/page").reason == "tls"


def test_a_certificate_that_nobody_vouches_for_is_not_believed(
    tls_peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(monkeypatch, ["127.0.0.1"])
    tls_peer.heads.clear()
    assert failure(f"https://tls.example:{tls_peer.port}/page").reason == "tls"
    assert tls_peer.heads == []


def test_a_host_that_speaks_no_tls(peer: Peer) -> None:
    assert failure(f"https://127.0.0.1:{peer.port}/page").reason in {"tls", "disconnected"}
