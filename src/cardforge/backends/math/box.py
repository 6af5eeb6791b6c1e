"""A set formula: outlines, rules and strokes in a box.

All lengths are in em, y grows upwards from the baseline, x from the left edge. All ink has one colour.
"""

from dataclasses import replace
from functools import lru_cache
from typing import Final, assert_never

from cardforge.values import dataclass

_LARGEST: Final = 1000.0  # em: far beyond any sheet, and enough to keep every later calculation in bounds
OVERHANG: Final = 0.1
"""How far ink may stand out of its box, in em: italics and strike-outs do, by less."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A closed shape, filled by the nonzero rule.

    Each command is a letter and absolute coordinates in em, y up: M and L take a point, Q a control point and a point,
    C two control points and a point, Z nothing.
    """

    commands: tuple[tuple[str, tuple[float, ...]], ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """An outline with its origin at (x, y)."""

    outline: Outline
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class RuleBox:
    """A filled rectangle; (x, y) is its lower left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line with round ends."""

    x1: float
    y1: float
    x2: float
    y2: float
    thickness: float


Shape = Placed | RuleBox | Stroke


@dataclass(frozen=True, slots=True)
class MathBox:
    """A set formula: its size about the baseline, its ink and what a screen reader says for it.

    ``descent`` counts downwards and is not negative. Ink stands out of the box by a tenth of an em at most.
    """

    width: float
    ascent: float
    descent: float
    shapes: tuple[Shape, ...]
    words: str


@dataclass(frozen=True, slots=True)
class MathError:
    """Why a formula cannot be set. ``column`` counts the formula's characters from 1; None if none is to blame."""

    column: int | None
    message: str


class Unreadable(Exception):  # noqa: N818 - never leaves this package: it becomes a MathError
    """What mathra answered is not what this package knows how to read, or it is too much."""


def finite(length: float) -> float:
    """A length to a millionth of an em; raises Unreadable for one that no sheet could hold."""
    length = round(length, 6) + 0.0  # + 0.0 makes -0.0 plain
    if not abs(length) <= _LARGEST:
        raise Unreadable(f"it is larger than {_LARGEST:.0f} em")
    return length


def _bounds(shape: Shape) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of what a shape inks; of a curve, its control points'."""
    match shape:
        case Placed(outline, x, y):
            left, bottom, right, top = _outline_bounds(outline)
            return x + left, y + bottom, x + right, y + top
        case RuleBox(x, y, width, height):
            return x, y, x + width, y + height
        case Stroke(x1, y1, x2, y2, thickness):
            half = thickness / 2
            return min(x1, x2) - half, min(y1, y2) - half, max(x1, x2) + half, max(y1, y2) + half
        case _:
            assert_never(shape)


@lru_cache(maxsize=2048)
def _outline_bounds(outline: Outline) -> tuple[float, float, float, float]:
    xs = [x for _, values in outline.commands for x in values[::2]] or [0.0]
    ys = [y for _, values in outline.commands for y in values[1::2]] or [0.0]
    return min(xs), min(ys), max(xs), max(ys)


def settled(box: MathBox) -> MathBox:
    r"""The box, grown where ink stands out of it by more than an overhang.

    TeX lets ``\llap``, ``\smash`` and negative space print over the neighbours. A formula is set here without
    knowing its neighbours, so it gets the room it needs.
    """
    if not box.shapes:
        return replace(box, width=max(0.0, box.width))
    lefts, bottoms, rights, tops = zip(*map(_bounds, box.shapes), strict=True)
    shift = -min(lefts) if -min(lefts) > OVERHANG else 0.0
    return replace(
        box,
        width=finite(shift + (max(rights) if max(rights) > box.width + OVERHANG else box.width)),
        ascent=finite(max(tops) if max(tops) > box.ascent + OVERHANG else box.ascent),
        descent=finite(-min(bottoms) if -min(bottoms) > box.descent + OVERHANG else box.descent),
        shapes=tuple(_shifted(shape, shift) for shape in box.shapes) if shift else box.shapes,
    )


def _shifted(shape: Shape, by: float) -> Shape:
    match shape:
        case Placed() | RuleBox():
            return replace(shape, x=finite(shape.x + by))
        case Stroke():
            return replace(shape, x1=finite(shape.x1 + by), x2=finite(shape.x2 + by))
        case _:
            assert_never(shape)
