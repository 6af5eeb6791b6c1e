"""The boxes that stand in lines: formulas, pictures, labels, key caps, boxes to tick, blanks to fill, bullets."""

from functools import partial
from typing import Final, assert_never

from cardforge.backends.math import MathBox, Placed, RuleBox, Stroke
from cardforge.backends.pdf.canvas.content import Area, Content, num
from cardforge.backends.pdf.canvas.inks import ACCENT, BLACK, HAIR, QUIET, WHITE, Ink
from cardforge.backends.pdf.canvas.tags import figure, formula, sign
from cardforge.backends.pdf.file.drawings import Drawings
from cardforge.backends.pdf.text.lines import draw_words
from cardforge.backends.pdf.text.paragraph import Paragraph
from cardforge.backends.pdf.text.words import InlineBox

_MATH_SCALE: Final = 1.1  # the math font's letters are smaller on the body than the text's


def formula_box(box: MathBox, size: float, ink: Ink, drawings: Drawings) -> InlineBox:
    """A formula on the line's baseline, for text of ``size`` em."""
    em = size * _MATH_SCALE
    paint = partial(_paint_formula, box, em, ink, drawings)
    return InlineBox(box.width * em, box.ascent * em, box.descent * em, paint, "a formula", formula(box.words))


def _paint_formula(box: MathBox, em: float, ink: Ink, drawings: Drawings, content: Content, x: float, y: float) -> None:
    content.use_ink(ink)
    for shape in box.shapes:
        match shape:
            case Placed():
                content.xobject(drawings.outline(shape.outline), x + shape.x * em, y + shape.y * em, em, em)
            case RuleBox():
                content.fill(x + shape.x * em, y + shape.y * em, shape.width * em, shape.height * em, ink)
            case Stroke():
                ends = (x + shape.x1 * em, y + shape.y1 * em, x + shape.x2 * em, y + shape.y2 * em)
                x1, y1, x2, y2 = (num(value) for value in ends)
                content.add(
                    f"q 1 J {num(shape.thickness * em)} w {content.ink(ink).stroke} {x1} {y1} m {x2} {y2} l S Q"
                )
            case _:
                assert_never(shape)


def underlined(box: InlineBox, size: float) -> InlineBox:
    """A box as the answer to a gap in text of ``size`` em."""

    def paint(content: Content, x: float, y: float) -> None:
        box.paint(content, x, y)
        low = y - max(0.16 * size, box.descent + 0.04 * size)
        content.line((x, low), (x + box.width, low), 0.08 * size, ACCENT)

    return InlineBox(box.width, box.ascent, max(box.descent + 0.1 * size, 0.2 * size), paint, box.what, box.tag)


_PIXELS_AN_EM: Final = 16  # as in a browser, so that a picture grows and shrinks with the text around it
_SUNK: Final = 0.18  # a low picture stands a little below the baseline, like a letter with a tail


def picture_box(media: str, pixels: tuple[float, float], description: str, drawings: Drawings) -> InlineBox:
    """A picture among the media, so many CSS pixels wide and high, with its description."""
    width, height = (value / _PIXELS_AN_EM for value in pixels)
    descent = min(_SUNK, height / 4)

    def paint(content: Content, x: float, y: float) -> None:
        name = drawings.picture(media, width * content.unit)
        if name:
            content.xobject(name, x, y - descent, width, height)

    return InlineBox(width, height - descent, descent, paint, tag=figure(description))


def speaker(size: float) -> InlineBox:
    """The sign for a sound in text of ``size`` em: a loudspeaker with two waves."""

    def paint(content: Content, x: float, y: float) -> None:
        with content.moved(x, y, size):
            accent = content.ink(ACCENT)
            content.add(f"q 1 j 0.05 w {accent.fill} {accent.stroke} {_CONE} b Q")
            content.add(f"q 1 J 0.075 w {accent.stroke} {_WAVES} S Q")

    return InlineBox(0.86 * size, 0.72 * size, 0.04 * size, paint, tag=sign("\U0001f50a"))


