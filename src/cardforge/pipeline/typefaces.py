"""The fonts a person names for print: their files, by path or by a family's name in the system's folders of fonts."""

import os
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cardforge.backends import FontFile
from cardforge.diagnostics import Code, Sink, Span
from cardforge.values import dataclass

if TYPE_CHECKING:
    from cardforge.backends.pdf.text.typefaces import Description

    Candidate = tuple[Path, Description]

_ENDINGS: Final = frozenset({".ttf", ".otf", ".ttc", ".otc"})
_CHECK: Final = "Check the name: a path on the command line counts from here, one in the settings from the project."
_HEAVY: Final = 600.0  # from here on a weight is a bold one
_NORMAL_WIDTH: Final = 5  # usWidthClass of OS/2


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where named fonts are: paths of text and code fonts start in a folder each, families stand in ``folders``."""

    text: Path = Path()
    code: Path = Path()
    folders: tuple[Path, ...] = ()


def system_folders(environ: Mapping[str, str], platform: str) -> tuple[Path, ...]:
    """The folders of fonts, the person's own before the system's; ``platform`` as in ``sys.platform``."""
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or "/")
    if platform == "win32":
        own = Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "Microsoft" / "Windows" / "Fonts"
        return own, Path(environ.get("WINDIR") or "C:/Windows") / "Fonts"
    if platform == "darwin":
        return home / "Library" / "Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts")
    data = Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    shared = (environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":")
    return data / "fonts", home / ".fonts", *(Path(folder) / "fonts" for folder in shared if folder)


def find_fonts(names: Sequence[str], base: Path, folders: Sequence[Path], sink: Sink) -> list[tuple[FontFile, ...]]:
    """The files of each family or font file named. What cannot be used is an error in ``sink``."""
    found: list[tuple[FontFile, ...]] = []
    for name in names:
        if Path(name).suffix.lower() in _ENDINGS or "/" in name or os.sep in name:
            candidates = _beside(name, base / Path(name).expanduser(), sink)
        else:
            candidates = _in_folders(name, folders, sink)
        if candidates:
            found.append(_styles(name, candidates, sink))
    return found


def _beside(name: str, path: Path, sink: Sink) -> "list[Candidate]":
    """The fonts of a file, and those of its family in the same folder."""
    try:
        own = _described(path)
    except OSError as error:
        _refuse(sink, name, f"cannot be read: {error.strerror}", _CHECK)
        return []
    if not own:
        _refuse(sink, name, "is no font that can be read", "Choose a TrueType or OpenType file (.ttf, .otf, .ttc).")
        return []
    if own[0][1].trouble:
        _refuse(sink, name, *own[0][1].trouble)
        return []
    families = set(own[0][1].families)
    others = (pair for file in _files(path.parent) if file != path for pair in _readable(file))
    return [*own, *(pair for pair in others if families & set(pair[1].families))]


def _in_folders(name: str, folders: Sequence[Path], sink: Sink) -> "list[Candidate]":
    wanted = " ".join(name.casefold().split())
    known: dict[str, str] = {}
    found: list[Candidate] = []
    for folder in folders:
        for file in _files(folder):
            for pair in _readable(file):
                names = {family.casefold(): family for family in pair[1].families}
                known |= names
                if wanted in names:
                    found.append(pair)
    if not found:
        near = [known[key] for key in get_close_matches(wanted, sorted(known), 3)]
        hint = f"Did you mean {' or '.join(near)}? " if near else ""
        _refuse(sink, name, "is no installed family", f"{hint}Install the font, or give the path of its file.")
    return found


def _styles(name: str, candidates: "list[Candidate]", sink: Sink) -> tuple[FontFile, ...]:
    """The best file for each style the family has; the plain one is always there."""
    files: list[FontFile] = []
    for bold, italic in product((False, True), repeat=2):
        fitting = [
            (path, told)
            for path, told in candidates
            if told.italic == italic and (told.heaviest >= _HEAVY if bold else told.lightest < _HEAVY)
        ]
        if not fitting and not (bold or italic):
            fitting = candidates  # a family of one style is set in that
        if not fitting:
            continue
        weight = 700.0 if bold else 400.0
        path, told = min(fitting, key=lambda pair: (abs(pair[1].width - _NORMAL_WIDTH), pair[1].distance(weight)))
        if told.trouble:
            _refuse(sink, name, *told.trouble)
            return ()
        files.append(FontFile(path.read_bytes(), told.index, bold, italic))
    return tuple(files)


def _files(folder: Path) -> Iterator[Path]:
    """The font files in a folder and those below it, always in the same order."""
    for place, folders, files in os.walk(folder):
        folders.sort()
        yield from (Path(place) / file for file in sorted(files) if Path(file).suffix.lower() in _ENDINGS)


def _described(path: Path) -> "list[Candidate]":
    from cardforge.backends.pdf.text.typefaces import describe  # here, for HarfBuzz takes long to load

    return [(path, told) for told in describe(path)]


def _readable(path: Path) -> "list[Candidate]":
    try:
        return _described(path)
    except OSError:
        return []


def _refuse(sink: Sink, name: str, message: str, hint: str) -> None:
    sink.add(Code.UNUSABLE_FONT, Span(""), f"The font {name} {message}.", hint)
