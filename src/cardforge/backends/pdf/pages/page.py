"""What is drawn around a card's text: the fold, the footer, and on the back of a card the sign that it is one."""

from typing import Final

from cardforge.backends.pdf.boxes.inlines import Look, Setting, label
from cardforge.backends.pdf.canvas.content import Area, Content, num
from cardforge.backends.pdf.canvas.inks import ACCENT, HAIR, QUIET
from cardforge.backends.pdf.pages.paper import Face, Paper
from cardforge.backends.pdf.pages.parts import Half, Onward, Part
from cardforge.backends.pdf.text.characters import graphemes
from cardforge.backends.pdf.text.words import InlineBox
from cardforge.values import dataclass

_FOOTER: Final = 6.5  # points
_ORIGIN: Final = Look(ink=QUIET)
_NUMBER: Final = Look(ink=ACCENT, bold=True)
_TAB: Final = 0.3  # em: the bar before a deck's name


@dataclass(frozen=True, slots=True)
class Footer:
    """What the foot of a card's pages says: where the card is from and which one it is, "" for nothing.

    ``page`` is what a viewer calls its pages.
    """

    origin: str
    number: str
    page: str

    def label(self, mark: str) -> str:
        """The name of a page in a viewer: the card's number, and which of its pages it is."""
        return f"{self.page} {mark}".rstrip()


def draw_folded(content: Content, part: Part, footer: Footer, setting: Setting, paper: Paper) -> None:
    """A page with the question above the fold and the answer below it."""
    part.above.draw(content, paper.margin, paper.middle + paper.fold)
    _fold(content, paper)
    part.below.draw(content, paper.margin, paper.bottom)
    _foot(content, footer, part.mark, setting, (paper.width, paper.margin, paper.footer))
    if part.mark:
        sign = label(part.mark, Look(ink=QUIET), setting)
        x, y = paper.width - paper.margin - sign.width * _FOOTER, paper.height - paper.footer - 4
        with content.artifact(), content.moved(x, y, _FOOTER):
            sign.paint(content, 0, 0)


def draw_face(content: Content, half: Half | Onward, mark: str, footer: Footer, setting: Setting, face: Face) -> None:
    """One side of a card that is printed on both; both carry the number, so that they find each other."""
    half.draw(content, face.margin, face.bottom)
    _foot(content, footer, mark, setting, (face.width, face.margin, face.footer))


def _fold(content: Content, paper: Paper) -> None:
    """A row of fine dots from margin to margin."""
    left, right, y = num(paper.margin + 0.6), num(paper.width - paper.margin - 0.6), num(paper.middle)
    with content.artifact():
        content.add(f"q 1 J 0.6 w [0 2.8] 0 d {content.ink(HAIR).stroke} {left} {y} m {right} {y} l S Q")


def _foot(content: Content, footer: Footer, mark: str, setting: Setting, place: tuple[float, float, float]) -> None:
    """The corner marks; ``place`` is the width of the page, its margin and the footer's baseline."""
    width, margin, baseline = place
    wide = (width - 2 * margin) / _FOOTER
    number = label(f"{footer.number} {mark}".strip(), _NUMBER, setting)
    with content.artifact(), content.moved(margin, baseline, _FOOTER):
        if footer.origin:
            content.panel(Area(0, -0.12, _TAB, 0.72), 0.1, ACCENT)
            _shortened(footer.origin, wide - number.width - _TAB - 2.5, _ORIGIN, setting).paint(content, _TAB + 0.5, 0)
        number.paint(content, wide - number.width, 0)


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
