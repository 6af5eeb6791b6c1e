"""Writes a project to start from: a config, cards of every shape, and what git has to know."""

import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from cardforge.diagnostics import Code, Sink, Span
from cardforge.pipeline.discover import show_path

_HIDDEN = ("gitignore", "gitattributes")
"""Files whose names begin with a dot once they are written: packages and archives like to lose such."""


def template(namespace: str) -> dict[str, bytes]:
    """The files of a new project by their POSIX path in it."""
    found = dict(_files(files("cardforge.pipeline").joinpath("template")))
    found["cardforge.toml"] = found["cardforge.toml"].replace(b"@NAMESPACE@", namespace.encode())
    return {f".{name}" if name in _HIDDEN else name: data for name, data in sorted(found.items())}


def _files(folder: Traversable, above: str = "") -> Iterator[tuple[str, bytes]]:
    for item in folder.iterdir():
        if item.is_dir():
            yield from _files(item, f"{above}{item.name}/")
        elif not item.name.startswith("."):
            yield f"{above}{item.name}", item.read_bytes()


def new_namespace() -> str:
    """A namespace that nobody else has: 80 random bits."""
    return secrets.token_hex(10)


def start(folder: Path, project: Mapping[str, bytes], cwd: Path, sink: Sink, *, dry: bool = False) -> bool:
    """Write all files of a project into ``folder``, or none: what stands there already is never touched.

    A folder that is not there yet appears with all of its files, in one step.
    """
    taken = [path for name in project if os.path.lexists(path := folder / name)]
    if taken:
        others = f" and {len(taken) - 1} more of the project's files" if len(taken) > 1 else ""
        told = f"This{others} {'are' if others else 'is'} there already: nothing was written."
        hint = "Choose a folder without them, or move away what is in the way."
        sink.add(Code.UNWRITABLE_OUTPUT, Span(show_path(taken[0], cwd)), told, hint)
        return False
    made: list[Path] = []
    try:
        if not dry:
            _write(folder, project, made)
    except OSError as error:
        for path in reversed(made):
            with suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        place = Span(show_path(Path(os.fsdecode(error.filename)) if error.filename else folder, cwd))
        told = f"The project cannot be written: {error.strerror or error}."
        sink.add(Code.UNWRITABLE_OUTPUT, place, told, "Choose another folder, or check its rights and room.")
        return False
    return True


def _write(folder: Path, project: Mapping[str, bytes], made: list[Path]) -> None:
    """Write the files; ``made`` gets what has to go again if that fails."""
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".cardforge-", dir=folder.parent) as above:
            whole = Path(above, "project")
            _write_into(whole, project, [])
            whole.rename(folder)
        return
    _write_into(folder, project, made)


def _write_into(folder: Path, project: Mapping[str, bytes], made: list[Path]) -> None:
    for name, data in project.items():
        path = folder / name
        for parent in reversed(path.relative_to(folder).parents):
            if not (folder / parent).exists():
                (folder / parent).mkdir()
                made.append(folder / parent)
        with path.open("xb") as file:  # whoever made it in the meantime keeps it
            made.append(path)
            file.write(data)
