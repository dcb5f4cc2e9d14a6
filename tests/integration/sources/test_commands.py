"""`copydesk check-sources` and `copydesk quote-check`, as operators and programs call them."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command

from copydesk.sources.actions.adding import add_source
from copydesk.sources.models import Source
from tests.factories.publisher import STORY, Answer, Publisher, make_page

if TYPE_CHECKING:
    from tests.integration.sources.conftest import Clock

COPYDESK = Path(sys.executable).with_name("copydesk")
EXACT = "there is no evidence that it will fail this winter"
LIE = "there is evidence that it will fail this winter"


def quote_check(*args: str, given: str = "") -> tuple[int, str, str]:
    """Run it as a program, where there is no site."""
    environ = {name: value for name, value in os.environ.items() if "COPYDESK" not in name}
    done = subprocess.run(
        [COPYDESK, "quote-check", *args],
        check=False,
        capture_output=True,
        text=True,
        input=given,
        cwd="/",
        env=environ,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(make_page(), encoding="utf-8")
    return path


def test_a_quotation_is_checked_without_a_site(page: Path) -> None:
    status, out, _err = quote_check("--source", str(page), "--quote", EXACT, "--json")
    answer = json.loads(out)
    assert (status, answer["verdict"], answer["state"]) == (0, "exact", None)
    assert answer["layer"] == "visible"
    [[start, end]] = answer["spans"]
    assert end - start == len(EXACT)


def test_a_person_is_told_in_words(page: Path) -> None:
    status, out, _err = quote_check("--source", str(page), "--quote", LIE)
    assert status == 0
    assert "Altered" in out
    assert "negation" in out


def test_a_batch_is_answered_line_by_line_and_bad_lines_in_their_place(page: Path) -> None:
    lines = [
        json.dumps({"id": "a", "source": str(page), "quote": EXACT}),
        "{not json",
        json.dumps({"id": "c", "source": "/no/such/file.html", "quote": EXACT}),
        json.dumps({"id": "d", "source": str(page)}),
        "",
        json.dumps({"id": "e", "source": str(page), "quote": LIE}),
    ]
    status, out, _err = quote_check("--batch", "-", given="\n".join(lines))
    answers: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert [answer["id"] for answer in answers] == ["a", None, "c", "d", "e"]
    assert [answer["verdict"] for answer in answers] == ["exact", None, None, None, "altered"]
    assert ["error" in answer for answer in answers] == [False, True, True, True, False]
    assert "no/such/file" in answers[2]["error"]
    assert "negation" in answers[4]["tags"]


def test_no_line_of_a_batch_can_end_it(page: Path) -> None:
    hostile = [
        r'{"id": "\ud800", "source": "PAGE", "quote": "WORDS"}',
        '{"id": %s, "source": "PAGE", "quote": "WORDS"}' % ("9" * 6_000),
        '{"id": 1e999, "source": "PAGE", "quote": "WORDS"}',
        r'{"id": 4, "source": "PAGE", "quote": "\ud800"}',
        '{"id": 5, "source": "PAGE", "quote": "WORDS", "language": ["de"]}',
        r'{"id": 6, "source": "\ud800/a\u0000b", "quote": "WORDS"}',
        "[" * 100_000,
        '{"id": 8, "source": "PAGE", "quote": "WORDS"}',
    ]
    given = "\n".join(hostile).replace("PAGE", str(page)).replace("WORDS", EXACT)
    status, out, err = quote_check("--batch", "-", given=given)
    answers = [json.loads(line, parse_constant=pytest.fail) for line in out.splitlines()]
    assert (status, err) == (0, "")
    verdicts = ["exact", None, "exact", "not_found", None, None, None, "exact"]
    assert [answer["verdict"] for answer in answers] == verdicts
    assert [answer["id"] for answer in answers] == ["\ud800", None, None, 4, 5, 6, None, 8]


def test_bytes_that_are_no_text_cost_their_own_line_alone(page: Path) -> None:
    line = json.dumps({"id": 1, "source": str(page), "quote": EXACT}).encode()
    done = subprocess.run(
        [COPYDESK, "quote-check", "--batch", "-"],
        check=True,
        capture_output=True,
        input=b"\xff\xfe\x80\n" + line,
        cwd="/",
    )
    assert [json.loads(out)["verdict"] for out in done.stdout.splitlines()] == [None, "exact"]


def test_whoever_stops_reading_answers_gets_no_complaint(page: Path, tmp_path: Path) -> None:
    line = json.dumps({"id": "x" * 10_000, "source": str(page), "quote": EXACT})
    batch = tmp_path / "batch.jsonl"
    batch.write_text(f"{line}\n" * 100)
    with subprocess.Popen(
        [COPYDESK, "quote-check", "--batch", batch],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd="/",
    ) as program:
        assert program.stdout
        assert program.stderr
        program.stdout.readline()
        program.stdout.close()
        assert program.stderr.read() == b""


def test_texts_and_pdf_files_are_supplied_texts(tmp_path: Path) -> None:
    text = tmp_path / "talk.txt"
    text.write_text(STORY, encoding="utf-8")
    _status, out, _err = quote_check("--source", str(text), "--quote", EXACT, "--json")
    answer = json.loads(out)
    assert (answer["verdict"], answer["state"], answer["layer"]) == (
        "exact",
        "supplied",
        "supplied",
    )


def test_a_page_that_scripts_make_is_never_said_not_to_hold_the_words(tmp_path: Path) -> None:
    hollow = tmp_path / "app.html"
    hollow.write_text("<html><body><div id=root></div><script src=app.js></script></body></html>")
    _status, out, _err = quote_check("--source", str(hollow), "--quote", EXACT, "--json")
    assert (json.loads(out)["verdict"], json.loads(out)["state"]) == (None, "unverifiable")


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("--quote", "words"),
        ("--source", "/no/such/file", "--quote", "words"),
        ("--batch", "/no/such/file.jsonl"),
        ("--source", "x", "--quote", "a", "--batch", "b"),
    ],
)
def test_bad_usage_is_one_line_and_status_two(args: tuple[str, ...]) -> None:
    status, out, err = quote_check(*args)
    assert (status, out) == (2, "")
    assert err


def test_an_address_is_fetched_and_private_ones_only_when_allowed(publisher: Publisher) -> None:
    url = publisher.show("/bridge")
    status, _out, err = quote_check("--source", url, "--quote", EXACT)
    assert status == 2
    assert "not an address of the public Internet" in err
    asked = ("--source", url, "--quote", EXACT, "--json", "--allow-network", "127.0.0.0/8")
    status, out, _err = quote_check(*asked)
    assert (status, json.loads(out)["verdict"]) == (0, "exact")


def test_a_source_in_trouble_is_asked_once_and_its_trouble_is_named(
    publisher: Publisher, tmp_path: Path
) -> None:
    png = {"Content-Type": "image/png"}
    publisher.pages["/picture"] = Answer(b"\x89PNG", 200, png)
    wanted = [publisher.url(path) for path in ("/gone", "/gone", "/picture", "/picture")]
    batch = tmp_path / "batch.jsonl"
    lines = [
        json.dumps({"id": number, "source": url, "quote": EXACT})
        for number, url in enumerate(wanted)
    ]
    batch.write_text("\n".join(lines))
    status, out, _err = quote_check("--batch", str(batch), "--allow-network", "127.0.0.0/8")
    answers = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert [answer["state"] for answer in answers] == ["unreachable"] * 2 + ["unverifiable"] * 2
    assert "answered 404" in answers[1]["error"]
    assert "holds no text" in answers[3]["error"]
    assert publisher.paths == ["/gone", "/picture"]


@pytest.mark.parametrize("headers", [{}, {"Content-Encoding": "gzip"}])
def test_a_page_without_end_is_said_to_be_too_large(
    publisher: Publisher, headers: dict[str, str]
) -> None:
    body = b"<p>" + b"x" * 11_000_000
    body = gzip.compress(body) if headers else body
    publisher.pages["/bridge"] = Answer(body, 200, {"Content-Type": "text/html", **headers})
    line = json.dumps({"id": 1, "source": publisher.url("/bridge"), "quote": EXACT})
    _status, out, _err = quote_check("--batch", "-", "--allow-network", "127.0.0.0/8", given=line)
    answer = json.loads(out)
    assert (answer["verdict"], answer["state"]) == (None, "unverifiable")
    assert "10,000,000 bytes" in answer["error"]


@pytest.mark.django_db
def test_due_sources_are_looked_at_and_reported(
    publisher: Publisher, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    source, _is_new = add_source(url=publisher.show("/bridge"), by=None, at=clock.at)
    call_command("check_sources", as_json=True)
    assert json.loads(capsys.readouterr().out)["answer"] == "read"
    assert source.snapshots.count() == 1


@pytest.mark.django_db
def test_a_dry_run_asks_nobody(
    publisher: Publisher, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    add_source(url=publisher.show("/bridge"), by=None, at=clock.at)
    call_command("check_sources", dry_run=True)
    assert "1 sources would be looked at" in capsys.readouterr().out
    assert publisher.asked == []


@pytest.mark.django_db
def test_a_source_that_cannot_be_read_gives_status_one(
    publisher: Publisher, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    add_source(url=publisher.url("/nowhere"), by=None, at=clock.at)
    with pytest.raises(SystemExit) as ended:
        call_command("check_sources", all=True)
    assert ended.value.code == 1
    assert "gone" in capsys.readouterr().out
    assert Source.objects.get().trouble == "gone"
