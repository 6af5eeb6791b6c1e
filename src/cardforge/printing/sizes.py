"""Sizes of cards and sheets, in points: those with a name, those in numbers, and sheets of ready-cut cards."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from cardforge.values import dataclass

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
SHEETS: Final = {"a4": Size(210 * MM, 297 * MM), "letter": _LETTER}
