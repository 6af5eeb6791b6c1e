"""A set formula as an SVG element of our own making."""

from html import escape
from typing import Final, assert_never

from cardforge.backends.math.box import MathBox, Outline, Placed, RuleBox, Shape, Stroke

_UNITS: Final = 1000  # user units in an em


def to_svg(box: MathBox, *, css_class: str) -> str:
    """The box as an inline SVG element for HTML: sized in em, on the text's baseline, in the text's colour.

    It has neither ids nor references, so formulas cannot disturb one another on a page; a screen reader says its
    words. Lengths are rounded to a thousandth of an em.
    """
    width, ascent, descent = _unit(box.width), _unit(box.ascent), _unit(box.descent)
    ink = "".join(map(_drawn, box.shapes))
    return (
        f'<svg class="{escape(css_class)}" role="img" aria-label="{escape(box.words)}"'
        f' width="{_em(width)}" height="{_em(ascent + descent)}" viewBox="0 {-ascent} {width} {ascent + descent}"'
        f' style="vertical-align:{_em(-descent)}" fill="currentColor" overflow="visible">{ink}</svg>'
    )


def _unit(length: float) -> int:
    return round(length * _UNITS)


def _em(units: int) -> str:
    return f"{units / _UNITS:g}em"


def _drawn(shape: Shape) -> str:
    match shape:
        case Placed(outline, x, y):
            return f'<path d="{_path(outline, _unit(x), -_unit(y))}"/>'
        case RuleBox(x, y, width, height):
            left, top = _unit(x), -_unit(y + height)
            # At least a unit either way: rounding must not make a hairline vanish.
            return (
                f'<rect x="{left}" y="{top}" width="{max(1, _unit(x + width) - left)}"'
                f' height="{max(1, -_unit(y) - top)}"/>'
            )
        case Stroke(x1, y1, x2, y2, thickness):
            return (
                f'<path d="M{_unit(x1)} {-_unit(y1)}L{_unit(x2)} {-_unit(y2)}" stroke="currentColor"'
                f' stroke-width="{_unit(thickness)}" stroke-linecap="round"/>'
            )
        case _:
            assert_never(shape)


def _path(outline: Outline, x: int, y: int) -> str:
    """Path data with the origin at (x, y), y down; after the first point relative, which takes a third less room."""
    words: list[str] = []
    pen = start = (0, 0)
    for letter, values in outline.commands:
        points = [(x + _unit(px), y - _unit(py)) for px, py in zip(values[::2], values[1::2], strict=True)]
        # Rounded first and subtracted then, so that errors cannot add up along the outline.
        words.append(
            (letter.lower() if words else letter)
            + _joined([n - m for p in points for n, m in zip(p, pen, strict=True)])
        )
        pen = points[-1] if points else start
        if letter == "M":
            start = pen
    return "".join(words)


def _joined(numbers: list[int]) -> str:
    """Numbers with no blank where a minus sign parts them."""
    return " ".join(map(str, numbers)).replace(" -", "-")
