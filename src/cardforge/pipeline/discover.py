"""Finds the sources of a run."""

import os
from collections.abc import Iterable
from pathlib import Path

from cardforge.diagnostics import Code, Sink, Span
from cardforge.values import dataclass

ENDINGS = (".md", ".mdx", ".markdown")
MOST_BYTES = 64 * 1024 * 1024
"""Bytes a source may have."""
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

    @property
    def order(self) -> bytes:
        """What sources are ordered by: the bytes of the path, wherever the run was started; standard input first."""
        return os.fsencode(self.path.as_posix()) if self.path else b""


def is_folder(path: Path) -> bool:
    """Whether a folder is there; a name no system could hold is none."""
    return os.path.isdir(path)  # noqa: PTH112 - pathlib's raises for names that are too long


_CHECK_NAME = "Check the name; one with blanks needs quotes."


def discover(
    arguments: Iterable[str], base: Path, root: Path | None, cwd: Path, sink: Sink, absent: str = ""
) -> list[Source]:
    """The files behind ``arguments`` (relative to ``base``), ordered by the bytes of their path, each once.

    ``absent`` says that it is the config that names them, and what to do about one that is not there. A config may
    come from a stranger: what it names has to be a file or a folder in the project.
    """
    found: dict[str, Source] = {}
    for argument in arguments:
        if argument == STDIN and not absent:
            found.setdefault(STDIN, Source(STDIN_NAME, None, cwd, named=True, in_project=False))
            continue
        path = Path(os.path.normpath(base / argument))
        if absent and os.path.exists(path) and (trouble := _not_ours(path, base)):  # noqa: PTH110 - the same
            code, told, remedy = trouble
            sink.add(code, Span(show_path(path, cwd)), told, remedy)
            continue
        if is_folder(path):
            for file in _walk(path, _bound(path, root), cwd, sink):
                found.setdefault(str(file), _source(file, root, cwd, named=False))
        elif os.path.exists(path):  # noqa: PTH110 - the same
            found[str(path)] = _source(path, root, cwd, named=True)
        else:
            dangling = os.path.islink(path)  # noqa: PTH114 - the same
            told = "This link leads to nothing." if dangling else "There is no such file or folder."
            sink.add(Code.UNREADABLE_FILE, Span(show_path(path, cwd)), told, absent or _CHECK_NAME)
    return sorted(found.values(), key=lambda source: source.order)


def discover_own(configured: Iterable[str], root: Path | None, cwd: Path, sink: Sink) -> list[Source]:
    """The sources of a run that names none: the project's, or without a project ``cards/`` right here."""
    absent = "It is one of the config's sources: make it, or name others there." if root else "Name files or folders."
    return discover(configured, root or cwd, root, cwd, sink, absent)


def _not_ours(path: Path, base: Path) -> tuple[Code, str, str] | None:
    """What speaks against reading a source that nobody but the project's own files names."""
    if not is_inside(path, base):
        told = "This source of the project lies outside of it."
        return Code.OUTSIDE_PROJECT, told, "Name it on the command line, or move it into the project."
    if not (is_folder(path) or os.path.isfile(path)):  # noqa: PTH113 - pathlib's raises for names that are too long
        return Code.UNREADABLE_FILE, "This is neither a file nor a folder.", "Take it out of the config's sources."
    return None


def _bound(folder: Path, root: Path | None) -> Path:
    return root if root is not None and folder.is_relative_to(root) else folder


def _walk(folder: Path, bound: Path, cwd: Path, sink: Sink) -> Iterable[Path]:
    """The source files below a folder. A link that leads out of ``bound`` is reported: decks come from strangers."""

    def failed(error: OSError) -> None:
        shown = show_path(Path(error.filename), cwd)
        told = f"The folder cannot be read: {error.strerror}."
        sink.add(Code.UNREADABLE_FILE, Span(shown), told, "Give yourself the right to read it.")

    for parent, folders, files in os.walk(folder, onerror=failed):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "node_modules")
        for name in sorted(files, key=os.fsencode):
            path = Path(parent, name)
            if path.suffix.lower() not in ENDINGS or name.startswith("."):
                continue
            if path.is_symlink() and not is_inside(path, bound):
                told = (
                    "This link leads out of the project." if bound != folder else "This link leads out of the folder."
                )
                hint = "Put the file itself here, or name the link on the command line; nothing outside is read."
                sink.add(Code.OUTSIDE_PROJECT, Span(show_path(path, cwd)), told, hint)
            elif path.is_file() or path.is_symlink():  # a link to nothing is reported when it is read
                yield path


def is_inside(path: Path, bound: Path) -> bool:
    """Whether a path, its links followed, lies in the folder ``bound``."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(bound))


def _source(path: Path, root: Path | None, cwd: Path, *, named: bool) -> Source:
    in_project = root is not None and path.is_relative_to(root)
    folder = root if in_project and root is not None else path.parent
    shown = show_path(path, cwd)
    # A file may have the name under which standard input is shown, and no two sources may be shown alike.
    return Source(f"./{shown}" if shown == STDIN_NAME else shown, path, folder, named, in_project)


def show_path(path: Path, cwd: Path) -> str:
    """A path as people see it: POSIX, relative to the working directory when below or near it."""
    try:
        relative = Path(os.path.relpath(path, cwd)).as_posix()
    except ValueError:  # another drive
        return path.as_posix()
    return path.as_posix() if relative.startswith("../../..") else relative


def bytes_of(path: Path) -> bytes:
    """The bytes of a file, no more than tell that it is too large: a device has no end."""
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)
