"""The blocks of a card, each able to say how high it is in a frame and to set itself as rows."""

from collections.abc import Sequence
from dataclasses import field
from functools import partial
from typing import Final, NamedTuple

from cardforge.backends.pdf.boxes.rows import (
    Block,
    Breaks,
    Frame,
    Ground,
    Marker,
    Row,
    indented,
    inside,
    resized,
    shifted,
    stack_height,
    stack_rows,
)
from cardforge.backends.pdf.canvas import tags
from cardforge.backends.pdf.canvas.content import Area, Content
from cardforge.backends.pdf.canvas.inks import ACCENT, HAIR, Ink
from cardforge.backends.pdf.canvas.tags import NUMBERED, Tag
from cardforge.backends.pdf.text.paragraph import Align, Line, Paragraph
from cardforge.backends.pdf.text.words import InlineBox, reduced
from cardforge.values import dataclass

_TOGETHER: Final = 2  # lines of a paragraph that a page's end leaves on either side


def _paint_line(
    paragraph: Paragraph, line: Line, width: float, align: Align, content: Content, x: float, top: float
) -> None:
    paragraph.draw(content, line, x, top - line.ascent, width, align)


@dataclass(frozen=True, slots=True, eq=False)
class TextBlock:
    """A paragraph or a heading, as ``tag`` says."""

    paragraph: Paragraph
    gap: float = 0.55
    keeps_next: bool = False
    tag: Tag = field(default_factory=tags.paragraph)

    def height(self, frame: Frame) -> float:
        """In em."""
        return self.paragraph.height(frame.width)

    def rows(self, frame: Frame) -> list[Row]:
        """One row a line."""
        lines = self.paragraph.lines(frame.width, balanced=frame.align is Align.CENTER)
        path = (self.tag,)
        return [
            Row(
                line.height,
                partial(_paint_line, self.paragraph, line, frame.width, frame.align),
                line.ascent,
                breaks=Breaks.LINE if _TOGETHER <= at <= len(lines) - _TOGETHER else Breaks.NEVER,
                path=path,
            )
            for at, line in enumerate(lines)
        ]


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """Blocks one above the other, maybe indented, maybe beside a bar; ``tag`` is what they are together."""

    blocks: Sequence[Block]
    gap: float = 0.55
    indent: float = 0.0
    bar: Ink | None = None
    rtl: bool = False
    keeps_next: bool = False
    tag: Tag | None = None

    def height(self, frame: Frame) -> float:
        """In em."""
        return stack_height(self.blocks, self._inner(frame))

    def rows(self, frame: Frame) -> list[Row]:
        """The rows of the blocks."""
        indent = 0.0 if self.rtl else _indent(self.indent, frame)
        rows = [shifted(row, indent) for row in stack_rows(self.blocks, self._inner(frame))]
        if self.tag:
            rows = [inside(row, self.tag) for row in rows]
        if self.bar is None:
            return rows
        left = frame.width - _BAR if self.rtl else 0.0
        bar = Ground(left, _BAR, self.bar)
        return [row._replace(grounds=(bar, *row.grounds)) for row in rows]

    def _inner(self, frame: Frame) -> Frame:
        align = frame.align if not self.indent else Align.START
        return frame._replace(width=frame.width - _indent(self.indent, frame), align=align)


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
_LEAST_WIDTH: Final = 3.0  # em


class ListEntry(NamedTuple):
    """An item of a list with its mark; ``item``, ``label`` and ``body`` are it, its mark and its text as elements."""

    marker: InlineBox
    blocks: Sequence[Block]
    item: Tag
    label: Tag
    body: Tag


def entry(marker: InlineBox, blocks: Sequence[Block]) -> ListEntry:
    """An item of a list."""
    return ListEntry(marker, blocks, Tag("LI"), Tag("Lbl"), Tag("LBody"))


