from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

from copydesk.sources.backends import sandbox
from copydesk.sources.backends.sandbox import read_in_sandbox
from copydesk.sources.logic.reading import Reading, Unreadable, read_source
from copydesk.sources.logic.verdicts import Layer
from tests.unit.sources.pdf import make_pdf

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[3]
PAGE = (
    '<title>A title</title><meta name="author" content="Ada Byron and Ben Okri">'
    '<meta name="robots" content="noarchive">'
    "<article><p>“Words” — 漢字, \U0001f600.</p></article><template><p>Hidden words</p></template>"
).encode()
SLOW = b"<p hidden>a b c d e f g h i j</p>" * 150_000


def read(body: bytes = PAGE, *, timeout_s: float = 20.0, memory_bytes: int = 1 << 30) -> Reading:
    return read_in_sandbox(
        body,
        content_type="text/html",
        url="https://a.example/",
        timeout_s=timeout_s,
        memory_bytes=memory_bytes,
    )


def test_a_reading_comes_back_as_it_was_made() -> None:
    reading = read()
    assert reading == read_source(PAGE, content_type="text/html", url="https://a.example/")
    assert reading.layers[Layer.VISIBLE] == "“Words” — 漢字, \U0001f600."
    assert [name.value for name in reading.description.byline] == ["Ada Byron", "Ben Okri"]
    assert reading.is_noarchive


def test_headers_are_passed_on() -> None:
    assert read_in_sandbox(
        b"a", content_type="text/plain", headers={"X-Robots-Tag": "noarchive"}
    ).is_noarchive


def test_what_cannot_be_read_is_refused_as_outside() -> None:
    with pytest.raises(Unreadable) as refused:
        read_in_sandbox(b"GIF89a", content_type="image/gif")
    assert refused.value.code == "not_text"


def test_a_child_that_takes_too_long_is_ended_in_time() -> None:
    read()
    started = time.monotonic()
    with pytest.raises(Unreadable) as refused:
        read(SLOW, timeout_s=0.5)
    assert refused.value.code == "too_heavy"
    assert time.monotonic() - started < 5
    assert read().layers[Layer.VISIBLE]


def test_a_child_that_eats_memory_is_ended() -> None:
    bomb = make_pdf([["one"], ["two"]], filtered=zlib.compress(b" " * 600_000_000, 1))
    with pytest.raises(Unreadable) as refused:
        read(bomb, memory_bytes=400_000_000)
    assert refused.value.code == "too_heavy"
    assert read().layers[Layer.VISIBLE]


def test_a_child_that_crashes_is_told_as_such() -> None:
    server = server_pid()
    wait_for(lambda: not children_of(server))
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(read, SLOW)
        child = wait_for(lambda: children_of(server))[0]
        wait_for(lambda: has_begun(child))  # One that ends before it said so is asked for again.
        os.kill(child, signal.SIGSEGV)
        with pytest.raises(Unreadable) as refused:
            slow.result()
    assert refused.value.code == "too_heavy"
    assert server_pid() == server


def test_a_server_that_was_killed_is_started_again() -> None:
    first = server_pid()
    os.kill(first, signal.SIGKILL)
    assert read().layers[Layer.VISIBLE]
    assert server_pid() != first


def test_twenty_threads_read_at_once() -> None:
    pages = [f"<p>Page {number}</p>".encode() for number in range(20)]
    with ThreadPoolExecutor(20) as pool:
        readings = list(pool.map(read, pages))
    assert [reading.layers[Layer.VISIBLE] for reading in readings] == [
        f"Page {n}" for n in range(20)
    ]
    server = server_pid()
    wait_for(lambda: not children_of(server))


def test_the_server_knows_no_secrets() -> None:
    assert os.environ["COPYDESK_SECRET_KEY"]
    assert b"COPYDESK_" not in Path(f"/proc/{server_pid()}/environ").read_bytes()


def test_nothing_of_the_framework_is_loaded_to_read() -> None:
    code = (
        "import sys; from copydesk.sources.backends import sandbox; assert 'trafilatura' not in sys.modules;"
        "sandbox._preload(); print(sorted({name.partition('.')[0] for name in sys.modules} & {'django', 'wagtail'}))"
    )
    assert run(code) == "[]"


def test_a_forked_process_has_a_server_of_its_own() -> None:
    code = """
import os
from copydesk.sources.backends.sandbox import read_in_sandbox, _server
read_in_sandbox(b"a", content_type="text/plain")
first = _server.process.pid
if not (pid := os.fork()):
    read_in_sandbox(b"b", content_type="text/plain")
    assert _server.process.pid != first
    _server.stop()
    os._exit(0)
assert os.waitpid(pid, 0)[1] == 0
read_in_sandbox(b"c", content_type="text/plain")
assert _server.process.pid == first
print("both read")
"""
    assert run(code) == "both read"


# No guard of `__main__`: what loads this again would read without end.
LIFE = """
import threading, time
from pathlib import Path
from copydesk.sources.backends import sandbox
sandbox.read_in_sandbox(b"a", content_type="text/plain")
pid = sandbox._server.process.pid
while Path(f"/proc/{pid}/task/{pid}/children").read_text():
    time.sleep(0.05)
print(pid, flush=True)
slow = threading.Thread(target=sandbox.read_in_sandbox, args=(SLOW,), kwargs={"content_type": "text/html"})
slow.start()
slow.join()
"""


def test_a_parent_that_is_killed_leaves_no_process(tmp_path: Path) -> None:
    script = tmp_path / "life.py"
    script.write_text(LIFE.replace("SLOW", "b'<p hidden>a b c d e f g h i j</p>' * 300_000"))
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, env=environ) as parent:
        assert parent.stdout
        server = int(parent.stdout.readline())
        child = wait_for(lambda: children_of(server))[0]
        parent.kill()
    wait_for(lambda: not is_alive(server) and not is_alive(child))


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert not done.stderr
    return done.stdout.strip()


def server_pid() -> int:
    read()
    process = sandbox._server.process
    assert process
    return process.pid


def children_of(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [child for child in map(int, listed.split()) if is_alive(child)]


def is_alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def has_begun(pid: int) -> bool:
    """Whether a process has worked for a tenth of a second, more than it takes to say that it is there."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) >= os.sysconf("SC_CLK_TCK") // 10


def wait_for(found: Callable[[], T]) -> T:
    deadline = time.monotonic() + 15
    while not (value := found()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return value
