"""What a person can say about print: the options of ``build pdf`` and the keys of the table ``[pdf]``.

Lengths are in points unless a name says millimetres.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, NamedTuple

MM: Final = 72 / 25.4
"""Points in a millimetre."""

_UNITS: Final = {"mm": MM, "cm": 10 * MM, "in": 72.0}
# Short edge × long edge in millimetres (ISO 216; ANSI; index cards in inches; playing cards).
_NAMED: Final = {
    "a4": (210.0, 297.0),
    "a5": (148.0, 210.0),
    "a6": (105.0, 148.0),
    "a7": (74.0, 105.0),
    "a8": (52.0, 74.0),
    "letter": (215.9, 279.4),
    "half-letter": (139.7, 215.9),
    "3x5": (76.2, 127.0),
    "4x6": (101.6, 152.4),
    "5x8": (127.0, 203.2),
    "poker": (63.0, 88.0),
    "bridge": (57.0, 88.0),
    "tarot": (70.0, 120.0),
}
_UPRIGHT: Final = frozenset({"poker", "bridge", "tarot"})
_FREE: Final = re.compile(
    r"(?P<width>\d{1,4}(?:\.\d{1,3})?)\s*[x×]\s*(?P<height>\d{1,4}(?:\.\d{1,3})?)\s*(?P<unit>mm|cm|in)"
)
_SMALLEST: Final = 45 * MM
_LARGEST: Final = 600 * MM


class Size(NamedTuple):
    """The width and the height of a card or a sheet."""

    width: float
    height: float

    @property
    def landscape(self) -> bool:
        """Whether it is wider than high."""
        return self.width > self.height

    def turned(self, *, landscape: bool) -> "Size":
        """The same size with its long edge across, or upright."""
        return Size(*sorted(self, reverse=landscape))


NAMES: Final = tuple(_NAMED)


def read_size(text: str) -> Size | None:
    """The size that ``A6``, ``3x5``, ``poker`` or ``100x70mm`` names; None for none, or one no card can have.

    A4 to A8, Letter and index cards lie on their long edge, playing cards stand; a size in numbers is as it says.
    """
    folded = text.strip().lower().removesuffix("in" if text.strip().lower() in ("3x5in", "4x6in", "5x8in") else "")
    if folded in _NAMED:
        short, long = _NAMED[folded]
        return Size(short * MM, long * MM).turned(landscape=folded not in _UPRIGHT)
    found = _FREE.fullmatch(text.strip().lower())
    if found is None:
        return None
    unit = _UNITS[found["unit"]]
    size = Size(float(found["width"]) * unit, float(found["height"]) * unit)
    return size if min(size) >= _SMALLEST and max(size) <= _LARGEST else None


class Layout(StrEnum):
    """How cards come onto pages."""

    PAGE = "page"
    """Question and answer on one page, with a fold between them."""
    DUPLEX = "duplex"
    """A page for the question, and one for the answer."""
    SHEET = "sheet"
    """Many cards on a sheet, the answers mirrored on its back."""
    FOLD = "fold"
    """Many cards on one side of a sheet, the answer beside its question, to be folded and glued."""
    HANDOUT = "handout"
    """Numbered questions with room to write, and the key on the last pages."""


class Orientation(StrEnum):
    """Which way a card lies."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


class Sides(StrEnum):
    """Which sides of cards are printed, and in what order."""

    BOTH = "both"
    FRONT = "front"
    BACK = "back"
    FRONTS_THEN_BACKS = "fronts-then-backs"
    BACK_FIRST = "back-first"


class Profile(StrEnum):
    """Whom a PDF is for."""

    SCREEN = "screen"
    """Readers and printers at home: tagged, with links, PDF/A-2a and PDF/UA-1."""
    PRESS = "press"
    """Print shops: bleed, crop marks, four inks and no links; PDF/X-4 where the printing condition is known."""


class CornerMark(StrEnum):
    """What the corners of a card say at its foot: the deck and place it is from, its number."""

    BOTH = "both"
    DECK = "deck"
    NUMBER = "number"
    NONE = "none"


class Flip(StrEnum):
    """About which edge the printer turns a sheet."""

    AUTO = "auto"
    LONG = "long"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Label:
    """A sheet of ready-cut cards: its size, that of a card, how many there are and where the first one is.

    ``left`` and ``top`` are the distances of the outer cards from the edges of the sheet.
    """

    sheet: Size
    card: Size
    columns: int
    rows: int
    left: float
    top: float


_LETTER: Final = Size(8.5 * 72, 11 * 72)
_INCH: Final = 72.0
LABELS: Final[Mapping[str, Label]] = {
    # Avery's own templates: 10 business cards; 3 index cards.
    "avery-5371": Label(_LETTER, Size(3.5 * _INCH, 2 * _INCH), 2, 5, 0.75 * _INCH, 0.5 * _INCH),
    "avery-5388": Label(_LETTER, Size(5 * _INCH, 3 * _INCH), 1, 3, 1.75 * _INCH, 1 * _INCH),
}
_SHEETS: Final = {"a4": Size(210 * MM, 297 * MM), "letter": _LETTER}
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
}
"""What holds where nothing is said; an empty size or orientation is the layout's own."""
KEYS: Final = tuple(DEFAULTS)
FILES: Final = ("icc",)
"""The options that name a file."""


@dataclass(frozen=True, slots=True)
class PrintOptions:
    """How a PDF is made; lengths are in points. ``size`` None is the layout's own."""

    layout: Layout = Layout.PAGE
    size: Size | None = None
    sides: Sides = Sides.BOTH
    flip: Flip = Flip.AUTO
    sheet: Size = _SHEETS["a4"]
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
    size = _SHEETS.get(name) or read_size(name)
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
}
