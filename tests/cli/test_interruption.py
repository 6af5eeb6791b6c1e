"""Long work says how far it is, on a terminal alone; and the person can end it at any time."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, active_count
from typing import Any
from uuid import uuid4

import pytest

from cardforge.cli.options import Manners
from cardforge.cli.progress import progress
from cardforge.config import Settings
from cardforge.diagnostics import Sink
from cardforge.interruption import INTERRUPTED, until_interrupted
from cardforge.pipeline import Request, read
from cardforge.pipeline.entries import processes, reading
from command import ROOT, cardforge, write

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and terminals are those of POSIX")
_CARD = "Q: What is {name}?\nA: It is {words}\n\n"
_WORDS = "*one* of many `words` that mean nothing at all, and are **long**. " * 12


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that takes some seconds to read, in two processes."""
    files: dict[str, str | bytes] = {"cardforge.toml": 'namespace = "tests"\n'}
    for chapter in range(60):
        cards = (_CARD.format(name=f"{chapter}.{card}", words=_WORDS) for card in range(160))
        files[f"cards/{chapter:02}.md"] = "".join(cards)
    return write(tmp_path_factory.mktemp("large") / "course", files)


def _started(folder: Path, mark: str, *arguments: str, stderr: int = subprocess.PIPE) -> "subprocess.Popen[bytes]":
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "CARDFORGE_JOBS": "2", "MARK": mark, "TERM": "xterm"}
    command = [sys.executable, "-m", "cardforge", *arguments]
    return subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=stderr)


def _running(mark: str) -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"MARK={mark}".encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text())
        except OSError:
            continue
    return found


@pytest.mark.parametrize("after", [0.15, 0.5, 1.2, 2.0])
def test_an_interruption_leaves_everything_as_it_was(after: float, large: Path) -> None:
    mark = uuid4().hex
    write(large, {"build/course.apkg": b"the old one"})
    run = _started(large, mark, "build", "anki")
    time.sleep(after)
    run.send_signal(signal.SIGINT)
    begun = time.monotonic()
    _, err = run.communicate(timeout=60)
    assert time.monotonic() - begun < 5
    assert b"Traceback" not in err, err
    assert run.returncode == 130
    assert {path.name for path in large.iterdir()} <= {"cardforge.toml", "cards", "build", ".cardforge_cache"}
    assert [path.read_bytes() for path in (large / "build").iterdir()] == [b"the old one"]
    assert list(large.rglob("*.part")) == []
    if sys.platform == "linux":
        time.sleep(0.2)
        assert _running(mark) == []


def _interrupt() -> None:
    signal.raise_signal(signal.SIGINT)
    for _ in range(9):  # Python hears signals between two steps
        pass


def _from_a_finalizer() -> int:
    """Python says of an exception in such a place that it is ignored, and goes on."""

    class Thing:
        def __del__(self) -> None:
            _interrupt()

    Thing()
    time.sleep(30)
    return 0


def _from_a_class_that_is_being_made() -> int:
    class Field:
        def __set_name__(self, owner: type, name: str) -> None:
            _interrupt()

    type("Holder", (), {"field": Field()})
    return 0


def _from_the_middle() -> int:
    try:
        _interrupt()
    finally:
        _interrupt()  # a second one leaves the tidying up alone
    return 0


@pytest.mark.parametrize("work", [_from_a_finalizer, _from_a_class_that_is_being_made, _from_the_middle])
def test_an_interruption_ends_the_run_whatever_it_meets(work: Callable[[], int]) -> None:
    before, hook = signal.getsignal(signal.SIGINT), sys.unraisablehook
    begun = time.monotonic()
    assert until_interrupted(work) == INTERRUPTED
    assert time.monotonic() - begun < 5
    assert (signal.getsignal(signal.SIGINT), sys.unraisablehook) == (before, hook)


def test_an_interruption_lost_at_the_very_end_meets_nobody_else() -> None:
    class Thing:
        def __del__(self) -> None:
            _interrupt()

    def work() -> int:
        Thing()
        return 0

    assert until_interrupted(work) in (0, INTERRUPTED)
    time.sleep(0.1)  # a KeyboardInterrupt would come here


def test_what_is_no_interruption_goes_its_way(capsys: pytest.CaptureFixture[str]) -> None:
    class Thing:
        def __del__(self) -> None:
            raise ValueError("lost")

    def work() -> int:
        Thing()
        return 7

    assert until_interrupted(work) == 7
    assert "ValueError: lost" in capsys.readouterr().err
    with pytest.raises(ZeroDivisionError):
        until_interrupted(lambda: 1 // 0)


@pytest.mark.parametrize("copies", [False, True])
def test_what_another_process_read_is_put_away_before_an_interrupted_run_ends(
    large: Path, monkeypatch: pytest.MonkeyPatch, *, copies: bool
) -> None:
    taken, put = Event(), Event()

    def slowly(*given: Any) -> Any:
        taken.set()
        time.sleep(0.3)
        made = take_over(*given)
        put.set()
        return made

    def interrupted(*_: int) -> None:
        if active_count() == 1:
            return  # no other process has been started
        assert taken.wait(30)
        raise KeyboardInterrupt

    take_over = reading.take_over
    monkeypatch.setattr(reading, "take_over", slowly)
    monkeypatch.setattr(processes, "_MAY_COPY", copies)
    monkeypatch.setenv("CARDFORGE_JOBS", "2")
    sources = tuple(f"cards/{chapter:02}.md" for chapter in range(60))
    with pytest.raises(KeyboardInterrupt):
        read(Request(Settings(None), large, 0, sources, tell=interrupted), Sink())
    assert put.is_set()


def test_long_work_is_told_on_a_terminal_and_not_elsewhere(large: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    run = _started(large, "", "check", stderr=theirs)
    os.close(theirs)
    told = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # Linux ends a terminal so
            break
        if not piece:
            break
        told += piece
    run.communicate()
    os.close(ours)
    lines = told.split(b"\r\x1b[K")
    counts = [int(line.split()[1]) for line in lines if line.startswith(b"reading: ")]
    assert len(counts) > 3
    assert counts == sorted(counts)
    assert all(b" of 60 files" in line for line in lines if line.startswith(b"reading: "))
    assert lines[-1].startswith(b"9,600 cards in 60 files"), "the line is gone in the end"
    assert b"\x1b[K" not in cardforge(large, "check", "--select", "bad-formula").err


def test_a_quiet_run_shows_no_progress(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("cardforge.cli.progress._LONG", 0.0)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    for quiet, expected in ((True, ""), (False, "\r\x1b[Kreading: 1 of 9 files\r\x1b[K")):
        with progress(Manners(quiet=quiet)) as meter:
            meter.files(1, 9)
        assert capsys.readouterr().err == expected
