"""A handout: numbered questions with room to write, and on the last pages the key."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from cardforge import doc
from cardforge.backends.pdf.boxes.blocks import text
from cardforge.backends.pdf.boxes.boxes import ListBlock, entry
from cardforge.backends.pdf.boxes.inlines import Look, Setting, label
from cardforge.backends.pdf.boxes.rows import Block, Frame, Row, draw, extent, pages, stack_rows
from cardforge.backends.pdf.canvas.content import Content, num
from cardforge.backends.pdf.canvas.inks import HAIR, QUIET
from cardforge.backends.pdf.canvas.tags import heading
from cardforge.backends.pdf.file.document import Document
from cardforge.backends.pdf.pages.paper import Room
from cardforge.backends.pdf.pages.sides import back, front
from cardforge.model import Card, Choice, Cloze, Scenario
from cardforge.printing import MM, PrintOptions

_MARGIN: Final = 20 * MM  # at most, of a page
_ASKING: Final = 11.0  # points
_KEY: Final = 9.5
_LARGE: Final = 16.0
_TITLE: Final = 16.0
_HEADING: Final = 1.15  # of the text's size
_BETWEEN: Final = 13.0  # points between two questions, and between two answers
_LINE: Final = 8.5 * MM
_FOOTER: Final = 7.5


@dataclass(slots=True)
class _Flow:
    """Blocks down one page after another. ``down`` is how much of the page at hand is used, in points."""

    document: Document
    options: PrintOptions
    size: float
    content: Content | None = None
    down: float = 0.0

    @property
    def margin(self) -> float:
        """What stays free on every side, in points."""
        return min(_MARGIN, min(self.options.card) / 10)

    @property
    def room(self) -> Room:
        """The room for text on a page."""
        page = self.options.card
        return Room(page.width - 2 * self.margin, page.height - 2 * self.margin)

    def frame(self, size: float) -> Frame:
        """The room of a page in em of a text size."""
        return Frame(self.room.width / size, self.room.height / size, size)

    def add(self, rows: list[Row], size: float, setting: Setting, *, with_next: float = 0.0, lines: int = 0) -> int:
        """Add rows that belong together, and lines to write on; returns the page they begin on, counted from 0.

        ``with_next`` points have to be free below them on the same page.
        """
        need = extent(rows) * size + lines * _LINE + min(with_next, self.room.height / 4)
        if self.down and self.down + need > self.room.height:
            self.turn(setting)
        at = self.document.page_count
        for part in pages(rows, self.room.height / size):
            high = extent(part) * size
            if self.down + high > self.room.height:
                self.turn(setting)
            self._draw(part, size, setting)
            self.down += high
        for _ in range(lines):
            if self.down + _LINE > self.room.height:
                break
            self.down += _LINE
            self._rule(setting)
        self.down += _BETWEEN
        return at

    def turn(self, setting: Setting) -> None:
        """End the page at hand."""
        if self.content is not None:
            page = self.options.card
            number = label(str(self.document.page_count + 1), Look(ink=QUIET), setting)
            left = (page.width - number.width * _FOOTER) / 2
            with self.content.artifact(), self.content.moved(left, self.margin / 2, _FOOTER):
                number.paint(self.content, 0, 0)
            self.document.add_page(self.content, page)
        self.content, self.down = None, 0.0

    def _page(self, setting: Setting) -> Content:
        self.content = self.content or self.document.page(setting.report)
        self.content.report = setting.report
        return self.content

    def _draw(self, rows: list[Row], size: float, setting: Setting) -> None:
        content = self._page(setting)
        with (
            content.within(*setting.path),
            content.moved(self.margin, self.options.card.height - self.margin - self.down, size),
        ):
            draw(content, rows, 0.0)

    def _rule(self, setting: Setting) -> None:
        y = num(self.options.card.height - self.margin - self.down)
        left, right = num(self.margin), num(self.margin + self.room.width)
        content = self._page(setting)
        with content.artifact():
            content.add(f"q 0.4 w {content.ink(HAIR).stroke} {left} {y} m {right} {y} l S Q")


@dataclass(slots=True)
class Handout:
    """Collects questions onto pages, and answers for the key."""

    document: Document
    options: PrintOptions
    flow: _Flow = field(init=False)
    answers: list[tuple[str, Card, Setting]] = field(default_factory=list)

    def __post_init__(self) -> None:
        size = _LARGE if self.options.large_print else _ASKING
        self.flow = _Flow(self.document, self.options, size)

    def title(self, words: str, setting: Setting) -> None:
        """The head of the handout."""
        self._line(words, _TITLE, setting, level=1, with_next=60.0)

    def heading(self, words: str, setting: Setting) -> None:
        """A section's heading, which stays with the question after it."""
        self._line(words, self.flow.size * _HEADING, setting, level=2, with_next=90.0)

    def place(self, card: Card, setting: Setting) -> int:
        """Add a question; returns its page, counted from 0."""
        number = f"{len(self.answers) + 1}."
        self.answers.append((number, card, setting))
        rows = self._numbered(number, front(card, setting).blocks, self.flow.size, setting)
        return self.flow.add(rows, self.flow.size, setting, lines=_lines(card))

    def finish(self, words: str) -> None:
        """Add the key, under a heading, on pages of its own."""
        if not self.answers:
            return
        setting = self.answers[0][2]
        self.flow.turn(setting)
        self._line(words, _TITLE, setting, level=1, with_next=60.0)
        size = _LARGE if self.options.large_print else _KEY
        for number, card, own in self.answers:
            self.flow.add(self._numbered(number, back(card, own).blocks, size, own), size, own)
        self.flow.turn(setting)

    def _line(self, words: str, size: float, setting: Setting, *, level: int, with_next: float) -> None:
        title = replace(text((doc.Text(words),), Look(bold=True), setting), tag=heading(level))
        plain = replace(setting, path=())
        self.flow.add(stack_rows([title], self.flow.frame(size)), size, plain, with_next=with_next)

    def _numbered(self, number: str, blocks: Sequence[Block], size: float, setting: Setting) -> list[Row]:
        marker = label(number, Look(bold=True), setting)
        return stack_rows([ListBlock([entry(marker, blocks)], setting.strut(Look()), 0.0)], self.flow.frame(size))


def _lines(card: Card) -> int:
    """How many lines there are to write on: none where one ticks or fills in."""
    match card:
        case Choice() | Cloze():
            return 0
        case Scenario():
            return 4
        case _:
            return 3
