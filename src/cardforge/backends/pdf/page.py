"""The page of a card: where its two sides, the fold and the footer are, and how a long card goes on.

The question stands above a dotted line in the middle of the page and the answer below it: folded there, the page is a
card with two sides. A card that does not fit goes on on further pages of the same make, marked (2/2), so that each of
them can be folded too and still says which question it belongs to: where the question is complete on the first page it
stands again above every part of the answer; where the question itself takes several pages, its parts follow each other
above the fold, and the answer stands below the last of them, where whoever reads on arrives when the question is over.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from cardforge import doc
from cardforge.backends.pdf.boxes import TextBlock
from cardforge.backends.pdf.characters import graphemes
from cardforge.backends.pdf.content import Content, num
from cardforge.backends.pdf.fit import Fitted, Room, Sizes, fit
from cardforge.backends.pdf.inks import HAIR, QUIET
from cardforge.backends.pdf.inlines import Look, Setting, clean, label
from cardforge.backends.pdf.paragraph import Align
from cardforge.backends.pdf.rows import Frame, Row, draw, extent
from cardforge.backends.pdf.sides import CLOSEST, Side, back, front, question
from cardforge.backends.pdf.words import InlineBox, Run
from cardforge.model import Card

_MM: Final = 72 / 25.4


class Paper(NamedTuple):
    """A page and what stays free on it, in points: ``margin`` left and right, ``fold`` on either side of the fold."""

    width: float
    height: float
    margin: float
    top: float
    bottom: float
    fold: float
    footer: float
    """The footer's baseline above the lower edge."""

    @property
    def middle(self) -> float:
        """Where the page is folded, above the lower edge."""
        return self.height / 2

    @property
    def above(self) -> Room:
        """The room for the question."""
        return Room(self.width - 2 * self.margin, self.middle - self.top - self.fold)

    @property
    def below(self) -> Room:
        """The room for the answer."""
        return Room(self.width - 2 * self.margin, self.middle - self.bottom - self.fold)


A6: Final = Paper(
    148 * _MM, 105 * _MM, margin=9.5 * _MM, top=8 * _MM, bottom=10 * _MM, fold=4.5 * _MM, footer=5.5 * _MM
)

_FOOTER: Final = 6.5  # points
_FEW: Final = 4  # lines that may be centred; more are easier to read from a straight edge
_AGAIN: Final = Sizes(9.0, 12.0)  # a question that only says what goes on below
_SHORT: Final = 110  # characters of a question that is too long to stand there again


@dataclass(frozen=True, slots=True)
class Footer:
    """What the foot of a card's pages says: where the card is from and which one it is."""

    origin: str
    number: str


def card_pages(card: Card, footer: Footer, setting: Setting, paper: Paper) -> Iterator[Content]:
    """The pages of a card."""
    asking = front(card, setting)
    above = _fit(asking, paper.above)
    below = _fit(back(card, setting), paper.below)
    if len(below.pages) > 1:
        below = _close(card, below, setting, paper)
    count = max(len(above.pages), len(below.pages))
    again = _again(card, asking, above, setting, paper) if count > len(above.pages) else above
    skipped = count - len(below.pages) if len(above.pages) > 1 else 0
    for at in range(count):
        content = Content(setting.report)
        upper = above if at < len(above.pages) else again
        rows = upper.pages[at] if at < len(above.pages) else upper.pages[0]
        _draw_side(content, rows, upper.size, paper.margin, paper.middle + paper.fold, paper.above)
        _fold(content, paper)
        mark = f"({at + 1}/{count})" if count > 1 else ""
        if skipped <= at < skipped + len(below.pages):
            rows = below.pages[at - skipped]
            _draw_side(content, rows, below.size, paper.margin, paper.bottom, paper.below, top=len(below.pages) > 1)
        elif at < skipped:
            _onward(content, f"→ ({skipped + 1}/{count})", setting, paper)
        _foot(content, footer, mark, setting, paper)
        yield content


