"""Tables: column widths from what the cells need, one row of the page a row, the head again on every further page."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from cardforge.backends.pdf.content import LEGIBLE, Content
from cardforge.backends.pdf.inks import BLACK, HAIR
from cardforge.backends.pdf.paragraph import Align, Paragraph
from cardforge.backends.pdf.rows import Body, Breaks, Frame, Row, Scaled

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


@dataclass(frozen=True, slots=True, eq=False)
class _RowBody:
    """A row's cells, each a paragraph at its place, with the rule below it."""

    cells: Sequence[tuple[Paragraph, float, float, Align]]
    width: float
    height: float
    head: bool

    def draw(self, content: Content, x: float, top: float) -> None:
        for paragraph, left, width, align in self.cells:
            at = top - _ABOVE
            for line in paragraph.lines(width):
                paragraph.draw(content, line, x + left, at - line.ascent, width, align)
                at -= line.height
        low = top - self.height
        thickness, ink = (_HEAD_RULE, BLACK) if self.head else (_ROW_RULE, HAIR)
        content.line((x, low), (x + self.width, low), thickness, ink)


@dataclass(frozen=True, slots=True, eq=False)
class TableBlock:
    """Rows of cells; ``head`` says that the first is the head. A right-to-left table starts on the right."""

    cells: Sequence[Sequence[Paragraph]]
    align: Sequence[Align]
    head: bool
    rtl: bool = False
    gap: float = 0.7
    keeps_next: bool = False
    _columns: dict[tuple[float, float], Columns] = field(default_factory=dict)

    def columns(self, frame: Frame) -> Columns:
        """Natural widths if they fit; else what is over goes to the columns that want more, each its share."""
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
        spare = frame.width / scale - sum(least)
        hunger = [want - low for want, low in zip(wanted, least, strict=True)]
        total = sum(hunger) or 1.0
        return Columns(tuple(low + spare * want / total for low, want in zip(least, hunger, strict=True)), scale)

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
            *(replace(row, head=first, breaks=row.breaks if at else Breaks.NEVER) for at, row in enumerate(others)),
        ]

    def _row(self, row: Sequence[Paragraph], columns: Columns, frame: Frame, at: int) -> Row:
        lefts = [sum(columns.widths[:column]) for column in range(len(columns.widths))]
        total = sum(columns.widths)
        if self.rtl:
            lefts = [total - left - width for left, width in zip(lefts, columns.widths, strict=True)]
        cells = [
            (cell, left + _SIDE, width - 2 * _SIDE, align)
            for cell, left, width, align in zip(row, lefts, columns.widths, self.align, strict=True)
        ]
        height = self._row_height(row, columns)
        body: Body = _RowBody(cells, total, height, head=self.head and at == 0)
        if columns.scale < 1:
            body = Scaled(body, columns.scale, "a table")
        spare = frame.width - total * columns.scale
        x = {Align.CENTER: spare / 2}.get(frame.align, spare if self.rtl else 0.0)
        first = max((cell.lines(width)[0].ascent for cell, _, width, _ in cells if cell.words), default=height)
        ascent = (first + _ABOVE) * columns.scale
        return Row(height * columns.scale, body, ascent, x=x, breaks=Breaks.BLOCK if at else Breaks.NEVER)


_SPARE: Final = 1.02
