"""Formulas on the page: inline SVG that shares its glyphs and keeps to the page's security policy.

``to_svg`` writes each formula with all its outlines and its depth as a style attribute, which the policy forbids. Here
an outline stands once on the page, formulas refer to it, and the depth is a class.
"""

import math
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from typing import Final, assert_never

from cardforge.backends.math import MathBox, MathError, Outline, Placed, RuleBox, Shape, Stroke, formula

_UNITS: Final = 1000  # user units in an em
_WIDE: Final = 14.0  # em: what is wider may not fit a card on the narrowest screen
_SHORTEST: Final = 6  # characters of a glyph's name
Commands = tuple[tuple[str, tuple[float, ...]], ...]


@dataclass(slots=True)
class Formulas:
    """The formulas of one page. What they refer to is known when all of them are drawn."""

    _names: dict[Commands, str] = field(default_factory=dict)
    _paths: dict[str, str] = field(default_factory=dict)
    _depths: set[int] = field(default_factory=set)

    def draw(self, tex: str, language: str, *, display: bool) -> tuple[str, bool]:
        """The HTML of a formula, its source as code if it cannot be set; and whether it may need room to scroll."""
        box = formula(tex, display=display, language=language)
        if isinstance(box, MathError):
            return f'<code class="cf-unset" dir="ltr">{escape(tex, quote=False)}</code>', False
        depth = math.ceil(round(box.descent * 100, 3))
        self._depths.add(depth)
        width, ascent = round(box.width * _UNITS), round(box.ascent * _UNITS)
        height = ascent + depth * 10
        ink = "".join(map(self._drawn, box.shapes))
        svg = (
            f'<svg class="cf-math cf-d{depth}" role="img" aria-label="{escape(_words(box, tex))}"'
            f' width="{width / _UNITS:g}em" height="{height / _UNITS:g}em" viewBox="0 {-ascent} {width} {height}">'
            f"{ink}</svg>"
        )
        return svg, box.width > _WIDE

    def glyphs(self) -> str:
        """The outlines that the formulas refer to, as an element that shows nothing."""
        if not self._paths:
            return ""
        paths = "".join(f'<path id="cf-{name}" d="{path}"/>' for name, path in self._paths.items())
        return f'<svg class="cf-glyphs" width="0" height="0" aria-hidden="true"><defs>{paths}</defs></svg>'

    def css(self) -> str:
        """The rules that set formulas on the baseline."""
        return "".join(f".cf-d{depth}{{vertical-align:{-depth / 100:g}em}}" for depth in sorted(self._depths))

    def depth_class(self, svg: str) -> str:
        """The class that a box around a formula needs to stand as the formula would."""
        return svg.split('"', 2)[1].split()[1]

    def _drawn(self, shape: Shape) -> str:
        match shape:
            case Placed(outline, x, y):
                name = self._names.get(outline.commands) or self._name(outline)
                return f'<use href="#cf-{name}" x="{round(x * _UNITS)}" y="{-round(y * _UNITS)}"/>'
            case RuleBox(x, y, width, height):
                left, top = round(x * _UNITS), -round((y + height) * _UNITS)
                # At least a unit either way: rounding must not make a hairline vanish.
                right, bottom = max(left + 1, round((x + width) * _UNITS)), max(top + 1, -round(y * _UNITS))
                return f'<rect x="{left}" y="{top}" width="{right - left}" height="{bottom - top}"/>'
            case Stroke(x1, y1, x2, y2, thickness):
                start, end = (f"{round(x * _UNITS)} {-round(y * _UNITS)}" for x, y in ((x1, y1), (x2, y2)))
                return f'<path d="M{start}L{end}" class="cf-stroke" stroke-width="{round(thickness * _UNITS)}"/>'
            case _:
                assert_never(shape)

    def _name(self, outline: Outline) -> str:
        """A name made from the outline, so that two pages put together agree about it; longer where two would meet."""
        path = _path(outline)
        digest = sha256(path.encode()).hexdigest()
        length = _SHORTEST
        while self._paths.get(name := f"g{digest[:length]}", path) != path:
            length += 1
        self._names[outline.commands] = name
        self._paths[name] = path
        return name


def _words(box: MathBox, tex: str) -> str:
    return box.words.strip() or tex.strip() or "formula"


def _path(outline: Outline) -> str:
    """Path data about the origin, y down; after the first point relative, which takes less room."""
    words: list[str] = []
    pen = start = (0, 0)
    for letter, values in outline.commands:
        points = [(round(x * _UNITS), -round(y * _UNITS)) for x, y in zip(values[::2], values[1::2], strict=True)]
        # Rounded first and subtracted then: errors do not add up.
        steps = [n - m for point in points for n, m in zip(point, pen, strict=True)]
        words.append((letter.lower() if words else letter) + " ".join(map(str, steps)).replace(" -", "-"))
        pen = points[-1] if points else start
        if letter == "M":
            start = pen
    return "".join(words)
