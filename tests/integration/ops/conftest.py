"""Real processes on a real site: a folder of its own for each test, and loopback ports."""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from copydesk.ops.actions.folder import make_folder
from tests import database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django import DjangoDbBlocker

ROOT = Path(__file__).resolve().parents[3]
COPYDESK = [sys.executable, "-m", "copydesk.ops.main"]
# Machines that run tests are busy.
PATIENCE = 120


def wait_until(condition: Callable[[], Any], patience: float = PATIENCE) -> Any:
    deadline = time.monotonic() + patience
    while not (result := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
    return result


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def children(pid: int) -> list[int]:
    try:
        return [
            int(child)
            for child in Path(f"/proc/{pid}/task/{pid}/children")
            .read_text(encoding="ascii")
            .split()
        ]
    except OSError:
        return []


def descendants(pid: int) -> list[int]:
    return [found for child in children(pid) for found in (child, *descendants(child))]


def is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return False


@dataclass
class Answer:
    status: int
    body: bytes
    headers: http.client.HTTPMessage

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Server:
    process: subprocess.Popen[bytes]
    port: int
    log_path: Path
    seen: set[int] = field(default_factory=set)

    @property
    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8")

    @property
    def family(self) -> list[int]:
        """The supervisor's descendants: web master, worker, background."""
        found = descendants(self.process.pid)
        self.seen.update(found)
        return found

    @property
    def web_master(self) -> int:
        return next(pid for pid in children(self.process.pid) if children(pid))

    @property
    def web_worker(self) -> int:
        return children(self.web_master)[0]

    @property
    def background(self) -> int:
        return next(pid for pid in children(self.process.pid) if not children(pid))

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            client.request(method, path, headers=headers)
            response = client.getresponse()
            return Answer(response.status, response.read(), response.headers)
        finally:
            client.close()

    def answers(self, path: str = "/healthz", status: int = 200) -> bool:
        try:
            return self.get(path).status == status
        except (OSError, http.client.HTTPException):
            return False

    def wait_until_ready(self, patience: float = PATIENCE) -> None:
        try:
            wait_until(lambda: self.process.poll() is not None or self.answers("/readyz"), patience)
        finally:
            sys.stderr.write(self.log)  # pytest shows it where the test fails.
        assert self.process.poll() is None
        self.family  # noqa: B018 - remembered, to see that all are gone in the end

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@dataclass
class Site:
    folder: Path
    environ: dict[str, str]
    servers: list[Server] = field(default_factory=list)

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COPYDESK, *arguments],
            env=self.environ | variables,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def shell(self, code: str) -> str:
        done = self.run("manage", "shell", "--no-imports", "-c", code)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def serve(self, *options: str, **variables: str) -> Server:
        port = free_port()
        log_path = self.folder / f"serve-{len(self.servers)}.log"
        with log_path.open("wb") as log:
            process = subprocess.Popen(
                [*COPYDESK, "serve", "--port", str(port), *options],
                env=self.environ | variables,
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )
        server = Server(process, port, log_path)
        self.servers.append(server)
        return server

    def start(self, *options: str, **variables: str) -> Server:
        server = self.serve(*options, **variables)
        server.wait_until_ready()
        return server


def clean_environ() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("COPYDESK_", "DJANGO_"))
    }


@pytest.fixture(scope="session")
def prepared_static(django_db_blocker: DjangoDbBlocker) -> Path:
    """Return the static files as `serve` prepares them, made once for many runs of the tests."""
    site = database.CACHE.parent / "site"
    site.mkdir(parents=True, exist_ok=True)
    with (site / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code = "from copydesk.ops.actions.static import prepare_static; prepare_static()"
        command = [sys.executable, "-m", "django", "shell", "--no-imports", "-c", code]
        variables = {
            "COPYDESK_DIR": str(site),
            "DJANGO_SETTINGS_MODULE": "copydesk.config.settings",
        }
        (site / "data").mkdir(exist_ok=True)
        subprocess.run(command, env=clean_environ() | variables, cwd=ROOT, check=True)
    return site / "data" / "static"


@pytest.fixture
def site(
    tmp_path: Path, prepared_static: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[Site]:
    """Return a migrated site with nothing in it, on the database this run of the tests is about."""
    folder = tmp_path / "site"
    values = {
        "secret_key": "k" * 40,
        "base_url": "http://localhost:8000",
        "language": "en",
        "time_zone": "UTC",
    }
    make_folder(folder, config_name="copydesk.toml", values=values)
    (folder / "data" / "static").symlink_to(prepared_static)
    environ = clean_environ() | {"COPYDESK_DIR": str(folder)}
    name = f"site_{uuid.uuid4().hex}"
    with django_db_blocker.unblock(), database._one_at_a_time():
        if connection.vendor == "sqlite":
            shutil.copy(database._sqlite(), folder / "data" / "copydesk.sqlite3")
        else:
            database._postgresql(name)
            server = urlsplit(os.environ["COPYDESK_DATABASE_URL"])
            environ["COPYDESK_DATABASE_URL"] = server._replace(path=f"/{name}").geturl()
    site = Site(folder, environ)
    yield site
    left_over = _end(site)
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    assert not left_over, "processes were left behind"


def _end(site: Site) -> list[int]:
    """Stop what still runs; return processes that should be gone and are not."""
    for server in site.servers:
        if server.process.poll() is None:
            server.family  # noqa: B018 - remembered
            server.stop()
    seen = {pid for server in site.servers for pid in server.seen}
    left_over = [pid for pid in seen if is_alive(pid)]
    for pid in left_over:
        os.kill(pid, signal.SIGKILL)
    return left_over
