"""Processes of this program beside the run: copies of it where that is safe, else fresh ones."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from cardforge.values import dataclass

Serve = Callable[[IO[bytes], IO[bytes]], None]
"""What a process does: it answers on the second pipe what is asked on the first, until that ends."""
_MAY_COPY: Final = sys.platform == "linux"  # elsewhere libraries of the system do not survive it
_FIRST_OF_OTHERS: Final = 3
_OPEN_FILES: Final = "/proc/self/fd"


@dataclass(frozen=True, slots=True)
class Helper:
    """A process: what is asked of it goes into one pipe, what it answers comes out of the other."""

    questions: IO[bytes]
    answers: IO[bytes]
    kill: Callable[[], object]
    wait: Callable[[], object]


def are_copies() -> bool:
    """Whether a process that is started now is a copy of this one, with all it has loaded."""
    # A thread is not copied, and what it holds stays held. Without /proc nobody can tell which files to close.
    return _MAY_COPY and threading.active_count() == 1 and os.path.isdir(_OPEN_FILES)  # noqa: PTH112 - asked once or twice


def start(serve: Serve) -> Helper:
    """A process that serves, which is a function of a module. Raises OSError."""
    return _copied(serve) if are_copies() else _fresh(serve)


def _copied(serve: Serve) -> Helper:
    """A copy of this process. It ends where it has served, whatever happens: the rest of the run is not its own."""
    for_it, questions = os.pipe()
    answers, from_it = os.pipe()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process = os.fork()
        if not process:
            try:
                _serve_apart(serve, for_it, from_it)
            finally:
                os._exit(0)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os.close(for_it)
        os.close(from_it)

    def kill() -> None:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)

    def wait() -> None:
        with suppress(ChildProcessError):
            os.waitpid(process, 0)

    return Helper(os.fdopen(questions, "wb"), os.fdopen(answers, "rb"), kill, wait)


def _serve_apart(serve: Serve, questions: int, answers: int) -> None:
    os.setsid()  # an interruption from the keyboard is for the run, which ends its helpers
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream, file in enumerate((questions, answers, nowhere)):
        os.dup2(file, stream)
    # A pipe of another helper that is held open here would not end, and what the run has locked would stay locked.
    for file in map(int, os.listdir(_OPEN_FILES)):  # noqa: PTH208 - numbers are wanted
        if file >= _FIRST_OF_OTHERS:
            with suppress(OSError):  # the listing's own is closed by now
                os.close(file)
    with os.fdopen(0, "rb") as asked, os.fdopen(1, "wb") as answered:
        serve(asked, answered)


def _fresh(serve: Serve) -> Helper:
    """A process of this Python and this program: nothing of the working directory, which may be a stranger's."""
    home = str(Path(__file__).parents[3])
    paths = os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH", "")]))
    told = f"import sys; from {serve.__module__} import {serve.__name__} as serve"
    process = subprocess.Popen(  # noqa: S603 - this very Python
        [sys.executable, "-P", "-c", f"{told}; serve(sys.stdin.buffer, sys.stdout.buffer)"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": paths},
        start_new_session=True,  # as above
    )
    assert process.stdin is not None  # noqa: S101 - it is a pipe
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    return Helper(process.stdin, process.stdout, process.kill, process.wait)
