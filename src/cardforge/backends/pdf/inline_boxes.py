"""What stands in a line like a letter: formulas, pictures, boxes to tick, blanks to fill."""

from dataclasses import dataclass
from typing import Final, assert_never

from cardforge.backends.math import MathBox, Placed, RuleBox, Stroke
from cardforge.backends.pdf.content import Area, Content, num
from cardforge.backends.pdf.drawings import Drawings
from cardforge.backends.pdf.inks import ACCENT, BLACK, HAIR, QUIET, WHITE, Ink
from cardforge.backends.pdf.paragraph import Align, Paragraph

MATH_SCALE: Final = 1.1
"""How much larger a formula is set than the text: the math font's letters are smaller on the body."""


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """A formula on the line's baseline; ``size`` em of the text make one em of the formula."""

    box: MathBox
    size: float
    ink: Ink
    drawings: Drawings

    @property
    def width(self) -> float:
        """In em."""
        return self.box.width * self.size

    @property
    def ascent(self) -> float:
        """In em above the baseline."""
        return self.box.ascent * self.size

    @property
    def descent(self) -> float:
        """In em below the baseline."""
        return self.box.descent * self.size

    @property
    def what(self) -> str:
        """Its name in a finding."""
        return "a formula"

    def draw(self, content: Content, x: float, y: float) -> None:
        """Draw with the left end of the baseline at ``(x, y)``."""
        content.use_ink(self.ink)
        size = self.size
        for shape in self.box.shapes:
            match shape:
                case Placed():
                    name = self.drawings.outline(shape.outline)
                    content.xobject(name, x + shape.x * size, y + shape.y * size, size, size)
                case RuleBox():
                    corner = (x + shape.x * size, y + shape.y * size)
                    content.fill(*corner, shape.width * size, shape.height * size, self.ink)
                case Stroke():
                    ends = (x + shape.x1 * size, y + shape.y1 * size, x + shape.x2 * size, y + shape.y2 * size)
                    x1, y1, x2, y2 = (num(value) for value in ends)
                    width = num(shape.thickness * size)
                    content.add(f"q 1 J {width} w {self.ink.stroke} {x1} {y1} m {x2} {y2} l S Q")
                case _:
                    assert_never(shape)


# A CSS pixel is 1/96 in and a page's text 16 of them, so a picture grows and shrinks with the text around it.
_PIXELS_AN_EM: Final = 16
_SUNK: Final = 0.18  # a low picture stands a little below the baseline, like a letter with a tail


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture in a line, ``width`` by ``height`` em; ``media`` is its name among the media."""

    media: str
    width: float
    height: float
    drawings: Drawings

    @property
    def ascent(self) -> float:
        """In em above the baseline."""
        return self.height - self.descent

    @property
    def descent(self) -> float:
        """In em below the baseline."""
        return min(_SUNK, self.height / 4)

    @property
    def what(self) -> str:
        """A picture may be small."""
        return ""

    def draw(self, content: Content, x: float, y: float) -> None:
        """Draw with the left end of the baseline at ``(x, y)``."""
        name = self.drawings.picture(self.media, self.width * content.unit)
        if name:
            content.xobject(name, x, y - self.descent, self.width, self.height)


def em_of(pixels: float) -> float:
    """The length of CSS pixels in em."""
    return pixels / _PIXELS_AN_EM


_TICK: Final = ((0.2, 0.5), (0.42, 0.26), (0.82, 0.76))


@dataclass(frozen=True, slots=True, eq=False)
class TickBox:
    """A box to tick, ticked or not, ``size`` em to the text's one."""

    ticked: bool
    size: float = 1.0

    @property
    def width(self) -> float:
        """In em."""
        return 0.86 * self.size

    @property
    def ascent(self) -> float:
        """In em above the baseline."""
        return 0.8 * self.size

    @property
    def descent(self) -> float:
        """In em below the baseline."""
        return 0.06 * self.size

    @property
    def what(self) -> str:
        """It has no letters."""
        return ""

    def draw(self, content: Content, x: float, y: float) -> None:
        """Draw with the left end of the baseline at ``(x, y)``."""
        side = self.width
        low = y - self.descent
        area = Area(x, low, x + side, low + side)
        if not self.ticked:
            content.panel(area, 0.16 * self.size, None, (QUIET, 0.065 * self.size))
            return
        content.panel(area, 0.16 * self.size, ACCENT)
        (x1, y1), (x2, y2), (x3, y3) = ((num(x + px * side), num(low + py * side)) for px, py in _TICK)
        width = num(0.12 * self.size)
        content.add(f"q 1 J 1 j {width} w {WHITE.stroke} {x1} {y1} m {x2} {y2} l {x3} {y3} l S Q")


