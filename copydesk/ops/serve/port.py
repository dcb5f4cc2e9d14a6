"""Whether the port is free. Loads no Django: it is asked first of all."""

from __future__ import annotations

import socket

from copydesk.ops.logic.trouble import CannotStart


def check_port(host: str, port: int) -> None:
    """Nobody listens there yet: the server shares its port among its workers, and would share it with strangers."""
    try:
        family, kind, proto, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise CannotStart(f"{host} is no address of this machine: {error.strerror}.") from error
    with socket.socket(family, kind, proto) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen(1)
        except OSError as error:
            raise CannotStart(f"{host}:{port} cannot be used: {error.strerror}. Choose another with --port.") from error
