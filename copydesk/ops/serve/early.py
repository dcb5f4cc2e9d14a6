"""What is checked first of all, and loads no Django."""

from __future__ import annotations

import errno
import socket
import tempfile
from typing import TYPE_CHECKING

from copydesk.ops.logic.trouble import CannotStart

if TYPE_CHECKING:
    from pathlib import Path


def check_port(host: str, port: int) -> None:
    """Nobody listens there yet: the server shares its port among its workers, and would share it with strangers."""
    try:
        family, kind, proto, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
    except OSError as error:
        raise CannotStart(f"{host} is no address of this machine: {error.strerror}.") from error
    with socket.socket(family, kind, proto) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen(1)
        except OSError as error:
            option = "--host" if error.errno == errno.EADDRNOTAVAIL else "--port"
            raise CannotStart(
                f"{host}:{port} cannot be used: {error.strerror}. Choose another with {option}."
            ) from error


def check_data_folder(folder: Path) -> None:
    """The data folder exists, or can be made, and takes a file."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"x")
            probe.flush()
    except OSError as error:
        raise CannotStart(
            f"The data folder {folder} cannot be written: {error.strerror}. "
            "Give it to the user that runs Copydesk, or name another with COPYDESK_DATA_DIR."
        ) from error
