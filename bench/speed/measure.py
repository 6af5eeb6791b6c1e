"""What a command costs: the processor's seconds, the clock's and the memory of all its processes."""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import log
from pathlib import Path
from statistics import median
from typing import Final

CLOCK: Final = "1700000000"
_EVERY: Final = 0.02
"""Seconds between two looks at the memory."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one run: ``cpu`` is user and system time of the whole tree, ``wall`` the clock's, both in seconds.

    ``memory`` is the most its processes held at one time, in bytes; 0 when it was not looked at.
    """

    cpu: float
    wall: float
    memory: int = 0


class FailedError(Exception):
    """A command that should have succeeded did not."""


def run(
    command: Sequence[str | Path],
    cwd: Path,
    *,
    memory: bool = False,
    environment: Mapping[str, str] | None = None,
    fails: bool = False,
) -> Cost:
    """Run a command to its end. With ``fails`` a finding (status 1) is no failure."""
    told = os.environ | {"SOURCE_DATE_EPOCH": CLOCK, "PYTHONHASHSEED": "0"} | dict(environment or {})
    told.pop("PYTHONDONTWRITEBYTECODE", None)  # peers are installed with their bytecode, and so is the program
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own commands
        [*map(str, command)], cwd=cwd, env=told, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    watch = _Watch(process.pid) if memory else None
    said = process.stderr.read() if process.stderr else b""
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    peak = watch.stop() if watch else 0
    if process.stderr:
        process.stderr.close()
    if process.returncode not in ((0, 1) if fails else (0,)):
        raise FailedError(f"{' '.join(map(str, command))}: {said.decode('utf-8', 'replace')[-2000:]}")
    return Cost(used.ru_utime + used.ru_stime, wall, peak)


class _Watch:
    """Looks at the memory of a process and its descendants again and again.

    What ``wait4`` says of memory begins with the size of the process that started the command, so it is of no use here.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peak = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def stop(self) -> int:
        self._ended.set()
        self._thread.join()
        return self._peak

    def _look(self) -> None:
        while not self._ended.wait(_EVERY):
            first, *others = _family(self._pid)
            now, most = _sizes(first)
            self._peak = max(self._peak, most, now + sum(map(_own, others)))


def _family(pid: int) -> list[int]:
    """A process and its descendants."""
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            with suppress(OSError):
                found += map(int, task.read_text().split())
    return found


def _sizes(pid: int) -> tuple[int, int]:
    """The resident memory of a process, now and at most, in bytes (proc(5), status)."""
    sizes = {"VmRSS": 0, "VmHWM": 0}
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            name, _, size = line.partition(":")
            if name in sizes:
                sizes[name] = int(size.split()[0]) * 1024
    return sizes["VmRSS"], sizes["VmHWM"]


def _own(pid: int) -> int:
    """The resident memory that a process shares with no other, in bytes (proc(5), smaps_rollup)."""
    own = 0
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            name, _, size = line.partition(":")
            if name in ("Private_Clean", "Private_Dirty"):
                own += int(size.split()[0]) * 1024
    return own


@dataclass(frozen=True, slots=True)
class Pairs:
    """The costs of commands that took turns: one row for each round, one column for each command."""

    rounds: tuple[tuple[Cost, ...], ...]

    def cost(self, column: int) -> Cost:
        """The medians of a command."""
        rows = [row[column] for row in self.rounds]
        return Cost(median(c.cpu for c in rows), median(c.wall for c in rows), max(c.memory for c in rows))

    def ratio(self, what: Callable[[Cost], float], over: int = 1, under: int = 0) -> float:
        """The median of the rounds' quotients: what both share in a round, a busy machine, takes no part."""
        return median(what(row[under]) / what(row[over]) for row in self.rounds)


def in_turns(rounds: int, *commands: Callable[[], Cost]) -> Pairs:
    """A B A B: every round runs each command once."""
    return Pairs(tuple(tuple(command() for command in commands) for _ in range(rounds)))


def slope(points: Sequence[tuple[float, float]]) -> float:
    """The exponent of growth: least squares through the logarithms; 1 is in proportion, 2 is squared."""
    xs, ys = [log(x) for x, _ in points], [log(y) for _, y in points]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)
