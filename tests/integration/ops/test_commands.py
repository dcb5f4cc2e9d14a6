from __future__ import annotations

import json
import re
import sqlite3
import stat
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest

from copydesk.ops.main import COMMANDS, Command
from tests.integration.ops.conftest import (
    COPYDESK,
    ROOT,
    Server,
    Site,
    clean_environ,
    free_port,
    wait_until,
)

if TYPE_CHECKING:
    from pathlib import Path

# Has nothing to do with the database this run is about: once is enough.
pytestmark = [pytest.mark.timeout(300), pytest.mark.sqlite]


def copydesk(
    *arguments: str, cwd: Path = ROOT, **variables: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COPYDESK, *arguments],
        env=clean_environ() | {"PYTHONPATH": str(ROOT)} | variables,
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.mark.long
def test_init_makes_a_site_that_can_be_served_and_a_second_run_changes_nothing(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "site"
    options = (
        "--base-url",
        "https://example.org",
        "--language",
        "ar",
        "--time-zone",
        "Africa/Cairo",
    )
    made = copydesk("init", str(folder), *options)
    assert made.returncode == 0, made.stderr
    assert "createowner" in made.stdout
    config = folder / "copydesk.toml"
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    settings = tomllib.loads(config.read_text(encoding="utf-8"))
    assert len(settings.pop("secret_key")) > 40
    assert settings == {
        "base_url": "https://example.org",
        "language": "ar",
        "time_zone": "Africa/Cairo",
    }
    assert stat.S_IMODE((folder / "data").stat().st_mode) == 0o700
    assert (folder / "data" / "static" / "staticfiles.json").exists()
    assert re.fullmatch(
        r"Preparing the database: \d+ migrations\nThe database is ready.\n", made.stderr
    )
    with sqlite3.connect(folder / "data" / "copydesk.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM editorial_frontpage").fetchone() == (1,)
    database.close()

    before = config.read_bytes()
    again = copydesk("init", str(folder))
    assert (again.returncode, config.read_bytes()) == (0, before)
    assert "is a Copydesk site already; nothing was changed" in again.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("used",), "is not empty"),
        (("used/file",), "is a file"),
        (("/proc/copydesk",), "cannot be made"),
        (("new", "--base-url", "example.org"), "COPYDESK_BASE_URL"),
        (("new", "--time-zone", "Berlin"), "COPYDESK_TIME_ZONE"),
        (("new", "--language", "German!"), "COPYDESK_LANGUAGE"),
    ],
)
def test_init_refuses_in_one_line_and_makes_nothing(
    options: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "file").touch()
    done = copydesk("init", *options, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["used"]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_has_its_help_and_none_needs_a_site_for_it(
    command: Command, tmp_path: Path
) -> None:
    told = copydesk(command.name, "--help", cwd=tmp_path)
    assert (told.returncode, told.stderr) == (0, "")
    said = (
        "Available subcommands" if command.name == "manage" else f"usage: copydesk {command.name}"
    )
    assert said in told.stdout
    assert list(tmp_path.iterdir()) == []


def test_no_command_at_all_is_answered_with_the_list_of_them(tmp_path: Path) -> None:
    told = copydesk(cwd=tmp_path)
    assert told.returncode == 2
    assert "Make a new site in a folder." in told.stderr


def test_help_loads_no_django() -> None:
    code = (
        "import sys\nfrom copydesk.ops.main import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print([name for name in sys.modules if name.split('.')[0] in {'django', 'wagtail', 'granian', 'rich'}])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
    for command in COMMANDS:
        assert re.search(
            rf"^  {command.name} +{re.escape(command.summary)}$", done.stdout, re.MULTILINE
        )


def test_an_unknown_command_is_refused() -> None:
    done = copydesk("publish")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_the_version_is_told() -> None:
    assert re.fullmatch(r"copydesk \d+\.\d+\.\d+\n", copydesk("--version").stdout)


def test_the_site_is_found_by_option_variable_and_current_folder(site: Site) -> None:
    environ = {name: value for name, value in site.environ.items() if name != "COPYDESK_DIR"}
    for arguments, variables, cwd in (
        (["--dir", str(site.folder), "stats", "--json"], {}, "/"),
        (["stats", "--dir", str(site.folder), "--json"], {}, "/"),
        (["stats", "--json"], {"COPYDESK_DIR": str(site.folder)}, "/"),
        (["stats", "--json"], {}, str(site.folder)),
    ):
        done = subprocess.run(
            [*COPYDESK, *arguments],
            env=environ | {"PYTHONPATH": str(ROOT)} | variables,
            cwd=cwd,
            capture_output=True,
            text=True,
            check=False,
        )
        assert json.loads(done.stdout)["articles"]["live"] == 0


def test_an_owner_is_made_without_a_mail_server_and_signs_in_by_the_link(site: Site) -> None:
    done = site.run("createowner", "olga@example.org", "--name", "Olga")
    assert done.returncode == 0, done.stderr
    link = re.search(r"http://localhost:8000(/account/link/\S+)", done.stdout)
    assert link
    server = site.start()
    assert server.get(link[1]).status == 200
    assert server.get(link[1]).status == 200  # Looking uses nothing up.


def test_no_owner_is_made_of_what_is_no_address(site: Site) -> None:
    done = site.run("createowner", "olga")
    assert done.returncode == 2
    assert "is no e-mail address" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_command_on_a_database_that_is_behind_says_what_to_do(site: Site) -> None:
    site.run("manage", "migrate", "ops", "zero")
    done = site.run("stats")
    assert done.returncode == 2
    assert done.stderr == "copydesk: The database needs 2 migrations. Run `copydesk migrate`.\n"
    assert site.run("migrate").stdout == "The site is up to date.\n"
    assert site.run("stats").returncode == 0


def test_migrate_keeps_a_copy_unless_told_not_to(site: Site) -> None:
    for options, copies in ((["--no-copy"], 0), ([], 1)):
        site.run("manage", "migrate", "ops", "0001")
        assert site.run("migrate", *options).returncode == 0
        folder = site.folder / "data" / "before-upgrade"
        assert len(list(folder.glob("*.sqlite3")) if folder.exists() else []) == copies


def test_the_doctor_tells_of_a_bad_setting(site: Site) -> None:
    done = site.run("doctor", "--json", COPYDESK_TIME_ZONE="Berlin")
    assert done.returncode == 1
    (check,) = json.loads(done.stdout)["checks"]
    assert (check["name"], check["is_well"]) == ("settings", False)
    assert "COPYDESK_TIME_ZONE" in check["detail"]


def start_demo(folder: Path, log_path: Path) -> Server:
    port = free_port()
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [*COPYDESK, "demo", "--dir", str(folder), "--port", str(port)],
            env=clean_environ(),
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
    return Server(process, port, log_path)


@pytest.mark.long
def test_the_demo_is_made_once_and_kept(tmp_path: Path) -> None:
    folder, log_path = tmp_path / "demo", tmp_path / "demo.log"
    for start in ("first", "second"):
        server = start_demo(folder, log_path)
        try:
            server.wait_until_ready(patience=280)
            link = re.search(rf"http://localhost:{server.port}(/account/link/\S+)", server.log)
            assert link, server.log
            assert server.get(link[1]).status == 200
            counts = json.loads(copydesk("--dir", str(folder), "stats", "--json").stdout)
            assert counts["articles"]["live"] >= 5
            assert ("Preparing the database" in server.log) == (start == "first")
        finally:
            server.stop()


SCHEDULE = """
from datetime import timedelta
from django.utils import timezone
from wagtail.models import Page, Revision
from copydesk.editorial.models import Article, FrontPage
soon = timezone.now() + timedelta(seconds={seconds})
front = FrontPage.objects.get()
for title, at in (("rising", "go_live_at"), ("falling", "expire_at")):
    article = Article(title=title, slug=title, live=False, body=[])
    front.add_child(instance=article)
    setattr(article, at, soon)
    article.save_revision().publish()
"""


@pytest.mark.parametrize("was_down", [True, False])
def test_what_is_scheduled_happens_on_time_and_after_a_downtime(site: Site, was_down: bool) -> None:  # noqa: FBT001
    if was_down:
        assert site.run("migrate").returncode == 0
        site.shell(SCHEDULE.format(seconds=0.5))
        server = site.start()
    else:
        server = site.start()
        site.shell(SCHEDULE.format(seconds=8))
        assert server.get("/rising/").status == 404
        assert server.get("/falling/").status == 200
    wait_until(
        lambda: server.answers("/rising/", 200) and server.answers("/falling/", 410), patience=60
    )
    assert "Published as scheduled: rising" in server.log
    assert "Withdrawn as scheduled: falling" in server.log
