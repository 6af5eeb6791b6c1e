"""The learner's side: a real Anki collection, of the newest Anki in this process or of an older one in its own.

Run as a script by another Python, this file serves that Python's Anki over its standard input and output.
"""

import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, Any, Final, Protocol

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
else:  # the other Python has nothing but Anki
    import pytest
    from filelock import FileLock

from anki_harness import Anki, CardView, Log, opened

OLD_ANKI: Final = "24.11"
CACHE: Final = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cardforge-tests"
KEEPS_TIMES_SINCE: Final = (25, 2)
"""From this version on an updated note has the package's time; before, that of the import."""


class Call(Protocol):
    """Something done to the open collection, by the name of a method of :class:`anki_harness.Anki` or of ``_ALSO``."""

    def __call__(self, name: str, /, *arguments: object, **named: object) -> Any: ...


class Learner:
    """An open collection, whichever Anki it belongs to."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self.version: str = call("version")
        self.keeps_times = tuple(int(part) for part in self.version.split(".")[:2]) >= KEEPS_TIMES_SINCE

    def read(self, package: bytes) -> Log:
        """Import a package as the dialog does."""
        log: Log = self._call("read", package)
        return log

    def edit(self, guid: str, *, modified: int, **fields: str) -> None:
        """Change fields as in the browser, at a time."""
        self._call("edit", guid, modified=modified, **fields)

    def answer(self, guid: str) -> CardView:
        """Answer the note's first card with "good"."""
        card: CardView = self._call("answer", guid)
        return card

    def guids(self) -> list[str]:
        found: list[str] = self._call("guids")
        return found

    def cards(self, guid: str) -> dict[int, CardView]:
        found: dict[int, CardView] = self._call("cards", guid)
        return found

    def media(self) -> dict[str, bytes]:
        found: dict[str, bytes] = self._call("media")
        return found

    def problems(self) -> list[str]:
        """What Anki complains of, but for media that no note shows any more."""
        return [problem for problem in self._call("problems") if "unused" not in problem]

    def rows(self, query: str) -> list[Any]:
        """Rows of the collection's database."""
        return list(self._call("rows", query))

    def set_times(self, times: dict[str, int]) -> None:
        """Date notes back: what an older Anki dates by its own clock belongs to the test's."""
        self._call("set_times", times)


def _version(_anki: Anki) -> str:
    from anki.buildinfo import version

    return str(version)


def _rows(anki: Anki, query: str) -> list[Any]:
    return [tuple(row) for row in anki.col.db.all(query)]


def _set_times(anki: Anki, times: dict[str, int]) -> None:
    for guid, time in times.items():
        anki.col.db.execute("update notes set mod = ? where guid = ?", time, guid)


_ALSO: Final[dict[str, Callable[..., Any]]] = {"version": _version, "rows": _rows, "set_times": _set_times}


def _act(anki: Anki, name: str, arguments: Sequence[object], named: dict[str, Any]) -> Any:
    if name in _ALSO:
        return _ALSO[name](anki, *arguments, **named)
    return getattr(anki, name)(*arguments, **named)


@contextmanager
def newest(folder: Path) -> Iterator[Learner]:
    """A collection of the Anki installed here."""
    with opened(folder) as anki:

        def call(name: str, /, *arguments: object, **named: object) -> Any:
            return _act(anki, name, arguments, named)

        yield Learner(call)


# ---- an older Anki


class Older:
    """A process of another Python, whose Anki opens one collection at a time."""

    def __init__(self, python: Path) -> None:
        self._process = subprocess.Popen([python, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def call(self, name: str, /, *arguments: object, **named: object) -> Any:
        """Do something there; what it raises is raised here, as an AssertionError."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        _send(self._process.stdin, (name, arguments, named))
        value, trouble = pickle.load(self._process.stdout)  # noqa: S301 - from this file, in the process made above
        assert trouble is None, trouble
        return value

    @contextmanager
    def opened(self, folder: Path) -> Iterator[Learner]:
        """A collection of that Anki."""
        self.call("open", folder)
        try:
            yield Learner(self.call)
        finally:
            self.call("close")


@cache
def older() -> Older:
    """The older Anki, installed once and running until these tests end."""
    folder = CACHE / f"anki-{OLD_ANKI}"
    python = folder / "bin" / "python"
    CACHE.mkdir(parents=True, exist_ok=True)
    with FileLock(CACHE / f"anki-{OLD_ANKI}.lock"):  # tests run in several processes
        if not (folder / "ready").is_file():
            shutil.rmtree(folder, ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
            install(python, f"anki=={OLD_ANKI}")
            (folder / "ready").touch()
    return Older(python)


def install(python: Path, *arguments: str) -> None:
    """Run pip; where it cannot fetch, the test ends here, loudly."""
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    if done.returncode != 0:
        said = f"NOT TESTED: {arguments[0]} cannot be installed: {done.stderr.strip().splitlines()[-1:]}"
        if os.environ.get("CI", "").lower() in {"true", "1", "yes"}:
            pytest.fail(said, pytrace=False)
        pytest.skip(said)


def _send(stream: IO[bytes], value: object) -> None:
    pickle.dump(value, stream)
    stream.flush()


def _serve(asked: IO[bytes], told: IO[bytes]) -> None:
    """Do what is asked until nothing more is."""
    place: Any = None
    anki: Any = None
    while True:
        try:
            name, arguments, named = pickle.load(asked)  # noqa: S301 - from the process that started this one
        except EOFError:
            return
        value, trouble = None, None
        try:
            if name == "open":
                place = opened(*arguments)
                anki = place.__enter__()
            elif name == "close":
                place.__exit__(None, None, None)
            else:
                value = _act(anki, name, arguments, named)
        except BaseException as error:  # noqa: BLE001 - Anki's Rust side panics with a BaseException
            trouble = f"{type(error).__name__}: {error}"
        _send(told, (value, trouble))


if __name__ == "__main__":
    _replies = sys.stdout.buffer
    sys.stdout = sys.stderr  # Anki's Python side prints now and then
    _serve(sys.stdin.buffer, _replies)
