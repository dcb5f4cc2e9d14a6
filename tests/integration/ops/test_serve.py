from __future__ import annotations

import http.client
import os
import re
import resource
import signal
import socket
import sqlite3
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.integration.ops.conftest import PATIENCE, is_alive, wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.ops.conftest import Server, Site

pytestmark = pytest.mark.timeout(300)
# Has nothing to do with the database: once is enough.
once = pytest.mark.sqlite


class SlowRequest:
    """A sign-in form whose last byte is kept back until the test sends it."""

    def __init__(self, server: Server) -> None:
        page = server.get("/account/login/")
        cookie = re.search(r"csrftoken=(\w+)", page.headers["set-cookie"])
        token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.body)
        assert cookie
        assert token
        body = b"login=nobody%40example.org&csrfmiddlewaretoken=" + token[1]
        self.last = body[-1:]
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
        head = (
            f"POST /account/login/ HTTP/1.1\r\nHost: localhost\r\nCookie: csrftoken={cookie[1]}\r\n"
            f"X-CSRFToken: {token[1].decode()}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self.socket.sendall(head.encode() + body[:-1])
        time.sleep(0.5)

    def finish(self) -> int:
        self.socket.sendall(self.last)
        response = http.client.HTTPResponse(self.socket)
        response.begin()
        response.read()
        self.close()
        return response.status

    def close(self) -> None:
        self.socket.close()


def refuses_connections(server: Server) -> bool:
    try:
        socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE).close()
    except ConnectionRefusedError:
        return True
    return False


def test_one_command_serves_the_site(site: Site) -> None:
    server = site.start("--access-log")
    assert server.get("/healthz").body == b"ok\n"
    assert server.get("/readyz").json == {
        "ready": True,
        "checks": {"database": True, "migrations": True, "worker": True},
    }
    front = server.get("/")
    assert front.status == 200
    stylesheet = re.search(r'href="(/static/[^"]+\.css)"', front.body.decode())
    assert stylesheet
    style = server.get(stylesheet[1], **{"Accept-Encoding": "br"})
    assert (style.status, style.headers["content-encoding"]) == (200, "br")
    assert "immutable" in style.headers["cache-control"]
    assert '"GET /healthz" 200' in server.log
    assert server.stop() == 0
    lines = server.log.splitlines()
    assert all(
        re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} (INFO|WARNING) ", line) for line in lines
    ), server.log


@once
def test_requests_are_not_logged_unless_asked_for_and_control_c_stops_it(site: Site) -> None:
    server = site.start()
    server.get("/")
    server.get("/nowhere/")
    assert server.stop(signal.SIGINT) == 0
    assert "nowhere" not in server.log
    assert "GET" not in server.log


@once
def test_sigterm_refuses_new_requests_and_finishes_running_ones(site: Site) -> None:
    server = site.start()
    slow = SlowRequest(server)
    server.process.send_signal(signal.SIGTERM)
    wait_until(lambda: refuses_connections(server))
    assert server.process.poll() is None
    assert slow.finish() in {200, 302}
    assert server.process.wait(PATIENCE) == 0


@once
def test_a_second_signal_stops_at_once(site: Site) -> None:
    server = site.start()
    family = server.family
    slow = SlowRequest(server)
    server.process.send_signal(signal.SIGTERM)
    wait_until(lambda: "Stopping" in server.log)
    time.sleep(0.5)
    assert server.stop() == 1
    assert "Stopped at once" in server.log
    wait_until(lambda: not any(map(is_alive, family)))
    slow.close()


@once
def test_a_child_that_dies_is_replaced(site: Site) -> None:
    server = site.start()
    for which in ("web_worker", "web_master", "background"):
        before, logged = server.family, len(server.log)
        os.kill(getattr(server, which), signal.SIGKILL)
        wait_until(partial(is_whole_again, server, before))
        wait_until(lambda: server.answers("/readyz"))
        if which != "web_worker":
            said = re.findall(
                r"ended \(killed by SIGKILL\); starting it again", server.log[logged:]
            )
            assert len(said) == 1, which
    assert server.stop() == 0


def is_whole_again(server: Server, before: list[int]) -> bool:
    return len(server.family) == 3 and set(server.family) != set(before)


@once
def test_no_process_outlives_a_supervisor_that_is_killed(site: Site) -> None:
    server = site.start()
    family = server.family
    assert len(family) == 3
    server.process.kill()
    server.process.wait()
    wait_until(lambda: not any(map(is_alive, family)))
    wait_until(lambda: refuses_connections(server))
    site.start()


def refused(site: Site, *options: str, **variables: str) -> str:
    """Return the one line that `serve` ends with."""
    done = site.run("serve", *options, **variables)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("copydesk: ")
    return done.stderr


