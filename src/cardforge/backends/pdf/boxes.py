"""The blocks of a card, each able to say how high it is in a frame and to set itself as rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from cardforge.backends.pdf.content import Area, Content
from cardforge.backends.pdf.inks import ACCENT, HAIR, Ink
from cardforge.backends.pdf.paragraph import Align, InlineBox, Line, Paragraph
from cardforge.backends.pdf.rows import (
    Block,
    Breaks,
    Frame,
    Ground,
    Marker,
    Nothing,
    Row,
    resized,
    shifted,
    stack_height,
    stack_rows,
)

_TOGETHER: Final = 2  # lines of a paragraph that a page's end leaves on either side


@dataclass(frozen=True, slots=True, eq=False)
class LineBody:
    """A line of a paragraph."""

    paragraph: Paragraph
    line: Line
    width: float
    align: Align

    def draw(self, content: Content, x: float, top: float) -> None:
        """Draw with the upper left corner at ``(x, top)``."""
        self.paragraph.draw(content, self.line, x, top - self.line.ascent, self.width, self.align)


@dataclass(frozen=True, slots=True, eq=False)
class TextBlock:
    """A paragraph or a heading."""

    paragraph: Paragraph
    gap: float = 0.55
    keeps_next: bool = False

    def height(self, frame: Frame) -> float:
        """In em."""
        return self.paragraph.height(frame.width)

    def rows(self, frame: Frame) -> list[Row]:
        """One row a line."""
        lines = self.paragraph.lines(frame.width, balanced=frame.align is Align.CENTER)
        return [
            Row(
                line.height,
                LineBody(self.paragraph, line, frame.width, frame.align),
                line.ascent,
                breaks=Breaks.LINE if _TOGETHER <= at <= len(lines) - _TOGETHER else Breaks.NEVER,
            )
            for at, line in enumerate(lines)
        ]


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """Blocks one above the other, maybe indented, maybe beside a bar."""

    blocks: Sequence[Block]
    gap: float = 0.55
    indent: float = 0.0
    bar: Ink | None = None
    rtl: bool = False
    keeps_next: bool = False

    def height(self, frame: Frame) -> float:
        """In em."""
        return stack_height(self.blocks, self._inner(frame))

    def rows(self, frame: Frame) -> list[Row]:
        """The rows of the blocks."""
        rows = [shifted(row, 0.0 if self.rtl else self.indent) for row in stack_rows(self.blocks, self._inner(frame))]
        if self.bar is None:
            return rows
        left = frame.width - _BAR if self.rtl else 0.0
        bar = Ground(left, _BAR, self.bar)
        return [replace(row, grounds=(bar, *row.grounds)) for row in rows]

    def _inner(self, frame: Frame) -> Frame:
        align = frame.align if not self.indent else Align.START
        return frame._replace(width=max(frame.width - self.indent, _LEAST_WIDTH), align=align)


@dataclass(frozen=True, slots=True, eq=False)
class Aside:
    """Blocks in a size of their own, ``points``, whatever the size of the text around them; never larger than that."""

    blocks: Sequence[Block]
    points: float
    gap: float = 0.8
    keeps_next: bool = False

    def _scaled(self, frame: Frame) -> tuple[float, Frame]:
        scale = min(1.0, self.points / frame.size)
        return scale, Frame(frame.width / scale, frame.room / scale, frame.size * scale, frame.align)

    def height(self, frame: Frame) -> float:
        """In em."""
        scale, inner = self._scaled(frame)
        return stack_height(self.blocks, inner) * scale

    def rows(self, frame: Frame) -> list[Row]:
        """The rows of the blocks."""
        scale, inner = self._scaled(frame)
        return [resized(row, scale) for row in stack_rows(self.blocks, inner)]


_BAR: Final = 0.14
_LEAST_WIDTH: Final = 3.0  # em: however deep lists are nested, something must fit


class ListEntry(NamedTuple):
    """An item of a list with its mark."""

    marker: InlineBox
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True, eq=False)
class ListBlock:
    """Items with marks in the indent, ``between`` em apart; right-to-left lists have them on the right."""

    entries: Sequence[ListEntry]
    strut: Paragraph
    between: float
    rtl: bool = False
    gap: float = 0.5
    keeps_next: bool = False

    @property
    def indent(self) -> float:
        """In em: room for the widest mark and a little air."""
        return max(_INDENT, max(entry.marker.width for entry in self.entries) + 0.55)

    def height(self, frame: Frame) -> float:
        """In em."""
        inner = self._inner(frame)
        heights = (stack_height(entry.blocks, inner) or self.strut.height(1.0) for entry in self.entries)
        return sum(heights) + self.between * (len(self.entries) - 1)

    def rows(self, frame: Frame) -> list[Row]:
        """The rows of the items, each first one with the item's mark."""
        inner = self._inner(frame)
        rows: list[Row] = []
        for entry in self.entries:
            own = stack_rows(entry.blocks, inner) or [self._empty()]
            own = [shifted(row, 0.0 if self.rtl else self.indent) for row in own]
            width = entry.marker.width
            x = frame.width - self.indent + 0.55 if self.rtl else self.indent - 0.55 - width
            own[0] = replace(own[0], markers=(Marker(entry.marker, x), *own[0].markers))
            if rows:
                own[0] = replace(own[0], gap=self.between, breaks=Breaks.BLOCK)
            rows += own
        return rows

    def _empty(self) -> Row:
        line = self.strut.lines(1.0)[0]
        return Row(line.height, Nothing(), line.ascent)

    def _inner(self, frame: Frame) -> Frame:
        return frame._replace(width=max(frame.width - self.indent, _LEAST_WIDTH), align=Align.START)


