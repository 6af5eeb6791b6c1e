"""A leaf that measures a printer: crosses on both sides that lie on each other where the backs fall true.

Its marks are put into cells of the sheets' own imposition, and turned and shifted as the backs of cards are. Seen
through the paper a back is a mirror image, so the numbers of the two sides differ; both say what ``--back-offset`` has
to be.
"""

from collections.abc import Sequence
from typing import Final

from cardforge import doc
from cardforge.backends import Context
from cardforge.backends.pdf.boxes.blocks import boxes
from cardforge.backends.pdf.boxes.inlines import Look, Setting, label
from cardforge.backends.pdf.boxes.rows import draw
from cardforge.backends.pdf.canvas.content import Content
from cardforge.backends.pdf.canvas.inks import BLACK
from cardforge.backends.pdf.file.document import Document
from cardforge.backends.pdf.file.drawings import Drawings
from cardforge.backends.pdf.pages.findings import CardReport
from cardforge.backends.pdf.pages.fit import Sizes, fit
from cardforge.backends.pdf.pages.imposition import (
    EDGE,
    Grid,
    back_origin,
    cell_of,
    edge_of,
    grid_of,
    turns_upright,
    two_sided,
)
from cardforge.backends.pdf.pages.layouts import Leaves
from cardforge.backends.pdf.pages.paper import Room
from cardforge.backends.pdf.text.paragraph import Align
from cardforge.diagnostics import Span
from cardforge.printing import MM, Layout, PrintOptions, Size, read_options
from cardforge.values import dataclass

_LARGEST: Final = 15 * MM
"""The side of a mark's cell, where three of them fit across the leaf."""
_BESIDE: Final = 2 * MM
"""What of a cell's half stays free of the scale, for its last number."""
_TOLD: Final = 5
"""The millimetre that has a number, where the scale goes so far."""
_NUMBER: Final = 6.0  # points
_OFF: Final = 2.9 * MM
"""How far the middle of a number is from its scale."""
_RAISED: Final = 0.357  # em: the middle of a digit of Noto Sans above its baseline
_NAMED: Final = 1.9
"""The millimetre that has the scale's name."""
_APART: Final = 2 * MM
_TEXT: Final = Sizes(6.0, 11.0)
_TITLE: Final = "Calibration"
_STEPS: Final = (
    "Print both sides at actual size (100 %) on plain paper, and let the printer turn it about its {edge} edge.",
    "Hold it against the light, this side towards you. Where the crosses of both sides meet, all is well.",
    "Else read where the middle of the cross behind falls on the scales here: DX across, DY up and down, in mm.",
    "No light? Push a pin through the middle of a cross, turn the paper over, and read at the hole.",
    "Print again with --back-offset DX,DY, numbers and signs as you read them: the crosses meet.{already}",
    "Where the corners differ, the paper ran askew or was scaled: take the cross in the middle.",
)
_ALREADY: Final = " This leaf was made with --back-offset {across:g},{up:g}: add what you read to that."
_PIN: Final = (
    "A pin that was pushed through the middle of a cross on the front comes out at DX across and DY up and down, in "
    "millimetres, with the signs to write."
)


def calibration(context: Context) -> bytes:
    """The leaf, front and back, for the sheet, the edge and the offset of ``context.options``."""
    options = two_sided(read_options(context.options, _refuse))
    document = Document(_TITLE, "en", Drawings({}, context.load))
    document.advise_printer(edge_of(options))
    setting = Setting(document.fonts, document.drawings, CardReport(context.sink, Span(""), _TITLE), "en", 0)
    leaf = _Leaf.of(options)
    leaves = Leaves(document, options.sides, leaf.size)
    front, back = document.page(setting.report), document.page(setting.report)
    leaf.draw_front(front, setting)
    leaf.draw_back(back, setting)
    leaves.add(front, back)
    leaves.finish()
    return document.to_bytes()


