"""Colours: what a card is printed in, and the operators that set it on a screen's or on a press's terms.

The palette is small: ink, two greys and one accent, which the author may choose.
"""

from collections.abc import Sequence
from dataclasses import field
from functools import cache
from typing import Final, NamedTuple

from cardforge.values import dataclass

MOST_INK: Final = 2.4
"""How much ink one spot may get, in full layers; more does not dry (DriveThruCards asks for 240 %)."""


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """A colour as ``#rrggbb``; "" is the accent of the palette in use. There is one of each, from :func:`ink`."""

    colour: str


@cache
def ink(colour: str) -> Ink:
    """The ink of a ``#rrggbb`` colour."""
    return Ink(colour)


BLACK: Final = ink("#000000")
WHITE: Final = ink("#ffffff")
QUIET: Final = ink("#5e5e5e")
HAIR: Final = ink("#b0b0b0")
ACCENT: Final = ink("")
GROUND: Final = ink("#f3f3f3")
MARKER: Final = ink("#fff0a8")
STANDARD_ACCENT: Final = "#0b5a83"


class Operators(NamedTuple):
    """What fills with a colour and what strokes with it (ISO 32000-1, 8.6.8)."""

    fill: str
    stroke: str


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as operators: RGB for screens, CMYK for a press; greys are of black alone on both."""

    accent: str = STANDARD_ACCENT
    press: bool = False
    _known: dict[Ink, Operators] = field(default_factory=dict)

    def __getitem__(self, wanted: Ink) -> Operators:
        """The operators of an ink."""
        found = self._known.get(wanted)
        if found is None:
            found = self._known[wanted] = self._operators(rgb(wanted.colour or self.accent))
        return found

    def _operators(self, parts: Sequence[float]) -> Operators:
        if len(set(parts)) == 1:
            grey = f"{parts[0]:.3g}"
            return Operators(f"{grey} g", f"{grey} G")
        names = ("k", "K") if self.press else ("rg", "RG")
        numbers = " ".join(f"{part:.3g}" for part in (cmyk(parts) if self.press else parts))
        return Operators(f"{numbers} {names[0]}", f"{numbers} {names[1]}")


def rgb(colour: str) -> tuple[float, float, float]:
    """The parts of a ``#rrggbb`` colour, from 0 to 1."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def cmyk(parts: Sequence[float]) -> tuple[float, ...]:
    """A colour in four inks, as much of it in black as there can be, and no more than dries."""
    black = 1 - max(parts)
    if black >= 1:
        return 0.0, 0.0, 0.0, 1.0
    coloured = [(1 - part - black) / (1 - black) for part in parts]
    share = min(1.0, (MOST_INK - black) / max(sum(coloured), 1e-9))
    return *(part * share for part in coloured), black
