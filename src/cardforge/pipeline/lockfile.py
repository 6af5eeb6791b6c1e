"""Where the lock comes from: the project's file, or the record inside a package we built before."""

import os
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import field
from pathlib import Path

from filelock import FileLock, Timeout

from cardforge.diagnostics import Code, Sink, Span
from cardforge.identity.lock import FILE_NAME, LockText, Note, read_lock
from cardforge.identity.record import read_record
from cardforge.values import dataclass

_CACHE = ".cardforge_cache"
_GUARD = "build.lock"
_PATIENCE = 10.0
"""Seconds to wait for another build of the project."""
RECORD = "cardforge.lock"
"""The entry of a package that says what its notes were; Anki 23.12 to 26.9 pass it over."""
_PARTS = ((RECORD, 1 << 26), ("collection.anki2", 1 << 30))
"""What the notes of a package are read from, and how many bytes it may have: some 500,000 notes."""
_MOST_PACKED = 100
"""How many times smaller a part may be packed; one of ours is packed 20 times, a bomb a thousand times."""
_WRONG = (ValueError, TypeError, LookupError, AttributeError, OverflowError)
"""What reading a stranger's record may raise; RecursionError and NotImplementedError are RuntimeErrors."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The notes of the last build and where they are kept: ``path`` is None for a one-off run."""

    path: Path | None = None
    data: bytes = b""
    notes: Mapping[str, Note] = field(default_factory=dict)

    def update(self, notes: Mapping[str, Note]) -> LockText | None:
        """The lock to write, or None when it is what the file holds, whatever its line endings."""
        return LockText(notes.values()).behind(self.data)


def open_ledger(path: Path, shown: str, sink: Sink) -> Ledger:
    """The lock at ``path``; an absent one is empty, an unusable one a finding."""
    if path.exists() and not path.is_file() and not path.is_dir():  # a pipe would wait for a writer for ever
        sink.add(Code.UNREADABLE_FILE, Span(shown), "The lock cannot be read: it is no file.", "Move it away.")
        return Ledger(path)
    try:
        data = path.read_bytes()
        text = data.decode("utf-8")
    except FileNotFoundError:
        if path.is_symlink():  # taken for no lock, it would give every note a new identity
            told = "The lock cannot be read: it is a link to a file that is not there."
            sink.add(Code.UNREADABLE_FILE, Span(shown), told, "Bring the file back, or remove the link.")
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
    if text.startswith("\ufeff") or "\r\n" in text:
        text = text.removeprefix("\ufeff").replace("\r\n", "\n")
        data = text.encode()
    return Ledger(path, data, read_lock(shown, text, sink) or {})


def ledger_in(package: Path) -> dict[str, Note]:
    """The notes recorded in a package of ours; none for any other file."""
    import sqlite3  # here, for most runs read no package

    from cardforge.backends.anki.shown import notes_in

    try:
        if not package.is_file():  # a pipe would wait for a writer for ever
            return {}
        with zipfile.ZipFile(package) as archive:
            record, collection = (_unpacked(archive, name, most) for name, most in _PARTS)
        # A record was the lock itself before it left out what the package says.
        text = read_record(record, notes_in(collection)) if record.startswith(b"{") else record.decode()
    except (OSError, zipfile.BadZipFile, zlib.error, sqlite3.Error, RuntimeError, *_WRONG):
        return {}
    return read_lock(package.name, text, Sink()) or {}


def _unpacked(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """An entry of a package. Raises ValueError for one that is larger than any of ours."""
    entry = archive.getinfo(name)
    if entry.file_size > min(most, _MOST_PACKED * max(entry.compress_size, 1024)):
        raise ValueError(entry.file_size)
    return archive.read(name)


@contextmanager
def one_build_at_a_time(root: Path | None, lock: Path | None, sink: Sink) -> Iterator[None]:
    """Hold a project and a lock named beside it while they are read, changed and written.

    A finding when another build does not let go. Two names of one lock are one lock: it is held where links lead.
    """
    kept = lock or (root / FILE_NAME if root else None)
    held = {Path(os.path.realpath(kept)).parent: "with this lock"} if kept else {}
    if root:
        held[Path(os.path.realpath(root))] = "of this project"
    with ExitStack() as guards:
        for folder, which in sorted(held.items()):
            _hold(folder, which, guards, sink)
        yield


def _hold(place: Path, which: str, guards: ExitStack, sink: Sink) -> None:
    """Hold a folder until the guards are let go."""
    folder = place / _CACHE
    ignore = folder / ".gitignore"
    if any(each.is_symlink() for each in (folder, ignore, folder / _GUARD)):
        message = "This folder, or a file in it, is a link: a build would write where it leads."
        sink.add(Code.UNWRITABLE_OUTPUT, Span(_CACHE), message, "Remove it; it is made anew.")
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not ignore.exists():
            ignore.write_text("*\n", "utf-8")
        guards.enter_context(FileLock(folder / _GUARD, timeout=_PATIENCE))
    except Timeout:
        message = f"Another build {which} is running."
        sink.add(Code.UNWRITABLE_OUTPUT, Span(""), message, "Wait for it to end, or end it, and build again.")
    except OSError:
        pass  # a place that cannot be written to: the build itself will say so where it matters