def _refuse(key: str, message: str, hint: str) -> None:
    raise ValueError(f"{key}: {message} {hint}")


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A leaf with its marks, each alone in a grid. ``offset`` is that of the backs, in points."""

    size: Size
    edge: str
    offset: tuple[float, float]
    marks: Sequence[Grid]

    @classmethod
    def of(cls, options: PrintOptions) -> "_Leaf":
        size = options.card if options.layout is Layout.DUPLEX else grid_of(options, cell_of(options)).sheet
        side = min(_LARGEST, (min(size) - 2 * EDGE) / 3)
        middle = ((size.width - side) / 2, (size.height - side) / 2)
        far = (size.width - EDGE - side, size.height - EDGE - side)
        places = [(EDGE, EDGE), (far[0], EDGE), middle, (EDGE, far[1]), far]
        marks = [Grid(size, Size(side, side), 1, 1, left, top) for left, top in places]
        return cls(size, edge_of(options), options.back_offset, marks)

    @property
    def upside_down(self) -> bool:
        """Whether backs stand on their heads, so that turned like a page of a book they stand upright."""
        return not turns_upright(self.size, self.edge)

    def draw_front(self, content: Content, setting: Setting) -> None:
        """The side to read against the light, where a back that is too far right or too low shows right or below."""
        sign = -1 if self.upside_down else 1
        for grid in self.marks:
            cell = grid.front(0)
            with content.artifact(), content.moved(cell.x, cell.y):
                _cross(content, grid.card.width, (sign, -sign), -1, setting)
        across, up = (round(part / MM, 3) for part in self.offset)
        already = _ALREADY.format(across=across, up=up) if across or up else ""
        steps = [doc.ListItem((_paragraph(step.format(edge=self.edge, already=already)),)) for step in _STEPS]
        self._write(content, "Front", doc.List(tuple(steps), 1), setting)

    def draw_back(self, content: Content, setting: Setting) -> None:
        """The side to read where a pin came through."""
        sign = -1 if self.upside_down else 1
        for grid in self.marks:
            cell = grid.back(0, self.edge)
            x, y, scale = back_origin(grid.card, self.offset, upside_down=cell.upside_down)
            with content.artifact(), content.moved(cell.x, cell.y), content.moved(x, y, scale):
                _cross(content, grid.card.width, (sign, sign), 1, setting)
        corner = (self.size.width, self.size.height, -1.0) if self.upside_down else (0.0, 0.0, 1.0)
        with content.moved(*corner):
            self._write(content, "Back", _paragraph(_PIN), setting)

    def _write(self, content: Content, title: str, words: doc.Block, setting: Setting) -> None:
        """What the front says in its upper half, and the back in its lower one: against the light they keep apart.

        It stands between the marks. A leaf that is too small for it has the title alone.
        """
        side = self.marks[0].card.width
        left = EDGE + side + _APART
        room = Room(self.size.width - 2 * left, (self.size.height - side) / 2 - EDGE - _APART)
        head = doc.Heading(1, (doc.Text(f"{_TITLE}: {title.lower()}"),))
        found = fit(boxes([head, words], Look(), setting), room, _TEXT, lambda _: Align.START)
        if len(found.pages) > 1:
            found = fit(
                boxes([_paragraph(title)], Look(), setting), room, Sizes(_NUMBER, _NUMBER), lambda _: Align.START
            )
        top = self.size.height - EDGE if title == "Front" else (self.size.height - side) / 2 - _APART
        with content.moved(left, top, found.size):
            draw(content, found.pages[0], 0.0)


def _paragraph(words: str) -> doc.Paragraph:
    return doc.Paragraph((doc.Text(words),))


def _cross(content: Content, side: float, signs: tuple[int, int], numbers: int, setting: Setting) -> None:
    """Two scales in millimetres that cross in the middle of a cell, the unit being a point.

    ``signs`` are those of the numbers to the right and above. The numbers of the scale across stand below it (-1) or
    above it (1), those of the other always left: against the light the numbers of both sides keep apart.
    """
    middle = side / 2
    whole = int((middle - _BESIDE) / MM)
    told = min(_TOLD, whole)

    def stroke(at: float, half: float, thickness: float, *, across: bool) -> None:
        """A line that crosses the scale across, or the other one, ``at`` from the middle, ``half`` to either side."""
        if across:
            content.line((middle + at, middle - half), (middle + at, middle + half), thickness, BLACK)
        else:
            content.line((middle - half, middle + at), (middle + half, middle + at), thickness, BLACK)

    for across, name, sign in ((True, "DX", signs[0]), (False, "DY", signs[1])):
        stroke(0.0, whole * MM, 0.3, across=not across)
        for half in range(-2 * whole, 2 * whole + 1):
            if half:
                length = 1.5 if abs(half) == 2 * told else 0.45 if half % 2 else 0.9
                stroke(half * MM / 2, length * MM, 0.2, across=across)
        ends = (-told, told) if told == _TOLD or not across else (told,)  # where it is narrow, numbers would meet
        words = [(float(at), f"{sign * at:+d}".replace("-", "\u2212")) for at in ends]
        if told == _TOLD:
            words.append((_NAMED if across else -numbers * _NAMED, name))
        for at, word in words:
            place = (at * MM, numbers * _OFF) if across else (-_OFF, at * MM)
            box = label(word, Look(), setting)
            x, y = middle + place[0] - box.width * _NUMBER / 2, middle + place[1] - _RAISED * _NUMBER
            with content.moved(x, y, _NUMBER):
                box.paint(content, 0, 0)