@dataclass(frozen=True, slots=True, eq=False)
class ListBlock:
    """Items with marks in the indent, ``between`` em apart; right-to-left lists have them on the right."""

    entries: Sequence[ListEntry]
    strut: Paragraph
    between: float
    rtl: bool = False
    gap: float = 0.5
    keeps_next: bool = False
    tag: Tag = field(default_factory=lambda: Tag("L", attributes=NUMBERED))

    @property
    def _wish(self) -> float:
        """The indent in em: room for the widest mark and a little air."""
        return max(_INDENT, max(entry.marker.width for entry in self.entries) + _APART)

    def height(self, frame: Frame) -> float:
        """In em."""
        inner = self._inner(frame)
        heights = (stack_height(entry.blocks, inner) or self.strut.height(1.0) for entry in self.entries)
        return sum(heights) + self.between * (len(self.entries) - 1)

    def rows(self, frame: Frame) -> list[Row]:
        """The rows of the items, each first one with the item's mark."""
        inner = self._inner(frame)
        indent = frame.width - inner.width
        rows: list[Row] = []
        for entry in self.entries:
            own = stack_rows(entry.blocks, inner) or [self._empty()]
            within = (self.tag, entry.item, entry.body)
            own = [indented(row, 0.0 if self.rtl else indent, *within) for row in own]
            x = inner.width + _APART if self.rtl else indent - _APART - entry.marker.width
            mark = Marker(entry.marker, x, (self.tag, entry.item, entry.label))
            opening = own[0]._replace(markers=(mark, *own[0].markers))
            if rows:
                opening = opening._replace(gap=self.between, breaks=Breaks.BLOCK)
            rows += (opening, *own[1:])
        return rows

    def _empty(self) -> Row:
        line = self.strut.lines(1.0)[0]
        return Row(line.height, _paint_nothing, line.ascent)

    def _inner(self, frame: Frame) -> Frame:
        return frame._replace(width=frame.width - _indent(self._wish, frame), align=Align.START)


_INDENT: Final = 1.25
_APART: Final = 0.55  # em between a mark and its item


def _indent(wish: float, frame: Frame) -> float:
    """However deep lists are nested, something must fit beside the indent."""
    return max(0.0, min(wish, frame.width - _LEAST_WIDTH))


def _paint_nothing(content: Content, x: float, top: float) -> None:  # noqa: ARG001 - as all that paint are called
    """An empty item has only its mark, and is an item for all that."""
    content.mark()


@dataclass(frozen=True, slots=True, eq=False)
class DisplayBlock:
    """A formula or a picture on lines of its own, in the middle, never larger than ``share`` of the room."""

    box: InlineBox
    share: float = 1.0
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
        box = reduced(self.box, scale) if scale < 1 else self.box

        def paint(content: Content, x: float, top: float) -> None:
            box.draw(content, x, top - box.ascent)

        # A picture has no baseline: a number beside it stands at its top.
        ascent = min(box.ascent, 1.0) if box.tag and box.tag.role == "Figure" else box.ascent
        return [Row(self.height(frame), paint, ascent, x=(frame.width - box.width) / 2)]


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
        third = frame.width / 3

        def paint(content: Content, x: float, top: float) -> None:
            with content.artifact():
                content.line((x, top - 0.1), (x + third, top - 0.1), 0.05, HAIR)

        return [Row(0.2, paint, 0.2, x=third)]


_BADGE_SIDE: Final = 0.7
_BADGE_TOP: Final = 0.12


@dataclass(frozen=True, slots=True, eq=False)
class BadgeBlock:
    """Words in a frame; too many of them for one line are an ordinary paragraph."""

    words: Paragraph
    gap: float = 0.6
    keeps_next: bool = True
    tag: Tag = field(default_factory=tags.paragraph)

    def _framed(self, frame: Frame) -> bool:
        return self.words.natural + 2 * _BADGE_SIDE <= frame.width

    def height(self, frame: Frame) -> float:
        """In em."""
        return self.words.height(frame.width) + (2 * _BADGE_TOP if self._framed(frame) else 0.0)

    def rows(self, frame: Frame) -> list[Row]:
        """One row where it is framed."""
        if not self._framed(frame):
            return TextBlock(self.words, tag=self.tag).rows(frame)
        (line,) = self.words.lines(frame.width)
        width = line.width + 2 * _BADGE_SIDE
        height = line.height + 2 * _BADGE_TOP

        def paint(content: Content, x: float, top: float) -> None:
            with content.artifact():
                content.panel(Area(x, top - height, x + width, top), 0.35, None, (ACCENT, 0.09))
            self.words.draw(content, line, x + _BADGE_SIDE, top - _BADGE_TOP - line.ascent, line.width, Align.LEFT)

        left = (frame.width - width) * self.words.share(frame.align)
        return [Row(height, paint, line.ascent + _BADGE_TOP, x=left, path=(self.tag,))]
