"""A paragraph: items in a row, broken into lines.

A line is as high as the strut of the paragraph's own face says; other faces do not move it, only what truly stands out
does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import accumulate
from operator import add, attrgetter
from typing import Final, NamedTuple

from cardforge.backends.pdf.canvas.content import Content
from cardforge.backends.pdf.text import bidi, breaking
from cardforge.backends.pdf.text.chopping import fitted, widest
from cardforge.backends.pdf.text.fonts import Chain
from cardforge.backends.pdf.text.lines import draw_words
from cardforge.backends.pdf.text.words import HardBreak, Item, Run, Word, make_words


class Align(Enum):
    """Where lines stand. ``START`` is the side the paragraph's direction starts from."""

    START = 0.0
    LEFT = 0.25
    CENTER = 0.5
    RIGHT = 1.0


class Line(NamedTuple):
    """A set line: its words, their natural width and its height above and below the baseline, in em."""

    words: tuple[Word, ...]
    width: float
    ascent: float
    descent: float

    @property
    def height(self) -> float:
        """Its whole height in em."""
        return self.ascent + self.descent


# How far ink may stand out of the strut before the line makes room: accents on capitals do so in every book.
_SLACK: Final = 0.14
_CLEAR: Final = 0.06  # what such a line has above and below the ink


@dataclass(slots=True, eq=False)
class Paragraph:
    """Items set in lines ``leading`` em apart; ``strut`` is the chain whose face gives the baseline its place.

    ``default`` is the direction of text that has none of its own.
    """

    items: Sequence[Item]
    strut: Chain
    size: float = 1.0
    leading: float = 1.36
    default: int = 0
    base: int = field(init=False)
    words: list[Word] = field(init=False)
    _ascent: float = field(init=False)
    _descent: float = field(init=False)
    _tall: bool = field(init=False)
    _widest: float = field(init=False)
    _chopped: "tuple[float, Paragraph] | None" = field(init=False, default=None)
    _measured: list[tuple[breaking.Measures, int]] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        text = "".join([_letters(item) for item in self.items])
        found = bidi.direction(text)
        self.base = self.default if found is None else found
        needs_levels = self.base or bidi.has_rtl(text)
        self._set_words(make_words(self.items, bidi.levels(text, self.base) if needs_levels else None))

    def _set_words(self, words: list[Word]) -> None:
        self.words = words
        face = self.strut.primary
        spare = (self.leading - face.ascent - face.descent) / 2
        ascent = self._ascent = (face.ascent + spare) * self.size
        descent = self._descent = (face.descent + spare) * self.size
        high = max(map(_UP, self.words), default=0.0) > ascent or max(map(_DOWN, self.words), default=0.0) > descent
        self._tall = high and any(map(self._stands_out, self.words))
        self._widest = widest(self.words)

    def _stands_out(self, word: Word) -> bool:
        slack = 0.0 if word.box else _SLACK * self.size
        return word.up > self._ascent + slack or word.down > self._descent + slack

    @property
    def narrowest(self) -> float:
        """The width of the widest thing that cannot be broken, in em."""
        return self._widest

    @property
    def alone(self) -> float:
        """Its width on one line, in em."""
        if not self.words:
            return 0.0
        *others, last = self.words
        return sum(word.width + word.space_width for word in others) + last.width

    @property
    def natural(self) -> float:
        """The width of the longest line if only the author's breaks are kept, in em."""
        return max((m.width(0, count - 1) for m, count in self._measures()), default=0.0)

    def height(self, width: float) -> float:
        """How high the paragraph is when set ``width`` em wide: quick, and never less than what ``lines`` takes."""
        if self._widest > width:
            return self._chop(width).height(width)
        if self._tall:
            return sum(line.height for line in self.lines(width))
        count = sum(len(breaking.greedy(measures, width)) for measures, _ in self._measures())
        return count * (self._ascent + self._descent)

    def count(self, width: float) -> int:
        """How many lines ``lines`` makes, found more quickly."""
        if self._widest > width:
            return self._chop(width).count(width)
        return sum(breaking.count(measures, width) for measures, _ in self._measures())

    def lines(self, width: float, *, balanced: bool = False) -> list[Line]:
        """Break into lines of at most ``width`` em."""
        if self._widest > width:
            return self._chop(width).lines(width, balanced=balanced)
        lines: list[Line] = []
        first = 0
        for measures, count in self._measures():
            at = 0
            for last in breaking.smooth(measures, width, balanced=balanced):
                lines.append(self._line(self.words[first + at : first + last + 1], measures.width(at, last)))
                at = last + 1
            first += count
        return lines

    def _line(self, words: Sequence[Word], width: float) -> Line:
        ascent, descent = self._ascent, self._descent
        if self._tall:
            for word in words:
                if self._stands_out(word):
                    ascent, descent = max(ascent, word.up + _CLEAR), max(descent, word.down + _CLEAR)
        return Line(tuple(words), width, ascent, descent)

    def _measures(self) -> list[tuple[breaking.Measures, int]]:
        """What the breaker needs for each stretch between forced breaks, with its number of words."""
        if self._measured is None:
            self._measured = [(_measure(stretch), len(stretch)) for stretch in _stretches(self.words)]
        return self._measured

    def _chop(self, width: float) -> "Paragraph":
        """The same paragraph with words and boxes that are too wide for a line cut or made smaller."""
        if self._chopped is None or self._chopped[0] != width:
            chopped = Paragraph((), self.strut, self.size, self.leading, self.default)
            chopped.base = self.base
            chopped._set_words(list(fitted(self.words, width)))
            chopped._widest = 0.0  # rounding must not ask for more
            self._chopped = (width, chopped)
        return self._chopped[1]

    def draw(self, content: Content, line: Line, x: float, baseline: float, width: float, align: Align) -> None:
        """Draw one line in a column that starts at ``x`` and is ``width`` em wide."""
        share = self.share(align)
        draw_words(content, line.words, x + max(0.0, width - line.width) * share, baseline)

    def share(self, align: Align) -> float:
        """Which share of a line's empty space stands to the left of it."""
        match align:
            case Align.START:
                return float(self.base)
            case Align.LEFT:
                return 0.0
            case Align.CENTER | Align.RIGHT:
                return float(align.value)