@dataclass(frozen=True, slots=True, eq=False)
class Label:
    """Words on one line that no line may break."""

    words: Paragraph

    @property
    def width(self) -> float:
        """In em."""
        return self.words.natural

    @property
    def ascent(self) -> float:
        """In em above the baseline."""
        return 0.8 * self.words.size

    @property
    def descent(self) -> float:
        """In em below the baseline."""
        return 0.2 * self.words.size

    @property
    def what(self) -> str:
        """Its name in a finding."""
        return "a label"

    def draw(self, content: Content, x: float, y: float) -> None:
        """Draw with the left end of the baseline at ``(x, y)``."""
        for line in self.words.lines(self.width):
            self.words.draw(content, line, x, y, self.width, Align.LEFT)


@dataclass(frozen=True, slots=True, eq=False)
class KeyCap:
    """The name of a key in its cap."""

    name: Label

    @property
    def width(self) -> float:
        """In em."""
        return self.name.width + 2 * _CAP_SIDE * self.name.words.size

    @property
    def ascent(self) -> float:
        """In em above the baseline."""
        return 1.0 * self.name.words.size

    @property
    def descent(self) -> float:
        """In em below the baseline."""
        return 0.3 * self.name.words.size

    @property
    def what(self) -> str:
        """Its name in a finding."""
        return self.name.what

    def draw(self, content: Content, x: float, y: float) -> None:
        """Draw with the left end of the baseline at ``(x, y)``."""
        size = self.name.words.size
        gap = 0.05 * size
        area = Area(x + gap, y - 0.28 * size, x + self.width - gap, y + 0.98 * size)
        content.panel(area, 0.22 * size, None, (HAIR, 0.06 * size))
        self.name.draw(content, x + _CAP_SIDE * size, y)


_CAP_SIDE: Final = 0.32


@dataclass(frozen=True, slots=True, eq=False)
class Blank:
    """A line to write on, with a hint standing on it if there is one."""

    hint: Label | None
    size: float
    least: float = 4.2

    @property
    def width(self) -> float:
        """In em: the same for every answer, so that it tells nothing, but wide enough for the hint."""
        wide = self.hint.width + 0.6 * self.size if self.hint else 0.0
        return max(self.least * self.size, wide)

    @property
    def ascent(self) -> float:
        """In em above the baseline."""
        return 0.9 * self.size

    @property
    def descent(self) -> float:
        """In em below the baseline."""
        return 0.22 * self.size

    @property
    def what(self) -> str:
        """Its name in a finding."""
        return "a hint"

    def draw(self, content: Content, x: float, y: float) -> None:
        """Draw with the left end of the baseline at ``(x, y)``."""
        low = y - 0.16 * self.size
        edge = 0.1 * self.size
        content.line((x + edge, low), (x + self.width - edge, low), 0.07 * self.size, ACCENT if self.hint else BLACK)
        if self.hint:
            self.hint.draw(content, x + (self.width - self.hint.width) / 2, y + 0.08 * self.size)


@dataclass(frozen=True, slots=True, eq=False)
class Bullet:
    """A list's mark: a disc, a ring or a small square, by how deep the list is."""

    depth: int
    size: float = 1.0

    @property
    def width(self) -> float:
        """In em."""
        return 2 * _DISC * self.size

    @property
    def ascent(self) -> float:
        """In em above the baseline."""
        return 0.6 * self.size

    @property
    def descent(self) -> float:
        """In em below the baseline."""
        return 0.0

    @property
    def what(self) -> str:
        """It has no letters."""
        return ""

    def draw(self, content: Content, x: float, y: float) -> None:
        """Draw with the left end of the baseline at ``(x, y)``."""
        radius = _DISC * self.size
        middle = y + 0.29 * self.size
        area = Area(x, middle - radius, x + 2 * radius, middle + radius)
        match self.depth % 3:
            case 0:
                content.panel(area, radius, ACCENT)
            case 1:
                content.panel(area, radius, None, (ACCENT, 0.055 * self.size))
            case _:
                content.panel(area, 0.0, HAIR)


_DISC: Final = 0.14
