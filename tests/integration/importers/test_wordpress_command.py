"""The command line of an import: errors, progress, reports."""

from __future__ import annotations

import io
import json
import re
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from copydesk.importers.models import ImportRun
from copydesk.importers.wordpress.logic.body import NoteKind
from copydesk.importers.wordpress.logic.plan import State
from tests.factories.importing import everything, run
from tests.factories.wxr import item, write

if TYPE_CHECKING:
    from pathlib import Path

    from copydesk.editorial.models import FrontPage

command: Any = import_module("copydesk.importers.management.commands.import")

BOMB = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><item><title>&b;</title></item></channel></rss>"""


@pytest.fixture
def front(front_page: FrontPage) -> FrontPage:
    return front_page


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (BOMB, "document type"),
        ('<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><item>', "cut off"),
        (
            '<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><item></channel></rss>',
            "not well-formed",
        ),
        ("id,title\n1,2\n", "not a WordPress export"),
        ("<html><body>Log in</body></html>", "web page"),
        ("", "empty"),
    ],
    ids=["entity bomb", "cut off", "malformed", "a table", "a web page", "empty"],
)
def test_a_file_that_cannot_be_imported_is_one_clear_error_and_nothing_is_written(
    front: FrontPage, tmp_path: Path, content: str, why: str
) -> None:
    before = everything()
    path = tmp_path / "export.xml"
    path.write_text(content)
    with pytest.raises(CommandError, match=why) as caught:
        call_command("import", "wordpress", str(path), "--json")
    assert caught.value.returncode == 2
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert everything() == before
    assert not ImportRun.objects.exists()


def test_a_folder_of_media_that_is_not_there_is_an_error(front: FrontPage, tmp_path: Path) -> None:
    path = write(tmp_path, item(1))
    with pytest.raises(CommandError, match="not a folder"):
        call_command("import", "wordpress", str(path), "--media", str(tmp_path / "none"))
    assert not ImportRun.objects.exists()


def test_json_counts_each_kind_and_says_why_items_were_skipped(
    front: FrontPage, tmp_path: Path
) -> None:
    out = io.StringIO()
    path = write(
        tmp_path,
        item(1),
        item(2, post_type="page"),
        item(3, status="trash"),
        item(4, post_type="nav_menu_item"),
        item(5, post_type="attachment", status="inherit"),
    )
    call_command("import", "wordpress", str(path), "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert report["found"] == {"post": 2, "page": 1, "nav_menu_item": 1, "attachment": 1}
    assert report["counts"] == {
        "articles": {"created": 1},
        "articles by state": {"live": 1},
        "pages": {"created": 1},
        "pages by state": {"live": 1},
        "media": {"not looked for": 1},
        "people": {"created": 1},
    }
    assert report["skipped"] == {
        "in the trash": 1,
        "type nav_menu_item: belongs to WordPress or a plugin": 1,
    }
    assert [(line["id"], line["detail"]) for line in report["skipped_items"]] == [
        (3, "in the trash"),
        (4, "type nav_menu_item: belongs to WordPress or a plugin"),
    ]
    assert all(line["line"] for line in report["skipped_items"])
    kept = ImportRun.objects.get().report
    assert kept == {key: value for key, value in report.items() if key != "seconds"}


def test_a_log_gets_plain_lines(
    front: FrontPage, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, item(1), item(2))
    call_command("import", "wordpress", str(path), "--json", stdout=io.StringIO())
    lines = capfd.readouterr().err.splitlines()
    assert lines == [
        "Checking the file",
        "Making room: 2 items",
        "Importing posts and pages: 2 items",
    ]


def test_a_log_is_told_now_and_then_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "_LINE_EVERY_S", 0.0)
    with command.shown_progress(on_terminal=False) as progress:
        progress.begin("Importing", 2_000)
        progress.advance(1_200)
    assert capfd.readouterr().err.splitlines() == [
        "Importing: 2,000 items",
        "Importing: 1,200 of 2,000",
    ]


def test_a_terminal_gets_a_bar_with_rate_and_time_left(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    with command.shown_progress(on_terminal=True) as progress:
        progress.begin("Checking", 0)
        progress.begin("Importing", 2_000)
        progress.advance(500)
        progress.advance(500)
    shown = capfd.readouterr().err
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
    assert "Importing" in plain
    assert "1000/2000" in plain
    assert re.search(r"[\d,]+/s", plain)
    assert re.search(r"\d:\d\d:\d\d", plain)


def test_failures_are_shown_with_line_and_id_and_end_the_command_with_an_error(
    front: FrontPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_args: object) -> None:
        raise ValueError("cannot be read")

    monkeypatch.setattr("copydesk.importers.wordpress.actions.writing.convert_item", breaks)
    out = io.StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("import", "wordpress", str(write(tmp_path, item(7))), stdout=out)
    assert caught.value.code == 1
    assert "id 7, “Post 7”: ValueError: cannot be read" in out.getvalue()


def test_progress_report_and_errors_speak_the_language_of_the_site(
    front: FrontPage, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = io.StringIO()
    path = write(tmp_path, item(1), item(2, status="trash"), item(3, post_type="acme"))
    with translation.override("ar"):
        call_command("import", "wordpress", str(path), stdout=out)
        path.write_text("")
        with pytest.raises(CommandError) as caught:
            call_command("import", "wordpress", str(path))
    assert capfd.readouterr().err.splitlines()[:2] == ["فحص الملف", "تهيئة المواضع: عدد العناصر 3"]
    assert not re.search("articles|created|trash|plugin", out.getvalue())
    assert "أُنشئ" in out.getvalue()
    assert "الملف فارغ." in str(caught.value)


def test_every_word_of_a_report_has_its_reading_for_people(
    front: FrontPage, shared_data: Path
) -> None:
    report = run(shared_data / "wordpress" / "themeunittestdata.wordpress.xml")
    told = set(report["counts"])
    told |= {outcome for outcomes in report["counts"].values() for outcome in outcomes}
    told |= set(report["skipped"]) | set(report["comments"]) | set(report["notes"])
    told |= {kind.value for kind in NoteKind} | {state.value for state in State}
    unknown = {code for code in told - set(command.WORDS) if not code.startswith("type ")}
    assert not unknown
