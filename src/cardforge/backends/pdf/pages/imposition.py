"""Where cards lie on a sheet, and where their backs have to lie so that both sides meet."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final, NamedTuple

from cardforge.printing import MM, Flip, Layout, PrintOptions, Sides, Size
from cardforge.values import dataclass

_SAME: Final = 0.01  # points
EDGE: Final = 5 * MM
"""What office printers leave blank at the edges of a sheet."""


class Cell(NamedTuple):
    """Where a card lies on a sheet: its lower left corner, and whether its head is down."""

    x: float
    y: float
    upside_down: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """Cards in columns and rows on a sheet: ``left`` and ``top`` are free, ``gap`` lies between two cards."""

    sheet: Size
    card: Size
    columns: int
    rows: int
    left: float
    top: float
    gap: float = 0.0

    @property
    def count(self) -> int:
        """Cards on a sheet."""
        return self.columns * self.rows

    def front(self, slot: int) -> Cell:
        """The place of a card's front; slots count from 0, line by line from the upper left."""
        row, column = divmod(slot, self.columns)
        x = self.left + column * (self.card.width + self.gap)
        y = self.sheet.height - self.top - self.card.height - row * (self.card.height + self.gap)
        return Cell(x, y)

    def back(self, slot: int, edge: str) -> Cell:
        """The place of a card's back on a sheet that the printer turns about its long or short edge."""
        front = self.front(slot)
        if turns_upright(self.sheet, edge):  # left becomes right
            return Cell(self.sheet.width - front.x - self.card.width, front.y)
        return Cell(front.x, self.sheet.height - front.y - self.card.height, upside_down=True)


def back_origin(card: Size, offset: tuple[float, float], *, upside_down: bool) -> tuple[float, float, float]:
    """Where in its cell a back has its origin, shifted by ``offset``, and its scale, which is -1 on its head."""
    right, up = offset
    return (right + card.width, up + card.height, -1.0) if upside_down else (right, up, 1.0)


def grid_of(options: PrintOptions, cell: Size) -> Grid:
    """The grid of as many cells as a sheet holds, in its middle; ready-cut sheets have their own.

    The sheet is turned where it then holds more. The grid is empty where the sheet is too small for a single cell.
    """
    if options.label is not None:
        label = options.label
        return Grid(label.sheet, label.card, label.columns, label.rows, label.left, label.top)
    sheet, gap = options.sheet, options.gutter

    def fitting(whole: float, part: float) -> int:
        inside = int((whole - 2 * EDGE + gap + _SAME) / (part + gap))
        return max(inside, int(part <= whole + _SAME))  # a card as large as its sheet is one too

    columns, rows = fitting(sheet.width, cell.width), fitting(sheet.height, cell.height)
    turned = sheet.turned(landscape=not sheet.landscape)
    other = fitting(turned.width, cell.width) * fitting(turned.height, cell.height)
    if other > columns * rows:
        sheet, columns, rows = turned, fitting(turned.width, cell.width), fitting(turned.height, cell.height)
    columns, rows = (columns, rows) if columns and rows else (0, 0)
    left = (sheet.width - columns * cell.width - (columns - 1) * gap) / 2
    top = (sheet.height - rows * cell.height - (rows - 1) * gap) / 2
    return Grid(sheet, cell, columns, rows, left, top, gap)


def cell_of(options: PrintOptions) -> Size:
    """What is cut out of a sheet: a card, or with the layout ``fold`` its two sides next to each other."""
    card = options.card
    return Size(2 * card.width, card.height) if options.layout is Layout.FOLD else card


def edge_of(options: PrintOptions) -> str:
    """The edge about which the printer turns a leaf, "long" or "short"; "" if only one side of it is printed.

    Left to itself, a leaf turns like that of a book, about an upright edge.
    """
    if options.layout not in (Layout.DUPLEX, Layout.SHEET) or options.sides in (Sides.FRONT, Sides.BACK):
        return ""
    if options.flip is not Flip.AUTO:
        return str(options.flip)
    leaf = options.card if options.layout is Layout.DUPLEX else grid_of(options, options.card).sheet
    return "short" if leaf.landscape else "long"


def two_sided(options: PrintOptions) -> PrintOptions:
    """The options with a layout and sides that have backs: leaves stay leaves, everything else becomes sheets."""
    layout = options.layout if options.layout is Layout.DUPLEX else Layout.SHEET
    if options.layout is not layout:
        options = replace(options, size=None, orientation="")
    sides = Sides.BOTH if options.sides in (Sides.FRONT, Sides.BACK) else options.sides
    return replace(options, layout=layout, sides=sides)


def turns_upright(leaf: Size, edge: str) -> bool:
    """Whether the axis about which a leaf turns stands upright, as it does too where nothing turns."""
    return not edge or (edge == "long") != leaf.landscape


def edges(start: float, length: float, gap: float, count: int) -> Sequence[float]:
    """Where the cuts are along one direction; two cards without a gap share one."""
    found = [at for i in range(count) for at in (start + i * (length + gap), start + i * (length + gap) + length)]
    return [a for a, b in pairwise([*found, float("inf")]) if b - a > _SAME]
