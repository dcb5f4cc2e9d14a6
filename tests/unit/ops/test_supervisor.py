"""The supervisor with children of a few lines, in a process of its own: it forks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

START = """
import logging, os, signal, sys, time
from copydesk.ops.serve.supervisor import Child, Supervisor
logging.basicConfig(level="INFO", format="%(message)s")
note = lambda *words: os.write(1, (" ".join(map(str, words)) + "\\n").encode())
"""
ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 30


class Started:
    def __init__(self, script: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", START + script],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
        )
        self.lines: list[str] = []

    def read_until(self, word: str) -> str:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.strip())
            if word in line:
                return line.strip()
        raise AssertionError(f"{word!r} never came: {self.lines}")

    def end(self) -> int:
        status = self.process.wait(PATIENCE)
        assert self.process.stdout
        self.lines += [line.strip() for line in self.process.stdout]
        return status


@pytest.fixture
def start() -> Iterator[Callable[[str], Started]]:
    started: list[Started] = []

    def do(script: str) -> Started:
        started.append(Started(script))
        return started[-1]

    yield do
    for one in started:
        one.process.kill()
        one.process.wait()
        assert one.process.stdout
        one.process.stdout.close()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="ascii")


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


OBEDIENT = """
def child():
    signal.signal(signal.SIGTERM, lambda *_: (note("finishing"), time.sleep(0.3), note("finished"), os._exit(0)))
    note("child", os.getpid())
    while True: time.sleep(60)
sys.exit(Supervisor([Child("It", child)]).run())
"""
STUBBORN = """
def child():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if grandchild := os.fork():
        note("started", os.getpid(), grandchild)
    time.sleep(60)
sys.exit(Supervisor([Child("It", child)], grace={grace}).run())
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_children_finish_and_the_status_is_0(
    start: Callable[[str], Started], number: signal.Signals
) -> None:
    one = start(OBEDIENT)
    one.read_until("child")
    one.process.send_signal(number)
    assert one.end() == 0
    assert one.lines[-2:] == ["finishing", "finished"]


def test_the_same_signal_twice_at_once_counts_as_one(start: Callable[[str], Started]) -> None:
    one = start(OBEDIENT)
    one.read_until("child")
    one.process.send_signal(signal.SIGTERM)
    one.read_until("finishing")
    one.process.send_signal(signal.SIGTERM)
    assert one.end() == 0


def test_a_second_signal_stops_at_once(start: Callable[[str], Started]) -> None:
    one = start(STUBBORN.format(grace=600))
    child, grandchild = map(int, one.read_until("started").split()[1:])
    one.process.send_signal(signal.SIGTERM)
    one.read_until("Stopping")
    time.sleep(0.5)
    one.process.send_signal(signal.SIGTERM)
    assert one.end() == 1
    assert one.lines[-1] == "Stopped at once: It had not finished"
    wait_until(lambda: not is_alive(child) and not is_alive(grandchild))


def test_who_does_not_finish_in_time_is_killed_with_all_it_started(
    start: Callable[[str], Started],
) -> None:
    one = start(STUBBORN.format(grace=0.2))
    grandchild = int(one.read_until("started").split()[2])
    one.process.send_signal(signal.SIGTERM)
    assert one.end() == 1
    wait_until(lambda: not is_alive(grandchild))


def test_a_dead_child_is_started_again_and_that_is_one_line(
    start: Callable[[str], Started],
) -> None:
    one = start(OBEDIENT)
    first = int(one.read_until("child").split()[1])
    os.kill(first, signal.SIGKILL)
    assert one.read_until("ended") == "It ended (killed by SIGKILL); starting it again in 0.2 s"
    assert int(one.read_until("child").split()[1]) != first


def test_a_child_that_fails_is_started_again_later_each_time(
    start: Callable[[str], Started],
) -> None:
    one = start("Supervisor([Child('It', lambda: sys.exit(3))]).run()")
    waits = [one.read_until("ended").partition("again in ")[2] for _time in range(3)]
    assert waits == ["0.2 s", "0.4 s", "0.8 s"]
    assert "It ended (exit status 3)" in one.lines[0]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_children_do_not_outlive_a_supervisor_that_is_killed(
    start: Callable[[str], Started],
) -> None:
    one = start(OBEDIENT)
    child = int(one.read_until("child").split()[1])
    one.process.kill()
    wait_until(lambda: not is_alive(child))
