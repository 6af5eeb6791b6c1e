"""Tables: column widths from what the cells need, one row of the page a row, the head again on every further page."""

from collections.abc import Sequence
from dataclasses import field
from functools import partial
from typing import Final, NamedTuple

from cardforge.backends.pdf.boxes.rows import Breaks, Frame, Row, resized
from cardforge.backends.pdf.canvas.content import LEGIBLE, Content
from cardforge.backends.pdf.canvas.inks import BLACK, HAIR, Ink
from cardforge.backends.pdf.canvas.tags import COLUMN_HEAD, Tag
from cardforge.backends.pdf.text.paragraph import Align, Paragraph
from cardforge.values import dataclass

_SIDE: Final = 0.5  # em between a cell's text and the next column's half of the space
_ABOVE: Final = 0.24
_HEAD_RULE: Final = 0.07
_ROW_RULE: Final = 0.03
_LONG_WORD: Final = 9.0  # em; a longer word may be broken before the whole table becomes smaller
_SLIM: Final = 1.6  # em; below that a column shows a letter a line


class Columns(NamedTuple):
    """The widths of a table's columns with their padding, in em, and how much smaller it is drawn."""

    widths: tuple[float, ...]
    scale: float


class _Cell(NamedTuple):
    """A cell's paragraph in its column, without the column's padding."""

    tag: Tag
    paragraph: Paragraph
    left: float
    width: float
    align: Align


class _Rule(NamedTuple):
    """The line below a row."""

    depth: float
    width: float
    thickness: float
    ink: Ink


def _paint(cells: Sequence[_Cell], rule: _Rule, content: Content, x: float, top: float) -> None:
    for tag, paragraph, left, width, align in cells:
        at = top - _ABOVE
        with content.within(tag):
            content.mark()  # an empty cell is a cell too
            for line in paragraph.lines(width):
                paragraph.draw(content, line, x + left, at - line.ascent, width, align)
                at -= line.height
    with content.artifact():
        content.line((x, top - rule.depth), (x + rule.width, top - rule.depth), rule.thickness, rule.ink)


@dataclass(frozen=True, slots=True, eq=False)
class TableBlock:
    """Rows of cells; ``head`` says that the first is the head. A right-to-left table starts on the right."""

    cells: Sequence[Sequence[Paragraph]]
    align: Sequence[Align]
    head: bool
    rtl: bool = False
    gap: float = 0.7
    keeps_next: bool = False
    tag: Tag = field(default_factory=lambda: Tag("Table"))
    _columns: dict[tuple[float, float], Columns] = field(default_factory=dict)

    def columns(self, frame: Frame) -> Columns:
        """Natural widths if they fit; else as near to them as there is room, narrow columns first."""
        key = (frame.width, frame.size)
        if key not in self._columns:
            self._columns[key] = self._measure(frame)
        return self._columns[key]

    def _measure(self, frame: Frame) -> Columns:
        columns = list(zip(*self.cells, strict=True))
        wanted = [max(cell.natural for cell in column) + 2 * _SIDE for column in columns]
        if sum(wanted) <= frame.width:
            return Columns(tuple(wanted), 1.0)
        least = [min(max(cell.narrowest for cell in column), _LONG_WORD) + 2 * _SIDE for column in columns]
        scale = min(1.0, frame.width / sum(least))
        legible = min(1.0, LEGIBLE * _SPARE / frame.size)
        if scale < legible:  # rather break words than set them too small to read
            scale = min(legible, frame.width / ((_SLIM + 2 * _SIDE) * len(columns)))
            room = frame.width / scale
            share = room / sum(least)
            slim = [max(_SLIM + 2 * _SIDE, one * share) for one in least]
            return Columns(tuple(one * room / sum(slim) for one in slim), scale)
        return Columns(tuple(_shared(least, wanted, frame.width / scale)), scale)

    def height(self, frame: Frame) -> float:
        """In em."""
        columns = self.columns(frame)
        return sum(self._row_height(row, columns) for row in self.cells) * columns.scale

    def _row_height(self, row: Sequence[Paragraph], columns: Columns) -> float:
        return max(cell.height(width - 2 * _SIDE) for cell, width in zip(row, columns.widths, strict=True)) + 2 * _ABOVE

    def rows(self, frame: Frame) -> list[Row]:
        """One row each; a page may end between any two but after the head."""
        columns = self.columns(frame)
        rows = [self._row(row, columns, frame, at) for at, row in enumerate(self.cells)]
        if not self.head:
            return rows
        first, *others = rows
        return [
            first,
            *(row._replace(head=first, breaks=row.breaks if at else Breaks.NEVER) for at, row in enumerate(others)),
        ]

    def _row(self, row: Sequence[Paragraph], columns: Columns, frame: Frame, at: int) -> Row:
        lefts = [sum(columns.widths[:column]) for column in range(len(columns.widths))]
        total = sum(columns.widths)
        if self.rtl:
            lefts = [total - left - width for left, width in zip(lefts, columns.widths, strict=True)]
        head = self.head and at == 0
        cells = [
            _Cell(_cell(head=head), cell, left + _SIDE, width - 2 * _SIDE, align)
            for cell, left, width, align in zip(row, lefts, columns.widths, self.align, strict=True)
        ]
        height = self._row_height(row, columns)
        style = (_HEAD_RULE, BLACK) if head else (_ROW_RULE, HAIR)
        paint = partial(_paint, cells, _Rule(height, total, *style))
        first = max(
            (cell.paragraph.lines(cell.width)[0].ascent for cell in cells if cell.paragraph.words), default=height
        )
        path = (self.tag, Tag("TR"))
        full = Row(height, paint, first + _ABOVE, breaks=Breaks.BLOCK if at else Breaks.NEVER, path=path)
        spare = frame.width - total * columns.scale
        x = {Align.CENTER: spare / 2}.get(frame.align, spare if self.rtl else 0.0)
        return (resized(full, columns.scale, "a table") if columns.scale < 1 else full)._replace(x=x)


def _cell(*, head: bool) -> Tag:
    return Tag("TH", attributes=COLUMN_HEAD) if head else Tag("TD")


_SPARE: Final = 1.02


def _shared(least: Sequence[float], wanted: Sequence[float], room: float) -> list[float]:
    """Widths between the least and the wanted ones that fill a room: none gets more than those that want still more."""
    low, high = 0.0, room
    for _ in range(_HALVINGS):
        level = (low + high) / 2
        if sum(max(a, min(b, level)) for a, b in zip(least, wanted, strict=True)) > room:
            high = level
        else:
            low = level
    return [max(a, min(b, low)) for a, b in zip(least, wanted, strict=True)]


_HALVINGS: Final = 40
