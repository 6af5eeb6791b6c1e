"""How large a side's text can be: as large as its room allows, between a floor and a ceiling.

Sizes lie on a grid of a quarter of a point, so that cards that are nearly alike look alike. What does not fit at the
floor goes on on further pages; then the size is the largest that needs no more pages than the floor does.
"""

import math
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from cardforge.backends.pdf.boxes.rows import Block, Frame, Row, extent, pages, stack_height, stack_rows
from cardforge.backends.pdf.pages.paper import Room
from cardforge.backends.pdf.text.paragraph import Align

_STEP: Final = 0.25
_SAME: Final = 1 + 1e-6


class Sizes(NamedTuple):
    """The smallest and the largest text size of a side, in points, multiples of a quarter."""

    floor: float
    ceiling: float

    def grown(self, factor: float, least: float) -> "Sizes":
        """Sizes whose ceiling is ``factor`` times as high and whose floor is ``least`` or more."""
        floor = max(self.floor, least)
        return Sizes(floor, max(floor, round(self.ceiling * factor / _STEP) * _STEP))


class Fitted(NamedTuple):
    """A side that is set: its text size in points and its rows, page by page."""

    size: float
    pages: list[list[Row]]


def fit(blocks: Sequence[Block], room: Room, sizes: Sizes, align: Callable[[Frame], Align]) -> Fitted:
    """Set blocks in a room; ``align`` says where lines stand, once the size is known."""
    steps = round((sizes.ceiling - sizes.floor) / _STEP)

    def frame(step: int) -> Frame:
        size = sizes.floor + step * _STEP
        return Frame(room.width / size, room.height / size, size)

    def fullness(step: int) -> float:
        at = frame(step)
        return stack_height(blocks, at) / at.room

    step = _fullest(steps, sizes.floor, fullness)
    while step >= 0:  # a line with a tall formula may fall differently than the quick look thought
        at = frame(step)
        at = at._replace(align=align(at))
        rows = stack_rows(blocks, at)
        if extent(rows) <= at.room * _SAME:
            return Fitted(at.size, [rows])
        step -= 1

    def spread(step: int) -> list[list[Row]]:
        at = frame(step)
        return pages(stack_rows(blocks, at), at.room)

    fewest = len(spread(0))
    step = max(0, _largest(min(steps, _CONTINUED), lambda step: len(spread(step)) <= fewest))
    return Fitted(frame(step).size, spread(step))


_CONTINUED: Final = 12  # steps above the floor that a side on several pages may use


_POWER: Final = 1.5
"""Of the size, that a room fills with: 1 while no line breaks elsewhere, 2 in long paragraphs."""
_GUESSES: Final = 4


def _fullest(steps: int, floor: float, fullness: Callable[[int], float]) -> int:
    """The largest step up to ``steps`` at which a room is not more than full, -1 if none.

    How full it is at one size says nearly at which it would be full, so a few looks are enough.
    """
    low, high = -1, steps + 1
    at = steps
    looks = 0
    while high - low > 1:
        full = fullness(at)
        if full <= _SAME:
            low = at
        else:
            high = at
        looks += 1
        size = (floor + at * _STEP) * full ** (-1 / _POWER) if full and looks < _GUESSES else 0.0
        guess = math.floor((size - floor) / _STEP) if size else (low + high) // 2
        at = min(max(guess, low + 1), high - 1)
    return low


def _largest(steps: int, good: Callable[[int], bool]) -> int:
    """The largest step up to ``steps`` for which ``good`` holds, -1 if none; it holds for smaller ones too."""
    low, high = -1, steps + 1
    while high - low > 1:
        middle = (low + high) // 2
        if good(middle):
            low = middle
        else:
            high = middle
    return low