_CONE: Final = "0.06 0.22 m 0.06 0.46 l 0.2 0.46 l 0.4 0.64 l 0.4 0.04 l 0.2 0.22 l h"
_WAVES: Final = "0.53 0.2 m 0.62 0.28 0.62 0.4 0.53 0.48 c 0.65 0.08 m 0.82 0.22 0.82 0.46 0.65 0.6 c"


def label_box(words: Paragraph) -> InlineBox:
    """Words on one line that no line may break."""
    width = words.alone

    def paint(content: Content, x: float, y: float) -> None:
        draw_words(content, words.words, x, y)

    return InlineBox(width, 0.8 * words.size, 0.2 * words.size, paint, "a label")


_CAP_SIDE: Final = 0.32


def key_cap(name: InlineBox, size: float) -> InlineBox:
    """The name of a key, ``size`` em large, in its cap."""
    side = _CAP_SIDE * size
    width = name.width + 2 * side

    def paint(content: Content, x: float, y: float) -> None:
        edge = 0.05 * size
        area = Area(x + edge, y - 0.28 * size, x + width - edge, y + 0.98 * size)
        content.panel(area, 0.22 * size, None, (HAIR, 0.06 * size))
        name.paint(content, x + side, y)

    return InlineBox(width, size, 0.3 * size, paint, name.what)


_TICK: Final = ((0.2, 0.5), (0.42, 0.26), (0.82, 0.76))


def tick_box(size: float = 1.0, *, ticked: bool) -> InlineBox:
    """A box to tick in text of ``size`` em, ticked or not."""
    side, descent = 0.86 * size, 0.06 * size

    def paint(content: Content, x: float, y: float) -> None:
        low = y - descent
        area = Area(x, low, x + side, low + side)
        if not ticked:
            content.panel(area, 0.16 * size, None, (QUIET, 0.065 * size))
            return
        content.panel(area, 0.16 * size, ACCENT)
        (x1, y1), (x2, y2), (x3, y3) = ((num(x + px * side), num(low + py * side)) for px, py in _TICK)
        content.add(
            f"q 1 J 1 j {num(0.12 * size)} w {content.ink(WHITE).stroke} {x1} {y1} m {x2} {y2} l {x3} {y3} l S Q"
        )

    return InlineBox(side, side - descent, descent, paint, tag=sign("\u2611" if ticked else "\u2610"))


_LEAST_BLANK: Final = 4.2


def blank(hint: InlineBox | None, size: float) -> InlineBox:
    """A line to write on, a hint standing on it if there is one.

    It is as wide for every answer, so that it tells nothing, but wide enough for its hint.
    """
    width = max(_LEAST_BLANK * size, hint.width + 0.6 * size if hint else 0.0)

    def paint(content: Content, x: float, y: float) -> None:
        low, edge = y - 0.16 * size, 0.1 * size
        content.line((x + edge, low), (x + width - edge, low), 0.07 * size, ACCENT if hint else BLACK)
        if hint:
            hint.paint(content, x + (width - hint.width) / 2, y + 0.08 * size)

    return InlineBox(width, 0.9 * size, 0.22 * size, paint, "a hint" if hint else "", None if hint else sign("____"))


_DISC: Final = 0.14


def bullet(depth: int, size: float) -> InlineBox:
    """A list's mark: a disc, a ring or a small square, by how deep the list is."""
    radius = _DISC * size

    def paint(content: Content, x: float, y: float) -> None:
        middle = y + 0.29 * size
        area = Area(x, middle - radius, x + 2 * radius, middle + radius)
        match depth % 3:
            case 0:
                content.dot(x + radius, middle, radius, ACCENT)
            case 1:
                content.panel(area, radius, None, (ACCENT, 0.055 * size))
            case _:
                content.panel(area, 0.0, HAIR)

    return InlineBox(2 * radius, 0.6 * size, 0.0, paint, tag=sign("\u2022"))
