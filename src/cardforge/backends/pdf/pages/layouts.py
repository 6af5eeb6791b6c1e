"""How the parts of cards come onto pages: folded pages, leaves with two sides, and many cards on a sheet."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from cardforge.backends.pdf.boxes.inlines import Setting
from cardforge.backends.pdf.canvas.content import Content, num
from cardforge.backends.pdf.canvas.inks import BLACK, HAIR
from cardforge.backends.pdf.file.document import Document
from cardforge.backends.pdf.pages.imposition import Grid, back_origin, cell_of, edge_of, edges, grid_of, turns_upright
from cardforge.backends.pdf.pages.page import Footer, draw_face, draw_folded
from cardforge.backends.pdf.pages.paper import Face, Room, face, folded
from cardforge.backends.pdf.pages.parts import Part
from cardforge.printing import MM, Layout, PrintOptions, Sides, Size

_MARK: Final = 4 * MM
_OFF: Final = 1.2 * MM
"""How long a crop mark is, and how far from the corner it begins."""


class Printer(Protocol):
    """Puts cards onto pages. ``asking`` and ``answering`` are the rooms of their two sides."""

    asking: Room
    answering: Room

    def place(self, part: Part, footer: Footer, setting: Setting) -> int:
        """Draw a part of a card; returns the page its question is on, counted from 0."""
        ...

    def finish(self) -> None:
        """Add the pages that were still waiting."""
        ...


def printer(options: PrintOptions, document: Document) -> Printer:
    """The printer of a layout; a handout has none, for its cards share pages."""
    match options.layout:
        case Layout.DUPLEX:
            return TwoSided(document, options)
        case Layout.SHEET:
            return Sheets(document, options)
        case Layout.FOLD:
            return Strips(document, options)
        case _:
            return Folded(document, options)


class Folded:
    """A page a part, with the fold across its middle."""

    def __init__(self, document: Document, options: PrintOptions) -> None:
        self.document, self.size, self.paper = document, options.card, folded(options.card)
        self.asking, self.answering = self.paper.above, self.paper.below

    def place(self, part: Part, footer: Footer, setting: Setting) -> int:
        """Add its page."""
        content = self.document.page(setting.report)
        with content.within(*setting.path):
            draw_folded(content, part, footer, setting, self.paper)
        self.document.add_page(content, self.size, footer.label(part.mark), cut=True)
        return self.document.page_count - 1

    def finish(self) -> None:
        """Nothing waits."""


@dataclass(slots=True)
class Leaves:
    """Pages in pairs, in the order that ``sides`` asks for."""

    document: Document
    sides: Sides
    size: Size
    cut: bool = False
    backs: list[tuple[Content, str]] = field(default_factory=list)

    @property
    def next_front(self) -> int:
        """The page that the next front will be, or the next back where there are no fronts."""
        return self.document.page_count + (1 if self.sides is Sides.BACK_FIRST else 0)

    def add(self, front: Content, back: Content, label: str = "") -> None:
        """Add a leaf; ``label`` is the name of both its pages in a viewer."""
        pages = {
            Sides.BOTH: [front, back],
            Sides.FRONT: [front],
            Sides.BACK: [back],
            Sides.FRONTS_THEN_BACKS: [front],
            Sides.BACK_FIRST: [back, front],
        }[self.sides]
        for content in pages:
            self.document.add_page(content, self.size, label, cut=self.cut)
        if self.sides is Sides.FRONTS_THEN_BACKS:
            self.backs.append((back, label))

    def finish(self) -> None:
        """Add the backs that were kept for the end."""
        for content, label in self.backs:
            self.document.add_page(content, self.size, label, cut=self.cut)


class TwoSided:
    """A leaf a part: the question on its front, the answer on its back."""

    def __init__(self, document: Document, options: PrintOptions) -> None:
        self.document, self.face = document, face(options.card)
        self.asking = self.answering = self.face.room
        self.offset = options.back_offset
        self.upside_down = not turns_upright(options.card, edge_of(options))
        self.leaves = Leaves(document, options.sides, options.card, cut=True)

    def place(self, part: Part, footer: Footer, setting: Setting) -> int:
        """Add its leaf."""
        front, back = self.document.page(setting.report), self.document.page(setting.report)
        at = self.leaves.next_front
        with front.within(*setting.path), back.within(*setting.path):
            draw_face(front, part.above, part.mark, footer, setting, self.face)
            _draw_back(back, part, footer, setting, self.face, self.offset, upside_down=self.upside_down)
        self.leaves.add(front, back, footer.label(part.mark))
        return at

    def finish(self) -> None:
        """Add the backs that were kept for the end."""
        self.leaves.finish()


class Sheets:
    """Many cards on a sheet, their answers on its back where the printer's turn brings them behind their questions."""

    def __init__(self, document: Document, options: PrintOptions) -> None:
        self.document, self.grid = document, grid_of(options, cell_of(options))
        self.face = face(options.card)
        self.asking = self.answering = self.face.room
        self.offset = options.back_offset
        self.edge = edge_of(options)
        self.marks = options.marks and options.label is None
        self.leaves = Leaves(document, options.sides, self.grid.sheet)
        self.pair: tuple[Content, Content] | None = None
        self.used = 0

    def place(self, part: Part, footer: Footer, setting: Setting) -> int:
        """Draw it into the next slot."""
        front, back = self.pair = self.pair or self._fresh(setting)
        front.report = back.report = setting.report
        at = self.leaves.next_front
        place = self.grid.front(self.used)
        with front.within(*setting.path), front.moved(place.x, place.y):
            draw_face(front, part.above, part.mark, footer, setting, self.face)
        place = self.grid.back(self.used, self.edge)
        with back.within(*setting.path), back.moved(place.x, place.y):
            _draw_back(back, part, footer, setting, self.face, self.offset, upside_down=place.upside_down)
        self.used += 1
        if self.used == self.grid.count:
            self._flush()
        return at

    def finish(self) -> None:
        """Add the sheet that is not full, and the backs that were kept for the end."""
        self._flush()
        self.leaves.finish()

    def _fresh(self, setting: Setting) -> tuple[Content, Content]:
        front, back = self.document.page(setting.report), self.document.page(setting.report)
        if self.marks:
            draw_marks(front, self.grid)
        return front, back

    def _flush(self) -> None:
        if self.pair is not None:
            self.leaves.add(*self.pair)
        self.pair, self.used = None, 0


