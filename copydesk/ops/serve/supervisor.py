"""Keeping a few child processes alive, and ending them decently. Knows nothing of what they do."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from copydesk.ops.logic.backoff import next_delay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

logger = logging.getLogger("copydesk.serve")

PR_SET_PDEATHSIG = 1
STOP_SIGNALS = frozenset({signal.SIGTERM, signal.SIGINT})
WATCHED = STOP_SIGNALS | {signal.SIGCHLD}
# How long children may take to finish what they are at.
GRACE_SECONDS = 60.0
# Some tools send the same signal twice, to a process and to its group; a person takes longer.
SAME_SIGNAL_SECONDS = 0.3


@dataclass
class Child:
    """A function that is to run in a process of its own for as long as the supervisor does."""

    name: str
    run: Callable[[], None]
    pid: int = 0
    born: float = 0.0
    delay: float = 0.0
    # When to start it (again); only looked at while it has no process.
    due: float = 0.0


@dataclass
class Supervisor:
    """Starts the children, starts again whichever dies, and stops them all on SIGTERM or SIGINT."""

    children: list[Child]
    grace: float = GRACE_SECONDS
    _told_at: float = field(default=0.0, init=False)

    def run(self) -> int:
        """Return 0 once told to stop and all have ended by themselves, 1 if some had to be killed.

        Forks: call it with one thread running, and no connection open that children must not share.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
        while True:
            self._start_due()
            received = signal.sigtimedwait(WATCHED, self._patience())
            self._reap()
            if self._is_stopping and not self._running():
                return 0
            is_told = received is not None and received.si_signo in STOP_SIGNALS
            if is_told and not self._is_stopping:
                self._begin_to_stop()
            elif self._is_stopping and (self._is_late() or (is_told and self._is_told_again())):
                return self._stop_at_once()

    @property
    def _is_stopping(self) -> bool:
        return self._told_at > 0

    def _is_late(self) -> bool:
        return time.monotonic() >= self._told_at + self.grace

    def _is_told_again(self) -> bool:
        return time.monotonic() >= self._told_at + SAME_SIGNAL_SECONDS

    def _running(self) -> list[Child]:
        return [child for child in self.children if child.pid]

    def _patience(self) -> float:
        """Return the seconds until something is to be done even if nothing happens."""
        if self._is_stopping:
            until = self._told_at + self.grace
        else:
            until = min(
                (child.due for child in self.children if not child.pid), default=float("inf")
            )
        return max(0.0, min(until - time.monotonic(), 3600.0))

    def _start_due(self) -> None:
        for child in self.children:
            if not self._is_stopping and not child.pid and child.due <= time.monotonic():
                child.born = time.monotonic()
                child.pid = _fork(child)

    def _reap(self) -> None:
        while (ended := _ended_child()) is not None:
            pid, status = ended
            for child in self.children:
                if child.pid == pid:
                    self._bury(child, status)

    def _bury(self, child: Child, status: int) -> None:
        # Whatever it has started must not outlive it: a web worker left behind would keep answering on the port.
        _kill_groups([child.pid])
        child.pid = 0
        if self._is_stopping:
            return
        now = time.monotonic()
        child.delay = next_delay(child.delay, now - child.born)
        child.due = now + child.delay
        logger.error(
            "%s ended (%s); starting it again in %.1f s", child.name, _reason(status), child.delay
        )

    def _begin_to_stop(self) -> None:
        logger.info(
            "Stopping: running requests and tasks are finished first. A second signal stops at once."
        )
        self._told_at = time.monotonic()
        for child in self._running():
            os.kill(child.pid, signal.SIGTERM)

    def _stop_at_once(self) -> int:
        running = self._running()
        logger.warning(
            "Stopped at once: %s had not finished", " and ".join(child.name for child in running)
        )
        _kill_groups([child.pid for child in running])
        for child in running:
            os.waitpid(child.pid, 0)
        return 1


def die_with_parent(parent: int) -> None:
    """End this process when `parent`, the process that started it, is gone, however that ends (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _fork(child: Child) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        # A group of its own: Ctrl-C reaches the supervisor alone, and one signal reaches all the child has started.
        os.setpgid(0, 0)
        die_with_parent(parent)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED)
        child.run()
        status = 0
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:
        logger.exception("%s failed", child.name)
    finally:
        # Never back into the supervisor's own code.
        logging.shutdown()
        os._exit(status)


def _ended_child() -> tuple[int, int] | None:
    try:
        pid, status = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return None
    return (pid, status) if pid else None


def _kill_groups(leaders: Iterable[int]) -> None:
    for leader in leaders:
        try:
            os.killpg(leader, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def _reason(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
