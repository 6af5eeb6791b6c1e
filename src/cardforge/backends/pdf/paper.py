"""Sizes of cards and sheets, and what stays free on them. Lengths are in points unless a name says millimetres."""

import math
import re
from typing import Final, NamedTuple

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
_SAFE: Final = 3.2 * MM
"""What printers want free of anything that matters along a cut (1/8 inch)."""


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


class Room(NamedTuple):
    """The room of a side."""

    width: float
    height: float


class Paper(NamedTuple):
    """A page with a fold in its middle and what stays free on it: ``fold`` is free on either side of the fold."""

    width: float
    height: float
    margin: float
    top: float
    bottom: float
    fold: float
    footer: float
    """The footer's baseline above the lower edge."""

    @property
    def middle(self) -> float:
        """Where the page is folded, above the lower edge."""
        return self.height / 2

    @property
    def above(self) -> Room:
        """The room for the question."""
        return Room(self.width - 2 * self.margin, self.middle - self.top - self.fold)

    @property
    def below(self) -> Room:
        """The room for the answer."""
        return Room(self.width - 2 * self.margin, self.middle - self.bottom - self.fold)


class Face(NamedTuple):
    """One side of a card that is printed on both, and what stays free on it."""

    width: float
    height: float
    margin: float
    top: float
    bottom: float
    footer: float
    """The footer's baseline above the lower edge."""

    @property
    def room(self) -> Room:
        """The room for the text."""
        return Room(self.width - 2 * self.margin, self.height - self.top - self.bottom)


def folded(size: Size) -> Paper:
    """A page of a size, with the fold across its middle."""
    edge = _edge(size)
    # In proportion to an A6 card: 9.5 mm at the sides, 8 above, 10 below, 4.5 beside the fold.
    return Paper(
        *size, margin=edge, top=edge * 8 / 9.5, bottom=edge * 10 / 9.5, fold=edge * 4.5 / 9.5, footer=edge * 5.5 / 9.5
    )


def face(size: Size) -> Face:
    """A card's side of a size."""
    edge = _edge(size)
    footer = max(_SAFE, 0.55 * edge)
    return Face(*size, margin=edge, top=max(_SAFE, 0.84 * edge), bottom=footer + 9, footer=footer)


def growth(size: Size) -> float:
    """How much larger than on an A6 card the largest text of a side may be."""
    return min(2.0, max(1.0, math.sqrt(size.width * size.height / (148 * 105 * MM * MM))))


def _edge(size: Size) -> float:
    return min(14 * MM, max(_SAFE, 9.5 / 148 * max(size)))
