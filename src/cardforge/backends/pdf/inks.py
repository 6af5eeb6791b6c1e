"""Colours as the operators that set them. The palette is small: ink, two greys and one accent."""

from dataclasses import dataclass
from functools import cache
from typing import Final


@dataclass(frozen=True, slots=True)
class Ink:
    """A colour: the operator that fills with it and the one that strokes with it (ISO 32000-1, 8.6.8)."""

    fill: str
    stroke: str


@cache
def ink(colour: str) -> Ink:
    """The ink of a ``#rrggbb`` colour; greys become DeviceGray, so that a printer uses its black alone."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    if len(set(parts)) == 1:
        return Ink(f"{parts[0]:.3g} g", f"{parts[0]:.3g} G")
    numbers = " ".join(f"{part:.3g}" for part in parts)
    return Ink(f"{numbers} rg", f"{numbers} RG")


BLACK: Final = ink("#000000")
WHITE: Final = ink("#ffffff")
QUIET: Final = ink("#5e5e5e")
HAIR: Final = ink("#b0b0b0")
ACCENT: Final = ink("#0b5a83")
GROUND: Final = ink("#f3f3f3")
MARKER: Final = ink("#fff0a8")