class Strips:
    """Many cards on one side of a sheet, each a strip of question and answer with a fold between them."""

    def __init__(self, document: Document, options: PrintOptions) -> None:
        card = options.card
        self.document, self.face = document, face(card)
        self.grid = grid_of(options, cell_of(options))
        self.asking = self.answering = self.face.room
        self.marks = options.marks
        self.content: Content | None = None
        self.used = 0

    def place(self, part: Part, footer: Footer, setting: Setting) -> int:
        """Draw it into the next slot."""
        if self.content is None:
            self.content = self.document.page(setting.report)
            if self.marks:
                draw_marks(self.content, self.grid)
        content, cell = self.content, self.grid.front(self.used)
        content.report = setting.report
        at = self.document.page_count
        with content.within(*setting.path), content.moved(cell.x, cell.y):
            draw_face(content, part.above, part.mark, footer, setting, self.face)
            middle, high = num(self.face.width), num(self.face.height)
            with content.artifact():
                content.add(f"q 1 J 0.6 w [0 2.8] 0 d {content.ink(HAIR).stroke} {middle} 0 m {middle} {high} l S Q")
        with content.within(*setting.path), content.moved(cell.x + self.face.width, cell.y):
            draw_face(content, part.below, part.mark, footer, setting, self.face)
        self.used += 1
        if self.used == self.grid.count:
            self.finish()
        return at

    def finish(self) -> None:
        """Add the sheet at hand."""
        if self.content is not None:
            self.document.add_page(self.content, self.grid.sheet)
        self.content, self.used = None, 0


def _draw_back(
    content: Content,
    part: Part,
    footer: Footer,
    setting: Setting,
    side: Face,
    offset: tuple[float, float],
    *,
    upside_down: bool,
) -> None:
    """The back of a card in the place that begins at the origin."""
    size = Size(side.width, side.height)
    with content.moved(*back_origin(size, offset, upside_down=upside_down)):
        draw_face(content, part.below, part.mark, footer, setting, side)


def draw_marks(content: Content, grid: Grid) -> None:
    """Crop marks in the margins of a sheet, at every edge along which one cuts."""
    left, right = grid.left, grid.sheet.width - grid.left
    top, bottom = grid.sheet.height - grid.top, grid.top
    for x in edges(grid.left, grid.card.width, grid.gap, grid.columns):
        _ticks(content, [(x, top + _OFF, x, top + _OFF + _MARK), (x, bottom - _OFF, x, bottom - _OFF - _MARK)])
    for y in edges(grid.top, grid.card.height, grid.gap, grid.rows):
        _ticks(content, [(left - _OFF, y, left - _OFF - _MARK, y), (right + _OFF, y, right + _OFF + _MARK, y)])


def _ticks(content: Content, lines: Sequence[tuple[float, float, float, float]]) -> None:
    with content.artifact():
        for x1, y1, x2, y2 in lines:
            content.line((x1, y1), (x2, y2), 0.25, BLACK)