def _letters(item: Item) -> str:
    """What an item is to the bidirectional algorithm (UAX #9, 5.3)."""
    match item:
        case Run():
            return item.text.replace("\n", " ")
        case HardBreak():
            return "\u2028"
        case _:
            return "\ufffc"


def _stretches(words: list[Word]) -> Iterator[list[Word]]:
    if not any(map(_FORCED, words)):
        if words:
            yield words
        return
    start = 0
    for at, word in enumerate(words):
        if word.forced:
            yield words[start : at + 1]
            start = at + 1
    if start < len(words):
        yield words[start:]


# Measuring goes through all words of all cards, so it is done in C where it can be.
_UP: Final = attrgetter("up")
_DOWN: Final = attrgetter("down")
_WIDTH: Final = attrgetter("width")
_SPACE: Final = attrgetter("space_width")
_ENDS: Final = attrgetter("ends")
_FORCED: Final = attrgetter("forced")


def _measure(words: list[Word]) -> breaking.Measures:
    last = len(words) - 1
    hyphened = any(word.hyphen for word in words[:last])
    spaces = list(map(_SPACE, words))
    return breaking.Measures(
        before=list(accumulate(map(add, map(_WIDTH, words), spaces), initial=0.0)),
        space=spaces,
        extra=[word.hyphen.width if word.hyphen and at < last else 0.0 for at, word in enumerate(words)]
        if hyphened
        else [0.0] * len(words),
        ends=range(last + 1)
        if all(map(_ENDS, words[:-1]))
        else [at for at, word in enumerate(words) if word.ends or at == last],
    )
