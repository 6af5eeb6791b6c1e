"""What a person can say about print: the options of ``build pdf`` and the keys of the table ``[pdf]``.

Lengths are in points unless a name says millimetres.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, Final

from cardforge.printing.choices import CornerMark, Flip, Layout, Orientation, Profile, Sides
from cardforge.printing.sizes import LABELS, MM, NAMES, SHEETS, Label, Size, read_size
from cardforge.values import dataclass

__all__ = [
    "DEFAULTS",
    "FILES",
    "KEYS",
    "LABELS",
    "MM",
    "NAMES",
    "CornerMark",
    "Flip",
    "Label",
    "Layout",
    "Orientation",
    "PrintOptions",
    "Profile",
    "Sides",
    "Size",
    "read_options",
    "read_size",
]

DEFAULTS: Final[Mapping[str, Any]] = {
    "layout": "page",
    "size": "",
    "orientation": "",
    "sides": "both",
    "flip": "auto",
    "sheet": "a4",
    "gutter": "0mm",
    "back_offset": "0,0",
    "marks": True,
    "large_print": False,
    "profile": "screen",
    "icc": "",
    "bleed": "3mm",
    "accent": "#0b5a83",
    "corner_mark": "both",
    "font": "",
    "code_font": "",
    "hyphenate": False,
}
"""What holds where nothing is said; an empty size or orientation is the layout's own, no font ours."""
KEYS: Final = tuple(DEFAULTS)
FILES: Final = ("icc",)
"""The options that name a file."""


@dataclass(frozen=True, slots=True)
class PrintOptions:
    """How a PDF is made; lengths are in points. ``size`` None is the layout's own.

    ``font`` and ``code_font`` are files or families that come before the fonts print has.
    """

    layout: Layout = Layout.PAGE
    size: Size | None = None
    sides: Sides = Sides.BOTH
    flip: Flip = Flip.AUTO
    sheet: Size = SHEETS["a4"]
    label: Label | None = None
    gutter: float = 0.0
    back_offset: tuple[float, float] = (0.0, 0.0)
    marks: bool = True
    large_print: bool = False
    orientation: str = ""
    profile: Profile = Profile.SCREEN
    icc: str = ""
    bleed: float = 3 * MM
    accent: str = DEFAULTS["accent"]
    corner_mark: CornerMark = CornerMark.BOTH
    font: tuple[str, ...] = ()
    code_font: tuple[str, ...] = ()
    hyphenate: bool = False

    @property
    def card(self) -> Size:
        """The size of a card, or of a handout's page."""
        if self.label is not None:
            return self.label.card
        size = self.size
        if size is None and self.layout is Layout.HANDOUT:
            size = self.sheet
        elif size is None and self.layout in (Layout.SHEET, Layout.FOLD):
            # Two across and four down, within what office printers leave blank at the edges.
            size = Size((self.sheet.width - 10 * MM) / 2, (self.sheet.height - 10 * MM) / 4)
        elif size is None:
            size = Size(210 * MM, 148 * MM) if self.large_print else Size(148 * MM, 105 * MM)
        return size.turned(landscape=self.orientation == "landscape") if self.orientation else size


def read_options(told: Mapping[str, Any], complain: Callable[[str, str, str], None]) -> PrintOptions:
    """The options that a mapping of :data:`KEYS` to texts, numbers or truth values asks for.

    ``complain`` gets the key, what is wrong and what to do for each value that makes no sense; it counts as not said.
    """
    found = PrintOptions()
    for key, value in told.items():
        try:
            found = replace(found, **_READERS[key](value))
        except _WrongError as wrong:
            complain(key, f"{value!r} is no {key.replace('_', ' ')}.", wrong.args[0])
    wide = found.card.width * (2 if found.layout is Layout.FOLD else 1)
    if found.layout in (Layout.SHEET, Layout.FOLD) and not _holds(found.sheet, Size(wide, found.card.height)):
        complain("size", "Not one card of this size fits on the sheet.", "Choose a smaller size, or a larger sheet.")
        found = replace(found, size=None)
    return found


def _holds(sheet: Size, cell: Size) -> bool:
    """Whether a cell fits on a sheet that may be turned."""
    return any(cell.width <= side.width and cell.height <= side.height for side in (sheet, Size(*reversed(sheet))))


class _WrongError(Exception):
    """Says what a value could be."""


