"""Finds the sources of a run and reads their text."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cardforge.diagnostics import Code, Sink, Span

ENDINGS = (".md", ".mdx", ".markdown")
STDIN = "-"
STDIN_NAME = "<stdin>"


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read. ``shown`` is its POSIX path for people, ``path`` None for standard input.

    ``folder`` bounds the media it may show: the project's root, or for a file outside of it the file's own folder.
    """

    shown: str
    path: Path | None
    folder: Path
    named: bool
    in_project: bool

    @property
    def stem(self) -> str:
        """The file's name without its ending."""
        return self.path.stem if self.path else "stdin"


def discover(arguments: Iterable[str], base: Path, root: Path | None, cwd: Path, sink: Sink) -> list[Source]:
    """The files behind ``arguments`` (relative to ``base``), ordered by the bytes of their path, each once."""
    found: dict[str, Source] = {}
    for argument in arguments:
        if argument == STDIN:
            found.setdefault(STDIN, Source(STDIN_NAME, None, cwd, named=True, in_project=False))
            continue
        path = Path(os.path.normpath(base / argument))
        if path.is_dir():
            for file in sorted(_walk(path, sink, cwd), key=lambda p: os.fsencode(p.as_posix())):
                found.setdefault(str(file), _source(file, root, cwd, named=False))
        elif path.exists():
            found[str(path)] = _source(path, root, cwd, named=True)
        else:
            hint = "Check the name; names with blanks need quotes."
            sink.add(Code.UNREADABLE_FILE, Span(show_path(path, cwd)), "There is no such file or folder.", hint)
    return sorted(found.values(), key=lambda source: os.fsencode(source.shown))


def _walk(folder: Path, sink: Sink, cwd: Path) -> Iterable[Path]:
    def failed(error: OSError) -> None:
        shown = show_path(Path(error.filename), cwd)
        sink.add(
            Code.UNREADABLE_FILE, Span(shown), f"The folder cannot be read: {error.strerror}.", "Check its rights."
        )

    for parent, folders, files in os.walk(folder, onerror=failed):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "node_modules")
        for name in files:
            path = Path(parent, name)
            inside = not path.is_symlink() or path.resolve().is_relative_to(folder.resolve())
            if path.suffix.lower() in ENDINGS and not name.startswith(".") and inside:
                yield path


def _source(path: Path, root: Path | None, cwd: Path, *, named: bool) -> Source:
    in_project = root is not None and path.is_relative_to(root)
    folder = root if in_project and root is not None else path.parent
    return Source(show_path(path, cwd), path, folder, named, in_project)


def show_path(path: Path, cwd: Path) -> str:
    """A path as people see it: POSIX, relative to the working directory when below or near it."""
    try:
        relative = Path(os.path.relpath(path, cwd)).as_posix()
    except ValueError:  # another drive
        return path.as_posix()
    return path.as_posix() if relative.startswith("../../..") else relative


def read_text(source: Source, stdin: bytes, sink: Sink) -> str | None:
    """The text of a source, or None with a finding."""
    try:
        data = stdin if source.path is None else source.path.read_bytes()
    except OSError as error:
        told = error.strerror or str(error)
        sink.add(Code.UNREADABLE_FILE, Span(source.shown), f"The file cannot be read: {told}.", "Check its rights.")
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        sink.add(
            Code.NOT_UTF8,
            Span(source.shown, line, column, line, column + 1),
            f"The byte 0x{data[error.start]:02x} is not UTF-8.",
            "Save the file with the encoding UTF-8.",
        )
        return None
