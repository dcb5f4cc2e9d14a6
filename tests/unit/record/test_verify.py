"""Whatever is done to an export is found and named by a program that needs nothing but Python."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copydesk.record import verify
from copydesk.record.logic.canonical import canonical, digest, header_bytes, moment
from copydesk.record.logic.heads import SignedHead, key_id, signed_text
from copydesk.record.logic.lines import entry_line, head_line
from copydesk.record.logic.merkle import leaf_hash, root_of
from copydesk.record.logic.verifying import Report, Verification
from tests.factories.record import START
from tests.house.source import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ORIGIN = "gazette.example/record"
QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def export(size: int, **changes: dict[int, dict[str, Any]]) -> list[bytes]:
    """Return the lines of a record whose entry of each number has these parts of its header."""
    lines, hashes, at = [], [], ""
    previous = "0" * 64
    for index in range(size):
        content = canonical({"n": index, "headline": 'Brücken, "entry":'})
        at = moment(START + timedelta(minutes=index))
        header = {
            "article": index % 3,
            "at": at,
            "by": None,
            "index": index,
            "is_minor": False,
            "kind": "published",
            "note": ',"entry":{',
            "path": f"/ä-{index}/",
            "payload": digest(content),
            "previous": previous,
            **changes.get("headers", {}).get(index, {}),
        }
        at, written = str(header["at"]), header_bytes(header)
        hashes.append(leaf_hash(written))
        previous = hashes[-1].hex()
        lines.append(entry_line(written, previous, content, ""))
    return [*lines, head_line(signed(size, root_of(hashes).hex(), at))]


def signed(size: int, root: str, at: str, key: Ed25519PrivateKey = KEY) -> SignedHead:
    public = key.public_key().public_bytes_raw()
    signature = key.sign(signed_text(ORIGIN, size, root).encode())
    texts = [base64.b64encode(part).decode() for part in (public, signature)]
    return SignedHead(ORIGIN, size, root, at, key_id(ORIGIN, public), *texts)


def verified(lines: Sequence[bytes], since: SignedHead | None = None) -> Report:
    verification = Verification(since=since)
    for line in lines:
        verification.take(line)
    return verification.finish()


def named(report: Report) -> set[int]:
    return {fault.index for fault in report.faults}


@QUICK
@given(st.integers(0, 12))
def test_an_export_as_it_was_written_is_sound(size: int) -> None:
    report = verified(export(size))
    assert (report.is_sound, report.size) == (True, size)


@QUICK
@given(st.data())
def test_one_bit_changed_in_any_line_is_found_and_named(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 6))
    lines = export(size)
    index = data.draw(st.integers(0, size))
    line = bytearray(lines[index])
    bit = data.draw(st.integers(0, 8 * len(line) - 1))
    line[bit // 8] ^= 1 << bit % 8
    # Somebody reads the file by its lines: a bit may make one of two, or two of one.
    lines[index] = bytes(line)
    report = verified(b"".join(lines).splitlines(keepends=True))
    assert not report.is_sound
    assert min(abs(at - index) for at in named(report)) <= 1


@QUICK
@given(st.data())
def test_a_line_that_is_removed_is_named(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 12))
    lines = export(size)
    index = data.draw(st.integers(0, size))
    del lines[index]
    report = verified(lines)
    if index == size:
        assert "There is no head." in report.as_text()
    else:
        assert (index, "missing") in {(fault.index, fault.code) for fault in report.faults}


@QUICK
@given(st.data())
def test_lines_that_are_swapped_are_named(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 12))
    lines = export(size)
    first, second = sorted(
        data.draw(st.lists(st.integers(0, size - 1), min_size=2, max_size=2, unique=True))
    )
    lines[first], lines[second] = lines[second], lines[first]
    found = {(fault.index, fault.code.value) for fault in verified(lines).faults}
    assert {(first, "missing"), (first, "out_of_place")} <= found


@QUICK
@given(st.data())
def test_an_entry_put_in_is_named(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 8))
    lines, other = export(size), export(size, headers={0: {"note": "Never happened."}})
    at = data.draw(st.integers(0, size - 1))
    lines.insert(at, other[at])
    assert at in named(verified(lines))


@QUICK
@given(st.data())
def test_a_chain_written_anew_to_date_an_entry_back_is_named(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 8))
    index = data.draw(st.integers(1, size - 1))
    early = moment(START - timedelta(hours=1))
    report = verified(export(size, headers={index: {"at": early}}))
    assert (index, "back_dated") in {(fault.index, fault.code.value) for fault in report.faults}


def test_a_record_written_anew_is_found_by_whoever_kept_an_earlier_head(tmp_path: Path) -> None:
    kept = signed(3, root_of_first(export(6), 3), "")
    assert verified(export(6), kept).is_sound
    forged = export(6, headers={1: {"note": "Never happened."}})
    assert verified(forged).is_sound  # By itself, nothing tells.
    report = verified(forged, kept)
    assert [(fault.index, fault.code) for fault in report.faults] == [(2, "wrong_head")]
    assert "earlier head" in report.as_text()
    longer = signed(9, "00" * 32, "")
    assert (6, "missing") in {(f.index, f.code.value) for f in verified(export(6), longer).faults}


def root_of_first(lines: Sequence[bytes], size: int) -> str:
    return root_of([bytes.fromhex(json.loads(line)["hash"]) for line in lines[:size]]).hex()


def test_a_head_by_another_key_than_the_earlier_one_is_told() -> None:
    root, at = root_of_first(export(2), 2), moment(START + timedelta(minutes=1))
    other = signed(2, root, at, Ed25519PrivateKey.generate())
    report = verified([*export(2)[:2], head_line(other)], signed(2, root, at))
    assert [fault.code for fault in report.faults] == ["other_key"]


HOSTILE = [
    b"",
    b"\n",
    b"null\n",
    b"\xff\xfe\n",
    b'{"content":' + b"[" * 100_000 + b"\n",
    b'{"content":null,"entry":{},"hash":"","why":"gated"}\n',
    b'{"content":null,"entry":' + b"[" * 100_000 + b"\n",
    b'{"content":null,"entry":{"index":' + b"9" * 10_000 + b"}}\n",
    b'{"head":' + b"{" * 100_000 + b"\n",
    b'{"head":{}}\n',
    b'{"head":null}\n',
    b"{" * 1_000_000,
    export(1)[0].replace(b'"index":0', b'"index":0.0'),
    export(1)[0].replace(b'"index":0', b'"index":true'),
    export(1)[0].replace(b'"index":0', b'"index":-1'),
    export(1)[0].replace(b"published", rb"\ud800"),
    export(1)[0].replace(b'"by":null', b'"by":null,"by":null'),
    export(1)[0].replace(b'"why":""', b'"why":"gated"'),
    export(1)[0].rstrip(b"\n"),
]


@pytest.mark.parametrize("line", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_no_line_is_named_and_the_rest_goes_on(line: bytes) -> None:
    lines = export(3)
    report = verified([lines[0], line, *lines[2:]])
    assert 1 in named(report) or 0 in named(report)
    assert report.size in {2, 3}


# --- The program


def run(*arguments: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run it with no site-packages: nothing but Python's own library and the arithmetic is there."""
    command = [sys.executable, "-S", "-W", "error", "-m", "copydesk.record.verify"]
    return subprocess.run(
        [*command, *map(str, arguments)], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_it_needs_nothing_but_pythons_own_library() -> None:
    script = (
        "import sys, copydesk.record.verify\n"
        "print(*sorted(name for name in sys.modules if name.partition('.')[0] not in sys.stdlib_module_names))"
    )
    command = [sys.executable, "-S", "-c", script]
    loaded = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    ours = {name for name in loaded.split() if name != "__main__"}
    assert "copydesk.record.logic.merkle" in ours
    allowed = {"copydesk", "copydesk.record", "copydesk.record.verify", "copydesk.record.logic"}
    assert not {name for name in ours - allowed if not name.startswith("copydesk.record.logic.")}, (
        "it loads more than it promises"
    )


def test_it_tells_by_its_exit_status_what_it_found(tmp_path: Path) -> None:
    file, kept = tmp_path / "record.jsonl", tmp_path / "head.json"
    lines = export(4)
    file.write_bytes(b"".join(lines))
    kept.write_text(json.dumps(json.loads(lines[-1])["head"], indent=1))
    found = run(file, "--since", kept)
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.startswith("✓ 4 entries")
    file.write_bytes(b"".join(lines[:2] + lines[3:]))
    found = run(file, "--json")
    assert found.returncode == 1
    assert {"index": 2, "code": "missing", "message": "Entry 2 is not there."} in json.loads(
        found.stdout
    )["faults"]
    assert run(tmp_path / "none").returncode == 2
    kept.write_text("{}")
    assert run(file, "--since", kept).returncode == 2
    assert run().returncode == 2


def test_a_line_longer_than_any_may_be_is_not_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(verify, "LONGEST_LINE", 2_000)
    file = tmp_path / "record.jsonl"
    lines = export(3)
    file.write_bytes(b"".join([lines[0], b"x" * 9_000 + b"\n", *lines[2:]]))
    assert verify.main([str(file), "--json"]) == 1
    faults = json.loads(capsys.readouterr().out)["faults"]
    assert [fault["code"] for fault in faults].count("unreadable") == 1
