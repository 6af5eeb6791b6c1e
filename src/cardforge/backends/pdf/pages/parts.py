"""A card divided over its pages: how large each side is set, and how a side that does not fit goes on.

Where the question is complete on the first page it stands again, small, above every part of the answer; where the
question itself takes several pages, its parts follow each other, and the answer stands below the last of them, where
whoever reads on arrives when the question is over.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from typing import Final

from cardforge import doc
from cardforge.backends.pdf.boxes.boxes import TextBlock
from cardforge.backends.pdf.boxes.inlines import Look, Setting, label
from cardforge.backends.pdf.boxes.rows import Frame, Row, draw, extent
from cardforge.backends.pdf.canvas.content import Content
from cardforge.backends.pdf.canvas.inks import QUIET
from cardforge.backends.pdf.pages.fit import Fitted, Sizes, fit
from cardforge.backends.pdf.pages.paper import Room
from cardforge.backends.pdf.pages.sides import CLOSEST, Side, back, front, question
from cardforge.backends.pdf.text.characters import clean
from cardforge.backends.pdf.text.paragraph import Align
from cardforge.backends.pdf.text.words import Run
from cardforge.model import Card
from cardforge.values import dataclass

_FEW: Final = 4  # lines that may be centred; more are easier to read from a straight edge
_AGAIN: Final = Sizes(9.0, 12.0)  # a question that only says what goes on below
_SHORT: Final = 110  # characters of a question that is too long to stand there again
_ONWARD: Final = 9.0  # points


@dataclass(frozen=True, slots=True)
class Half:
    """What stands on one side on one page: rows at a text size in points, in the middle of their room or at its top.

    What stands there ``again`` was read before.
    """

    room: Room
    rows: list[Row]
    size: float
    at_top: bool = False
    again: bool = False

    def draw(self, content: Content, left: float, bottom: float) -> None:
        """Draw it into its room, whose lower left corner is given in points."""
        spare = 0.0 if self.at_top else (self.room.height - extent(self.rows) * self.size) / 2
        with (
            content.artifact() if self.again else nullcontext(),
            content.moved(left, bottom + self.room.height - spare, self.size),
        ):
            draw(content, self.rows, 0.0)


@dataclass(frozen=True, slots=True)
class Onward:
    """Says on which page the answer is, in the place where it would be."""

    room: Room
    words: str
    setting: Setting

    def draw(self, content: Content, left: float, bottom: float) -> None:
        """Draw it into its room, whose lower left corner is given in points."""
        sign = label(self.words, Look(ink=QUIET), self.setting)
        x, y = left + (self.room.width - sign.width * _ONWARD) / 2, bottom + self.room.height / 2
        with content.artifact(), content.moved(x, y, _ONWARD):
            sign.paint(content, 0, 0)


@dataclass(frozen=True, slots=True)
class Part:
    """One page's worth of a card: its two sides and a mark like "(2/3)", "" if there is only one."""

    above: Half
    below: Half | Onward
    mark: str


@dataclass(frozen=True, slots=True)
class Text:
    """How large text may be: ``growth`` is that of the largest, ``least`` the smallest in points where not 0."""

    growth: float = 1.0
    least: float = 0.0


def parts(card: Card, setting: Setting, asking: Room, answering: Room, sizes: Text) -> Iterator[Part]:
    """The parts of a card whose sides have these rooms."""
    side = front(card, setting)
    above = _fit(side, asking, sizes)
    below = _fit(back(card, setting), answering, sizes)
    if len(below.pages) > 1 and not sizes.least:
        below = _close(card, below, setting, answering)
    count = max(len(above.pages), len(below.pages))
    again = _again(card, side, above, setting, asking, sizes) if count > len(above.pages) else above
    skipped = count - len(below.pages) if len(above.pages) > 1 else 0
    for at in range(count):
        fresh = at < len(above.pages)
        upper = (
            Half(asking, above.pages[at], above.size) if fresh else Half(asking, again.pages[0], again.size, again=True)
        )
        lower: Half | Onward
        if at < skipped:
            lower = Onward(answering, f"→ ({skipped + 1}/{count})", setting)
        else:
            rows = below.pages[at - skipped]
            lower = Half(answering, rows, below.size, at_top=len(below.pages) > 1)
        yield Part(upper, lower, f"({at + 1}/{count})" if count > 1 else "")


def _fit(side: Side, room: Room, sizes: Text) -> Fitted:
    def align(frame: Frame) -> Align:
        if not side.short:
            return Align.START
        lines = sum(block.paragraph.count(frame.width) for block in side.main if isinstance(block, TextBlock))
        return Align.CENTER if lines <= _FEW else Align.START

    return fit(side.blocks, room, side.sizes.grown(sizes.growth, sizes.least), align)


def _close(card: Card, below: Fitted, setting: Setting, room: Room) -> Fitted:
    """The answer set close, a little smaller, if that saves a page: one page is worth more than air."""
    side = back(card, replace(setting, close=True))
    closer = _fit(replace(side, sizes=side.sizes._replace(floor=CLOSEST)), room, Text())
    return closer if len(closer.pages) < len(below.pages) else below


def _again(card: Card, side: Side, above: Fitted, setting: Setting, room: Room, sizes: Text) -> Fitted:
    """The question as it stands above a further part of the answer."""
    again = _AGAIN.grown(1.0, sizes.least)
    if len(above.pages) == 1:
        small = again._replace(floor=min(again.floor, above.size), ceiling=min(again.ceiling, above.size))
        return fit(side.blocks, room, small, lambda _: Align.CENTER if side.short else Align.START)
    words = doc.plain_text(question(card))
    words = words if len(words) <= _SHORT else f"{words[:_SHORT].rstrip()} …"
    look = Look(ink=QUIET)
    block = TextBlock(setting.paragraph((Run(clean(words), setting.style(look)),), look))
    return fit([block], room, again, lambda _: Align.CENTER)