_INDENT: Final = 1.25


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
    """A formula or a picture as a row: a box in its place, maybe smaller."""

    box: InlineBox
    dx: float
    ascent: float
    scale: float

    def draw(self, content: Content, x: float, top: float) -> None:
        with content.moved(x + self.dx, top - self.ascent, self.scale):
            if self.scale < 1 and self.box.what:
                content.check_legible(self.box.what)
            self.box.draw(content, 0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class DisplayBlock:
    """A formula or a picture on lines of its own, in the middle, never larger than ``share`` of the room."""

    box: InlineBox
    share: float = 1.0
    centred: bool = True
    gap: float = 0.7
    keeps_next: bool = False

    def _scale(self, frame: Frame) -> float:
        high = self.box.ascent + self.box.descent
        return min(1.0, frame.width / max(self.box.width, 1e-6), frame.room * self.share / max(high, 1e-6))

    def height(self, frame: Frame) -> float:
        """In em."""
        return (self.box.ascent + self.box.descent) * self._scale(frame)

    def rows(self, frame: Frame) -> list[Row]:
        """One row."""
        scale = self._scale(frame)
        spare = frame.width - self.box.width * scale
        dx = spare / 2 if self.centred or frame.align is Align.CENTER else 0.0
        ascent = self.box.ascent * scale
        return [Row(self.height(frame), _Placed(self.box, dx, ascent, scale), ascent)]


@dataclass(frozen=True, slots=True, eq=False)
class _RuleBody:
    width: float

    def draw(self, content: Content, x: float, top: float) -> None:
        third = self.width / 3
        content.line((x + third, top - 0.1), (x + 2 * third, top - 0.1), 0.05, HAIR)


@dataclass(frozen=True, slots=True, eq=False)
class RuleBlock:
    """A horizontal rule: a short hairline in the middle."""

    gap: float = 0.6
    keeps_next: bool = False

    def height(self, frame: Frame) -> float:  # noqa: ARG002 - it is as high in every frame
        """In em."""
        return 0.2

    def rows(self, frame: Frame) -> list[Row]:
        """One row."""
        return [Row(0.2, _RuleBody(frame.width), 0.2)]


@dataclass(frozen=True, slots=True, eq=False)
class _BadgeBody:
    """A verdict's first line in its frame."""

    lines: LineBody
    left: float
    width: float
    height: float

    def draw(self, content: Content, x: float, top: float) -> None:
        area = Area(x + self.left, top - self.height, x + self.left + self.width, top)
        content.panel(area, 0.35, None, (ACCENT, 0.09))
        self.lines.draw(content, x + self.left + _BADGE_SIDE, top - _BADGE_TOP)


_BADGE_SIDE: Final = 0.7
_BADGE_TOP: Final = 0.12


@dataclass(frozen=True, slots=True, eq=False)
class BadgeBlock:
    """Words in a frame; too many of them for one line are an ordinary paragraph."""

    words: Paragraph
    gap: float = 0.6
    keeps_next: bool = True

    def _framed(self, frame: Frame) -> bool:
        return self.words.natural + 2 * _BADGE_SIDE <= frame.width

    def height(self, frame: Frame) -> float:
        """In em."""
        return self.words.height(frame.width) + (2 * _BADGE_TOP if self._framed(frame) else 0.0)

    def rows(self, frame: Frame) -> list[Row]:
        """One row where it is framed."""
        if not self._framed(frame):
            return TextBlock(self.words).rows(frame)
        (line,) = self.words.lines(frame.width)
        width = line.width + 2 * _BADGE_SIDE
        height = line.height + 2 * _BADGE_TOP
        left = (frame.width - width) * self.words.share(frame.align)
        body = LineBody(self.words, line, line.width, Align.LEFT)
        return [Row(height, _BadgeBody(body, left, width, height), line.ascent + _BADGE_TOP)]
