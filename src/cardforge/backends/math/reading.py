"""mathra's SVG, read element by element into a box; what is not known to be ink of a known shape is refused."""

import math
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET

from cardforge.backends.math.box import (
    OVERHANG,
    MathBox,
    Outline,
    Placed,
    RuleBox,
    Shape,
    Stroke,
    Unreadable,
    finite,
    settled,
)
from cardforge.backends.math.tables import RuledTable, straighten

_MAX_SVG: Final = 4_000_000  # characters; 8 KiB of plain letters come to a quarter of it
_UNITS: Final = 1000.0  # SVG user units in an em
_NS: Final = "{http://www.w3.org/2000/svg}"


class _Affine(NamedTuple):
    """x' = a x + c y + e, y' = b x + d y + f."""

    a: float
    b: float
    c: float
    d: float
    e: float = 0.0
    f: float = 0.0

    def after(self, inner: "_Affine") -> "_Affine":
        """The map that does ``inner`` first and this one then."""
        a, b, c, d, e, f = self
        p, q, r, s, t, u = inner
        return _Affine(a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point goes; the outermost map being to em, the answer is one that a box may have."""
        return finite(self.a * x + self.c * y + self.e), finite(self.b * x + self.d * y + self.f)


# What each element may carry. An attribute that is not here might change the drawing, so it is refused.
_ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    "g": frozenset({"transform", "fill", "stroke"}),
    "use": frozenset({"href", "x", "y", "transform", "fill"}),
    "rect": frozenset({"x", "y", "width", "height", "fill"}),
    "line": frozenset({"x1", "y1", "x2", "y2", "stroke", "stroke-width", "stroke-linecap"}),
    "path": frozenset({"id", "d"}),
}
_NUMBER: Final = r"-?\d+(?:\.\d+)?"
_IS_NUMBER: Final = re.compile(_NUMBER).fullmatch
_COMMAND: Final = re.compile(rf"\s*([MLCQZ])\s*((?:{_NUMBER}[\s,]*)*)")
_ARITY: Final = {"M": 2, "L": 2, "C": 6, "Q": 4, "Z": 0}
_TRANSFORM: Final = re.compile(r"\s*(translate|scale)\(([^()]*)\)")


def read(svg: str, tables: tuple[RuledTable, ...], *, backgrounds: bool) -> MathBox:
    """The box that mathra's SVG draws; raises Unreadable, or ParseError where it is no XML.

    ``tables`` are those of its tables that have vertical rules; ``backgrounds`` says that there may be coloured
    grounds in it, which are left out: ink is of one colour.
    """
    if len(svg) > _MAX_SVG:
        raise Unreadable("it has too many parts")
    # Not a source's XML: mathra escapes what it quotes, and a DOCTYPE, where entities could come from, is refused.
    if "<!" in svg:
        raise Unreadable("unexpected declaration")
    root = ET.fromstring(svg)  # noqa: S314 - see above
    if root.tag != f"{_NS}svg":
        raise Unreadable("no SVG")
    try:
        left, top, width, height = _numbers(root.get("viewBox", ""))
    except ValueError:
        raise Unreadable("unexpected viewBox") from None
    glyphs = _glyphs(root)
    em = _Affine(1 / _UNITS, 0, 0, -1 / _UNITS, -left / _UNITS, 0)
    shapes = list(_ink(root, em, glyphs, backgrounds=backgrounds))
    straighten(shapes, tables)
    return settled(
        MathBox(
            finite(width / _UNITS),
            max(0.0, finite(-top / _UNITS)),
            max(0.0, finite((height + top) / _UNITS)),
            tuple(shapes),
            " ".join((root.findtext(f"{_NS}title") or "").split()),
        )
    )


def _glyphs(root: ET.Element) -> Mapping[str, str]:
    """Path data by reference, ``#id``."""
    paths = [path for defs in root.iterfind(f"{_NS}defs") for path in defs]
    for path in paths:
        _known(path, "path")
    return {f"#{path.get('id')}": path.get("d", "") for path in paths}


def _known(element: ET.Element, name: str) -> None:
    if (
        element.tag != _NS + name
        or not _ATTRIBUTES[name].issuperset(element.keys())
        or (len(element) > 0 and name != "g")
    ):
        raise Unreadable(f"unexpected {element.tag.removeprefix(_NS)}")


def _ink(parent: ET.Element, affine: _Affine, glyphs: Mapping[str, str], *, backgrounds: bool) -> Iterator[Shape]:
    for element in parent:
        name = element.tag.removeprefix(_NS)
        if name in {"title", "metadata", "style", "defs"}:
            continue
        if name == "text" and element.get("fill") == "transparent":
            continue  # a layer for copying from a page
        if name not in _ATTRIBUTES:
            raise Unreadable(f"unexpected {name}")
        _known(element, name)
        moved = element.get("transform")
        here = affine.after(_transform(moved)) if moved else affine
        match name:
            case "g":
                yield from _ink(element, here, glyphs, backgrounds=backgrounds)
            case "use":
                data = glyphs.get(element.get("href", ""))
                if data is None:
                    raise Unreadable("a glyph is missing")
                x, y = here.at(_number(element, "x"), _number(element, "y"))
                yield Placed(_outline(data, here.a, here.b, here.c, here.d), x, y)
            case "line":
                x1, y1 = here.at(_number(element, "x1"), _number(element, "y1"))
                x2, y2 = here.at(_number(element, "x2"), _number(element, "y2"))
                scale = math.sqrt(abs(here.a * here.d - here.b * here.c))
                yield Stroke(x1, y1, x2, y2, finite(_number(element, "stroke-width") * scale))
            case "rect":
                rule = _rule(element, here)
                thick = min(rule.width, rule.height) > 2 * OVERHANG
                if not (backgrounds and thick and element.get("fill", "currentColor") != "currentColor"):
                    yield rule  # else the ground of a \colorbox, which would hide its ink
            case _:
                raise Unreadable(f"unexpected {name}")


def _rule(element: ET.Element, affine: _Affine) -> RuleBox:
    x, y = _number(element, "x"), _number(element, "y")
    x1, y1 = affine.at(x, y)
    x2, y2 = affine.at(x + _number(element, "width"), y + _number(element, "height"))
    return RuleBox(min(x1, x2), min(y1, y2), round(abs(x2 - x1), 6), round(abs(y2 - y1), 6))


def _number(element: ET.Element, name: str) -> float:
    text = element.get(name, "0")
    if not _IS_NUMBER(text):
        raise Unreadable(f"unexpected {name}")
    return float(text)


def _numbers(text: str) -> tuple[float, ...]:
    words = text.replace(",", " ").split()
    if not all(map(_IS_NUMBER, words)):
        raise Unreadable("unexpected number")
    return tuple(map(float, words))


def _transform(text: str) -> _Affine:
    affine: _Affine | None = None
    end = 0
    while end < len(text):
        step = _TRANSFORM.match(text, end)
        if step is None:
            raise Unreadable("unexpected transform")
        inner = _step(step[1], _numbers(step[2]))
        affine, end = affine.after(inner) if affine else inner, step.end()
    return affine or _SAME


_SAME: Final = _Affine(1, 0, 0, 1)


def _step(name: str, values: tuple[float, ...]) -> _Affine:
    match name, values:
        case "scale", (factor,):
            return _Affine(factor, 0, 0, factor)
        case "scale", (across, up):
            return _Affine(across, 0, 0, up)
        case "translate", (x, y):
            return _Affine(1, 0, 0, 1, x, y)
        case _:
            raise Unreadable("unexpected transform")


@lru_cache(maxsize=2048)
def _outline(data: str, a: float, b: float, c: float, d: float) -> Outline:
    """The outline of SVG path data under a linear map to em; formulas share their glyphs through the cache."""
    affine, end, commands = _Affine(a, b, c, d), 0, []
    while end < len(data):
        step = _COMMAND.match(data, end)
        if step is None:
            raise Unreadable("unexpected path")
        values = _numbers(step[2])
        if len(values) != _ARITY[step[1]]:
            raise Unreadable("unexpected path")
        points = [affine.at(x, y) for x, y in zip(values[::2], values[1::2], strict=True)]
        commands.append((step[1], tuple(coordinate for point in points for coordinate in point)))
        end = step.end()
    return Outline(tuple(commands))
