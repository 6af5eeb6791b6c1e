"""Where the lock comes from: the project's file, or the record inside a package we built before."""

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from cardforge.diagnostics import Code, Sink, Span
from cardforge.identity.lock import HEADER, Note, read_lock, write_lock

_CACHE = ".cardforge_cache"
_PATIENCE = 10.0
"""Seconds to wait for another build of the project."""
RECORD = "cardforge.lock"
"""The entry of a package that says what its notes were; Anki 23.12 to 26.9 pass it over."""
_LONGEST_RECORD = 1 << 28


@dataclass(frozen=True, slots=True)
class Ledger:
    """The notes of the last build and where they are kept: ``path`` is None for a one-off run."""

    path: Path | None = None
    text: str = ""
    notes: Mapping[str, Note] = field(default_factory=dict)

    def update(self, notes: Mapping[str, Note]) -> str | None:
        """The text to write, or None when it is what the file holds."""
        text = write_lock(notes.values())
        return None if text == self.text else text


def open_ledger(path: Path, shown: str, sink: Sink) -> Ledger:
    """The lock at ``path``; an absent one is empty, an unusable one a finding."""
    if path.exists() and not path.is_file() and not path.is_dir():  # a pipe would wait for a writer for ever
        sink.add(Code.UNREADABLE_FILE, Span(shown), "The lock cannot be read: it is no file.", "Move it away.")
        return Ledger(path)
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return Ledger(path)
    except UnicodeDecodeError:
        sink.add(
            Code.BAD_LOCK, Span(shown, 1, 1, 1, 2), "The lock cannot be used. It is not UTF-8.", "Restore it from git."
        )
        return Ledger(path)
    except OSError as error:
        told = error.strerror or str(error)
        sink.add(Code.UNREADABLE_FILE, Span(shown), f"The lock cannot be read: {told}.", "Check its rights.")
        return Ledger(path)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    return Ledger(path, text, read_lock(shown, text, sink) or {})


def ledger_in(package: Path) -> dict[str, Note]:
    """The notes recorded in a package of ours; none for any other file."""
    try:
        if not package.is_file():  # a pipe would wait for a writer for ever
            return {}
        with zipfile.ZipFile(package) as archive:
            if archive.getinfo(RECORD).file_size > _LONGEST_RECORD:
                return {}
            text = archive.read(RECORD).decode("utf-8")
    except (OSError, zipfile.BadZipFile, KeyError, UnicodeDecodeError, zlib.error, NotImplementedError, RuntimeError):
        return {}
    return read_lock(package.name, text, Sink()) or {} if text.startswith(HEADER) else {}


@contextmanager
def one_build_at_a_time(root: Path | None, sink: Sink) -> Iterator[None]:
    """Hold a project while its lock is read, changed and written; a finding when another build does not let go."""
    if root is None:
        yield
        return
    folder = root / _CACHE
    try:
        folder.mkdir(exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", "utf-8")
        guard = FileLock(folder / "build.lock", timeout=_PATIENCE)
        guard.acquire()
    except Timeout:
        message = "Another build of this project is running and holds its lock."
        sink.add(Code.UNWRITABLE_OUTPUT, Span(""), message, "Wait for it to end, or end it, and build again.")
        yield
        return
    except OSError:
        # A project that cannot be written to: the build itself will say so where it matters.
        yield
        return
    try:
        yield
    finally:
        guard.release()
