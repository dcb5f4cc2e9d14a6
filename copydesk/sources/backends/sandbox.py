"""Reading what strangers wrote, in a process of its own that may fail: `read_in_sandbox`.

A page or a PDF can make its reader loop, eat memory or crash. So each reading runs in a child with limits, and only
the child suffers. Starting an interpreter for each would cost most of a second; so a server process, started once by
the first who reads, loads the libraries and forks a child for each job, which takes 3 to 5 ms (measured).

Why not `multiprocessing`'s forkserver: its children import the parent's `__main__` (pytest, or the `copydesk` entry
point, and with it Django), results come back as pickles, which a child that was taken over could use against the
parent, and its server is one for the whole process, with whatever else uses it. Here

- the server is `python -P -m copydesk.sources.backends.sandbox FD`: no `__main__` of the parent, no folder of the site
  on the path, and none of its environment, so no secrets either;
- each job has a socket pair, one end of which is passed to the server: threads of the parent need no lock between them,
  and the end of a child, of whatever cause, is the end of its stream;
- answers are JSON, and so long and no longer;
- the wall clock is an alarm of the kernel's in the child itself, which ends it whatever it is doing, also when the
  parent and the server are gone;
- the server ends when its control socket does, which the kernel closes however the parent ends, and kills its children.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import math
import os
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from copydesk.sources.logic.reading import (
    Description,
    Field,
    Origin,
    Reading,
    Unreadable,
    read_source,
)
from copydesk.sources.logic.verdicts import Layer

if TYPE_CHECKING:
    from collections.abc import Mapping

GIB: Final = 1 << 30
_LENGTH: Final = struct.Struct("!Q")
# A page of 10 MB, in three layers, as JSON.
_MAX_ANSWER: Final = 100_000_000
_MAX_JOB: Final = 200_000_000
_STARTED: Final = b"+"
# How long a child may take to be there, beside others that start.
_PATIENCE: Final = 30.0
_CHECK_SECONDS: Final = 2.0
_ROOT: Final = str(Path(__file__).resolve().parents[3])


class NoSandbox(RuntimeError):
    """The server process could not be started, or was ended from outside, twice in a row; standard error says why."""


def read_in_sandbox(
    body: bytes,
    *,
    content_type: str,
    url: str = "",
    headers: Mapping[str, str] | None = None,
    timeout_s: float = 20.0,
    memory_bytes: int = GIB,
) -> Reading:
    """Return what `read_source` returns, from a child that has so many seconds and so much address space.

    Any thread may call it; as many children run at once as there are cores, others wait for their turn, which does not
    count as time of theirs.

    Raises:
        Unreadable: as `read_source` does; `too_heavy` where the child took too long, too much, or crashed.
        NoSandbox: nothing can be read on this machine, at the moment or at all.

    """
    job = {
        "content_type": content_type,
        "url": url,
        "headers": dict(headers or {}),
        "seconds": timeout_s,
        "memory": memory_bytes,
    }
    message = _packed(json.dumps(job).encode()) + _packed(body)
    if len(message) > _MAX_JOB:
        raise Unreadable("too_heavy", f"{len(body)} bytes")
    with _server.turns:
        try:
            answer = _ask(message, timeout_s)
        except NoSandbox:
            answer = _ask(message, timeout_s)
    return _reading(answer)


# --- The parent's side


class _Server:
    """The server process of this process, started when it is first needed and again when it is gone."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.control: socket.socket | None = None
        self.unlock()

    def unlock(self) -> None:
        """Make the locks anew: a fork copies them as they are held."""
        self.lock = threading.Lock()
        self.turns = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))

    def submit(self, end: socket.socket) -> subprocess.Popen[bytes]:
        """Pass a job's socket to the server; return which one that is."""
        with self.lock:
            if self.process is None or self.control is None or self.process.poll() is not None:
                self._start()
            assert self.control
            assert self.process
            # A server that is gone is noticed by the silence of the job's socket.
            with contextlib.suppress(OSError):
                socket.send_fds(self.control, [b"j"], [end.fileno()])
            return self.process

    def drop(self, process: subprocess.Popen[bytes]) -> None:
        """End a server that did not answer, unless that has been done; its process may be a moment from its end."""
        with self.lock:
            if self.process is process:
                self.stop()

    def _start(self) -> None:
        self.stop()
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - this interpreter, a module of ours, a number
                [
                    sys.executable,
                    "-P",
                    "-m",
                    "copydesk.sources.backends.sandbox",
                    str(theirs.fileno()),
                ],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=_environment(),
                start_new_session=True,  # A Ctrl-C at the terminal is the parent's to handle.
            )
        self.control = ours

    def stop(self) -> None:
        """End the server and its children."""
        if self.control is not None:
            self.control.close()
        if self.process is not None:
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.control = self.process = None

    def forget(self) -> None:
        """Leave the server to the process this one was forked from."""
        if self.control is not None:
            self.control.close()
        if self.process is not None:
            self.process.returncode = 0  # Another's child: nothing to wait for.
        self.control = self.process = None
        self.unlock()


_server: Final = _Server()
atexit.register(_server.stop)
os.register_at_fork(after_in_child=_server.forget)


def _environment() -> dict[str, str]:
    kept = {
        name: os.environ[name]
        for name in ("PATH", "LANG", "LC_ALL", "TMPDIR")
        if name in os.environ
    }
    return kept | {"PYTHONPATH": _ROOT, "PYTHONDONTWRITEBYTECODE": "1"}