def _fit(side: Side, room: Room) -> Fitted:
    def align(frame: Frame) -> Align:
        lines = [block.paragraph.lines(frame.width) for block in side.main if isinstance(block, TextBlock)]
        return Align.CENTER if side.short and sum(len(found) for found in lines) <= _FEW else Align.START

    return fit(side.blocks, room, side.sizes, align)


def _close(card: Card, below: Fitted, setting: Setting, paper: Paper) -> Fitted:
    """The answer set close, a little smaller, if that saves a page: one page is worth more than air."""
    side = back(card, replace(setting, close=True))
    closer = _fit(replace(side, sizes=side.sizes._replace(floor=CLOSEST)), paper.below)
    return closer if len(closer.pages) < len(below.pages) else below


def _again(card: Card, side: Side, above: Fitted, setting: Setting, paper: Paper) -> Fitted:
    """The question as it stands above a further part of the answer."""
    if len(above.pages) == 1:
        small = _AGAIN._replace(floor=min(_AGAIN.floor, above.size), ceiling=min(_AGAIN.ceiling, above.size))
        return fit(side.blocks, paper.above, small, lambda _: Align.CENTER if side.short else Align.START)
    words = doc.plain_text(question(card))
    words = words if len(words) <= _SHORT else f"{words[:_SHORT].rstrip()} …"
    look = Look(ink=QUIET)
    block = TextBlock(setting.paragraph((Run(clean(words), setting.style(look)),), look))
    return fit([block], paper.above, _AGAIN, lambda _: Align.CENTER)


def _draw_side(
    content: Content, rows: list[Row], size: float, left: float, bottom: float, room: Room, *, top: bool = False
) -> None:
    """Draw rows in a room, in the middle of its height or at its top."""
    high = extent(rows)
    spare = 0.0 if top else (room.height - high * size) / 2
    with content.moved(left, bottom + room.height - spare, size):
        draw(content, rows, 0.0)


def _fold(content: Content, paper: Paper) -> None:
    """A row of fine dots from margin to margin."""
    left, right, y = num(paper.margin), num(paper.width - paper.margin), num(paper.middle)
    content.add(f"q 1 J 0.6 w [0 2.8] 0 d {HAIR.stroke} {left} {y} m {right} {y} l S Q")


def _onward(content: Content, words: str, setting: Setting, paper: Paper) -> None:
    """Where the answer is, in the place where it would be."""
    size = 9.0
    sign = label(words, Look(ink=QUIET), setting)
    with content.moved((paper.width - sign.width * size) / 2, paper.bottom + paper.below.height / 2, size):
        sign.paint(content, 0, 0)


def _foot(content: Content, footer: Footer, mark: str, setting: Setting, paper: Paper) -> None:
    look = Look(ink=QUIET)
    wide = (paper.width - 2 * paper.margin) / _FOOTER
    number = label(f"{footer.number} {mark}".rstrip(), look, setting)
    with content.moved(paper.margin, paper.footer, _FOOTER):
        _shortened(footer.origin, wide - number.width - 2, look, setting).paint(content, 0, 0)
        number.paint(content, wide - number.width, 0)
    if mark:
        sign = label(mark, look, setting)
        with content.moved(paper.width - paper.margin - sign.width * _FOOTER, paper.height - paper.footer - 4, _FOOTER):
            sign.paint(content, 0, 0)


def _shortened(words: str, width: float, look: Look, setting: Setting) -> InlineBox:
    """Words on one line of at most ``width`` em, with an ellipsis where some are left out."""
    whole = label(words, look, setting)
    if whole.width <= width:
        return whole
    parts = graphemes(words)[: int(width * 8)]  # hardly a letter is narrower than an eighth of its size
    low, high = 0, len(parts)
    while high - low > 1:
        middle = (low + high) // 2
        if label("".join(parts[:middle]) + " …", look, setting).width <= width:
            low = middle
        else:
            high = middle
    return label("".join(parts[:low]).rstrip() + " …", look, setting)