def _choice(kind: type[StrEnum]) -> Callable[[str, Any], dict[str, Any]]:
    def read(key: str, value: Any) -> dict[str, Any]:
        if value not in tuple(kind):
            raise _WrongError(f"Choose {', '.join(list(kind)[:-1])} or {list(kind)[-1]}.")
        return {key: kind(value)}

    return read


def _size(value: Any) -> dict[str, Any]:
    size = read_size(value) if isinstance(value, str) else None
    if size is None:
        raise _WrongError(f"Choose {', '.join(NAMES)}, or write one like 100x70mm or 4x2.5in, from 45 to 600 mm.")
    return {"size": size}


def _sheet(value: Any) -> dict[str, Any]:
    name = str(value).strip().lower()
    if name in LABELS:
        return {"label": LABELS[name], "sheet": LABELS[name].sheet}
    size = SHEETS.get(name) or read_size(name)
    if size is None:
        raise _WrongError(f"Choose a4, letter, {', '.join(LABELS)}, or write one like 320x450mm.")
    return {"sheet": size, "label": None}


def _length(value: Any) -> float:
    found = re.fullmatch(r"\s*(-?\d{1,3}(?:\.\d{1,3})?)\s*(mm|cm|in|pt)?\s*", str(value))
    if found is None or isinstance(value, bool):
        raise _WrongError("Write a length like 2mm or 0.1in; a bare number is in millimetres.")
    return float(found[1]) * {"cm": 10 * MM, "in": 72.0, "pt": 1.0}.get(found[2] or "mm", MM)


def _gutter(value: Any) -> dict[str, Any]:
    width = _length(value)
    if not 0 <= width <= 20 * MM:
        raise _WrongError("Choose 0 to 20 mm.")
    return {"gutter": width}


def _offset(value: Any) -> dict[str, Any]:
    parts = str(value).split(",") if isinstance(value, str) else value
    match parts:
        case [right, above]:
            across, up = _length(right), _length(above)
        case _:
            raise _WrongError("Write two lengths like 0.5,-1: how far right and up the backs should go, in mm.")
    if max(abs(across), abs(up)) > 20 * MM:
        raise _WrongError("No printer is off by more than 20 mm.")
    return {"back_offset": (across, up)}


def _bleed(value: Any) -> dict[str, Any]:
    width = _length(value)
    if not 0 <= width <= 10 * MM:
        raise _WrongError("Choose 0 to 10 mm.")
    return {"bleed": width}


def _icc(value: Any) -> dict[str, Any]:
    if not isinstance(value, str) or not value.lower().endswith((".icc", ".icm")):
        raise _WrongError("Name a file that ends in .icc or .icm.")
    return {"icc": value}


def _accent(value: Any) -> dict[str, Any]:
    if not isinstance(value, str) or not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise _WrongError("Write a colour like #0b5a83.")
    return {"accent": value.lower()}


def _truth(key: str) -> Callable[[Any], dict[str, Any]]:
    def read(value: Any) -> dict[str, Any]:
        if not isinstance(value, bool):
            raise _WrongError("Write true or false.")
        return {key: value}

    return read


def _orientation(value: Any) -> dict[str, Any]:
    if value not in ("portrait", "landscape"):
        raise _WrongError("Choose portrait or landscape.")
    return {"orientation": value}


def _fonts(key: str) -> Callable[[Any], dict[str, Any]]:
    def read(value: Any) -> dict[str, Any]:
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
            raise _WrongError("Write a font's file or the name of its family, or a list of them.")
        return {key: tuple(name.strip() for name in names if name.strip())}

    return read


_READERS: Final[Mapping[str, Callable[[Any], dict[str, Any]]]] = {
    "layout": lambda value: _choice(Layout)("layout", value),
    "size": _size,
    "orientation": _orientation,
    "sides": lambda value: _choice(Sides)("sides", value),
    "flip": lambda value: _choice(Flip)("flip", value),
    "sheet": _sheet,
    "gutter": _gutter,
    "back_offset": _offset,
    "marks": _truth("marks"),
    "large_print": _truth("large_print"),
    "profile": lambda value: _choice(Profile)("profile", value),
    "icc": _icc,
    "bleed": _bleed,
    "accent": _accent,
    "corner_mark": lambda value: _choice(CornerMark)("corner_mark", value),
    "font": _fonts("font"),
    "code_font": _fonts("code_font"),
    "hyphenate": _truth("hyphenate"),
}