@once
def test_a_port_in_use_is_refused(site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert f"127.0.0.1:{port} cannot be used: Address already in use" in refused(
            site, "--port", str(port)
        )


@once
def test_an_address_that_is_not_this_machines_is_refused(site: Site) -> None:
    assert "Choose another with --host." in refused(site, "--host", "192.0.2.1")


@once
def test_a_second_server_on_the_same_port_or_folder_is_refused(site: Site) -> None:
    server = site.start()
    assert "Address already in use" in refused(site, "--port", str(server.port))
    message = refused(site, "--port", "18999")
    assert f"already runs on {site.folder / 'data'} (process {server.process.pid})" in message


@once
@pytest.mark.parametrize("place", ["a-file", "/proc/copydesk", "missing/data"])
def test_a_data_folder_that_cannot_be_written_is_refused(site: Site, place: str) -> None:
    (site.folder / "a-file").write_text("in the way", encoding="utf-8")
    assert "cannot be written" in refused(site, COPYDESK_DATA_DIR=place)


@once
def test_a_wrong_setting_is_refused(site: Site) -> None:
    assert "COPYDESK_TIME_ZONE: 'Berlin' cannot be used" in refused(
        site, COPYDESK_TIME_ZONE="Berlin"
    )


@once
def test_an_unknown_setting_is_refused(site: Site) -> None:
    assert "COPYDESK_WORKERS: there is no such setting" in refused(site, COPYDESK_WORKERS="2")


@once
def test_a_site_without_a_secret_is_refused(site: Site) -> None:
    (site.folder / "copydesk.toml").write_text("", encoding="utf-8")
    assert "COPYDESK_SECRET_KEY is not set" in refused(site)


@once
def test_a_folder_that_is_no_site_is_refused(site: Site, tmp_path: Path) -> None:
    assert "There is no copydesk.toml" in refused(site, "--dir", str(tmp_path))


def test_a_database_that_is_away_is_refused(site: Site) -> None:
    message = refused(site, COPYDESK_DATABASE_URL="postgres://somebody:hunter2@127.0.0.1:9/none")
    assert "The database cannot be used" in message
    assert "hunter2" not in message


@pytest.mark.sqlite
def test_a_file_that_is_no_database_is_refused(site: Site) -> None:
    (site.folder / "data" / "copydesk.sqlite3").write_bytes(b"not a database" * 1000)
    assert "The database cannot be used: file is not a database" in refused(site)


def test_a_database_of_a_newer_version_is_refused(site: Site) -> None:
    site.shell(
        "from django.db import connection; from django.db.migrations.recorder import MigrationRecorder;"
        "MigrationRecorder(connection).record_applied('editorial', '9999_of_next_year')"
    )
    message = refused(site)
    assert "newer version of Copydesk (it has editorial.9999_of_next_year)" in message


def test_an_older_database_is_migrated_with_a_copy_kept(site: Site) -> None:
    site.run("manage", "migrate", "ops", "0001")
    server = site.start()
    assert "Preparing the database: 1 migrations" in server.log
    assert server.stop() == 0
    copies = list((site.folder / "data" / "before-upgrade").glob("*.sqlite3"))
    if "COPYDESK_DATABASE_URL" in site.environ:
        assert copies == []
    else:
        with sqlite3.connect(copies[0]) as copy:
            names = {
                name
                for (name,) in copy.execute("SELECT name FROM django_migrations WHERE app = 'ops'")
            }
        assert names == {"0001_initial"}
        copy.close()


@once
def test_settings_changed_since_the_last_start_reach_the_site(site: Site) -> None:
    site.start().stop()
    site.start(COPYDESK_BASE_URL="http://localhost:8123").stop()
    assert (
        site.shell("from wagtail.models import Site; print(Site.objects.get().root_url)")
        == "http://localhost:8123"
    )


@pytest.mark.sqlite
def test_a_disk_that_is_full_is_one_line_and_reading_goes_on(site: Site) -> None:
    server = site.start()
    assert server.get("/").status == 200
    for pid in server.family:
        # No file may grow; the log would not either, so it is the next thing that is not written.
        resource.prlimit(
            pid,
            resource.RLIMIT_FSIZE,
            (server.log_path.stat().st_size + 20_000, resource.RLIM_INFINITY),
        )
    database = site.folder / "data" / "copydesk.sqlite3"
    assert database.stat().st_size > server.log_path.stat().st_size + 20_000
    wait_until(lambda: "The background worker waits: the database cannot be used" in server.log)
    assert server.get("/").status == 200
    assert "Traceback" not in server.log
    for pid in server.family:
        resource.prlimit(
            pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        )
    wait_until(lambda: server.answers("/readyz"))


@pytest.mark.sqlite
def test_writers_wait_for_each_other(site: Site) -> None:
    other = sqlite3.connect(site.folder / "data" / "copydesk.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    server = site.serve()
    time.sleep(4)
    assert server.process.poll() is None
    other.execute("COMMIT")
    other.close()
    server.wait_until_ready()
    assert "locked" not in server.log
