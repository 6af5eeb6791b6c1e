"""What stays free on a card's page or on its side. Lengths are in points."""

import math
from typing import Final, NamedTuple

from cardforge.printing import MM, Size

_SAFE: Final = 3.2 * MM
"""What printers want free of anything that matters along a cut (1/8 inch)."""
_FOOT: Final = _SAFE + 2.0
"""The lowest baseline of a footer: its descenders stay in the safe area too."""
_LEAST: Final = _SAFE + 2.4
"""The narrowest margin: the ground of code stands out of its text a little."""


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
    footer = max(_FOOT, edge * 5.5 / 9.5)
    return Paper(
        *size,
        margin=edge,
        top=max(_SAFE, edge * 8 / 9.5),
        bottom=max(footer + 6, edge * 10 / 9.5),
        fold=edge * 4.5 / 9.5,
        footer=footer,
    )


def face(size: Size) -> Face:
    """A card's side of a size."""
    edge = _edge(size)
    footer = max(_FOOT, 0.55 * edge)
    return Face(*size, margin=edge, top=max(_SAFE, 0.84 * edge), bottom=footer + 9, footer=footer)


def growth(size: Size) -> float:
    """How much larger than on an A6 card the largest text of a side may be."""
    return min(2.0, max(1.0, math.sqrt(size.width * size.height / (148 * 105 * MM * MM))))


def _edge(size: Size) -> float:
    return min(14 * MM, max(_LEAST, min(9.5 / 148 * max(size), 0.11 * min(size))))