def _ask(message: bytes, timeout_s: float) -> dict[str, Any]:
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            server = _server.submit(theirs)
        # The server may have to load its libraries first, which does not count.
        if _receive(ours, 1, time.monotonic() + _PATIENCE + timeout_s) != _STARTED:
            _server.drop(server)
            raise NoSandbox(f"the server process {server.pid} did not answer")
        deadline = time.monotonic() + timeout_s + 1
        try:
            ours.settimeout(timeout_s + 1)
            ours.sendall(message)
        except OSError as error:
            raise Unreadable("too_heavy", "the reading ended before it began") from error
        size = _receive(ours, _LENGTH.size, deadline)
        length = _LENGTH.unpack(size)[0] if len(size) == _LENGTH.size else 0
        answer = _receive(ours, length, deadline) if 0 < length <= _MAX_ANSWER else b""
    if not answer or len(answer) != length:
        raise Unreadable(
            "too_heavy", f"the reading took over {timeout_s:g} s or too much memory, or crashed"
        )
    found: dict[str, Any] = json.loads(answer)
    return found


def _receive(end: socket.socket, length: int, deadline: float) -> bytes:
    """Return so many bytes, or those that came before the stream or the time ended."""
    got = bytearray()
    while len(got) < length:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        end.settimeout(left)
        try:
            piece = end.recv(min(length - len(got), 1 << 20))
        except OSError:
            break
        if not piece:
            break
        got += piece
    return bytes(got)


def _packed(data: bytes) -> bytes:
    return _LENGTH.pack(len(data)) + data


def _reading(answer: dict[str, Any]) -> Reading:
    if "unreadable" in answer:
        raise Unreadable(*answer["unreadable"])
    found = answer["reading"]
    said = {name: _field(value) for name, value in found.pop("description").items()}
    layers = {Layer(name): text for name, text in found.pop("layers").items()}
    return Reading(layers=layers, description=Description(**said), **found)


def _field(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_field(each) for each in value)
    return Field(value["value"], Origin(value["origin"])) if value else None


# --- The server's side


def serve(control: socket.socket, parent: int) -> None:
    """Fork a child for each socket that comes in, until the control socket ends or the parent is another."""
    _preload()
    children: set[int] = set()
    while True:
        ready, _, _ = select.select([control], [], [], _CHECK_SECONDS)
        children -= _ended()
        if not ready:
            # A fork of the parent may hold a copy of its end.
            if os.getppid() != parent:
                break
            continue
        _data, fds, _flags, _address = socket.recv_fds(control, 1, 1)
        if not fds:
            break
        pid = os.fork()
        if not pid:
            control.close()
            _run(socket.socket(fileno=fds[0]))
        children.add(pid)
        os.close(fds[0])
    for pid in children - _ended():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


# A page that says little of itself and has an article; one with hardly a word, which makes the extractor load its word
# lists, half a second's work; and one whose encoding has to be guessed.
_SAMPLES: Final = (
    b"<html><head><title>a</title></head><body><article><p>"
    + b"Some words of a page, 4 May 2020. </p><p>" * 40
    + b"</article></body></html>",
    b"<p>a word, and the imprint, 2020",
    "<p>Le caf\xe9 est ferm\xe9 depuis l'\xe9t\xe9 dernier, dit-il.".encode("latin-1") * 3,
)


def _preload() -> None:
    """Load all that reading needs, and keep the collector of garbage from touching, and so copying, its pages."""
    for sample in _SAMPLES:
        read_source(sample, content_type="text/html")
    gc.collect()
    gc.freeze()


def _ended() -> set[int]:
    ended: set[int] = set()
    while True:
        try:
            pid, _status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if not pid:
            return ended
        ended.add(pid)


# --- The child's side


def _run(end: socket.socket) -> NoReturn:
    """Read one job from the socket, write its answer, and end without any tidying up."""
    status = 1
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        os.nice(10)
        end.sendall(_STARTED)
        forever = time.monotonic() + _PATIENCE
        job = json.loads(_unpack(end, forever))
        _limit(job["seconds"], job["memory"])
        end.sendall(
            _packed(json.dumps(_answer(_unpack(end, forever + job["seconds"]), job)).encode())
        )
        status = 0
    finally:
        os._exit(status)


def _unpack(end: socket.socket, deadline: float) -> bytes:
    return _receive(end, _LENGTH.unpack(_receive(end, _LENGTH.size, deadline))[0], deadline)


def _limit(seconds: float, memory: int) -> None:
    """Bound this process, and have the kernel end it when its time is up."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    cpu = math.ceil(seconds)
    for what, limit in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu + 1),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        _soft, hard = resource.getrlimit(what)
        ceiling = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(what, (ceiling, ceiling))


def _answer(body: bytes, job: dict[str, Any]) -> dict[str, Any]:
    try:
        reading = read_source(
            body, content_type=job["content_type"], url=job["url"], headers=job["headers"]
        )
    except Unreadable as error:
        return {"unreadable": [error.code, error.message]}
    except (MemoryError, RecursionError) as error:
        return {"unreadable": ["too_heavy", f"{type(error).__name__} while it was read"]}
    return {"reading": asdict(reading)}


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as inherited:
        serve(inherited, os.getppid())
