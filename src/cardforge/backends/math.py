"""Formulas: LaTeX to a box of outlines and rules, for print and page alike. The only home of mathra.

mathra answers with an SVG. It is read here, element by element, into :class:`MathBox`; whatever is not known to be ink
of a known shape makes the formula a :class:`MathError`, so no markup of its making, or of a source's, is passed on.

All lengths are in em, y grows upwards from the baseline, x from the left edge. All ink has one colour.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from typing import Any, Final, assert_never
from xml.etree import ElementTree as ET

import mathra

LONGEST: Final = 8192
"""The longest formula that is set, in bytes of UTF-8."""
_LARGEST: Final = 1000.0  # em: far beyond any sheet, and enough to keep every later calculation in bounds
_MAX_SVG: Final = 4_000_000  # characters; 8 KiB of plain letters come to a quarter of it
_MAX_SEGMENTS: Final = 20_000  # vertical rules are drawn row by row, so rows times columns is what a source can ask for
_UNITS: Final = 1000.0  # SVG user units in an em
_OVERHANG: Final = 0.1  # em; italics and strike-outs stand out of their box by less
_NS: Final = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True, slots=True)
class Outline:
    """A closed shape, filled by the nonzero rule.

    Each command is a letter and absolute coordinates in em, y up: M and L take a point, Q a control point and a point,
    C two control points and a point, Z nothing.
    """

    commands: tuple[tuple[str, tuple[float, ...]], ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """An outline with its origin at (x, y)."""

    outline: Outline
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class RuleBox:
    """A filled rectangle; (x, y) is its lower left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line with round ends."""

    x1: float
    y1: float
    x2: float
    y2: float
    thickness: float


Shape = Placed | RuleBox | Stroke


@dataclass(frozen=True, slots=True)
class MathBox:
    """A set formula: its size about the baseline, its ink and what a screen reader says for it.

    ``descent`` counts downwards and is not negative. Ink stands out of the box by a tenth of an em at most.
    """

    width: float
    ascent: float
    descent: float
    shapes: tuple[Shape, ...]
    words: str


@dataclass(frozen=True, slots=True)
class MathError:
    """Why a formula cannot be set. ``column`` counts the formula's characters from 1; None if none is to blame."""

    column: int | None
    message: str


class _Unreadable(Exception):  # noqa: N818 - never leaves this module: it becomes a MathError
    """The SVG, or the tree of meaning, is not what this module knows how to read."""


def formula(tex: str, *, display: bool, language: str = "en") -> MathBox | MathError:
    """Set a formula, given as LaTeX without delimiters; ``language`` (BCP 47) is the one its words are in."""
    return _formula(tex, display, _locale(language))


@lru_cache(maxsize=256)
def _locale(language: str) -> str:
    """The locale mathra has for a language tag: the same, else one with the same primary subtag, else English."""
    known = {entry["code"].lower(): entry["code"] for entry in mathra.locales()}
    tag = language.lower().replace("_", "-")
    primary = tag.partition("-")[0]
    if tag in known:
        return known[tag]
    return next((code for code in known.values() if code.lower().partition("-")[0] == primary), "en")


@lru_cache(maxsize=4096)
def _formula(tex: str, display: bool, locale: str) -> MathBox | MathError:  # noqa: FBT001 - a private cache key
    try:
        size = len(tex.encode())
    except UnicodeEncodeError:
        return MathError(None, "the formula holds half a surrogate pair")
    if size > LONGEST:
        return MathError(None, f"the formula is longer than {LONGEST} bytes")
    try:
        # Only a table can have a bar in its column specification; the tree says how many rules that comes to.
        tree = mathra.tex_to_tree(tex, locale, display=display, strict=True) if "|" in tex else "{}"
        tables = _ruled_tables(tree)
        svg = mathra.tex_to_svg(tex, locale, display=display, strict=True)
        return _read(svg, tables, backgrounds="colorbox" in tex)
    except ValueError as refusal:
        return _refused(str(refusal), len(tex))
    except (_Unreadable, ET.ParseError) as failure:
        return MathError(None, f"the formula cannot be drawn: {failure}")


def _refused(refusal: str, length: int) -> MathError:
    where = re.match(r"column (\d+): ", refusal)
    if where is None:
        return MathError(None, refusal)
    column = int(where[1])  # counted in the expanded text: beyond the formula's end when a macro is to blame
    return MathError(column if 1 <= column <= length + 1 else None, refusal[where.end() :])


# ---- reading the SVG


@dataclass(frozen=True, slots=True)
class _Affine:
    """x' = a x + c y + e, y' = b x + d y + f."""

    a: float
    b: float
    c: float
    d: float
    e: float = 0.0
    f: float = 0.0

    def after(self, inner: "_Affine") -> "_Affine":
        """The map that does ``inner`` first and this one then."""
        return _Affine(
            self.a * inner.a + self.c * inner.b,
            self.b * inner.a + self.d * inner.b,
            self.a * inner.c + self.c * inner.d,
            self.b * inner.c + self.d * inner.d,
            self.a * inner.e + self.c * inner.f + self.e,
            self.b * inner.e + self.d * inner.f + self.f,
        )

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point goes; the outermost map being to em, the answer is one that a box may have."""
        return _finite(self.a * x + self.c * y + self.e), _finite(self.b * x + self.d * y + self.f)


# What each element may carry. An attribute that is not here might change the drawing, so it is refused.
_ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    "g": frozenset({"transform", "fill", "stroke"}),
    "use": frozenset({"href", "x", "y", "transform", "fill"}),
    "rect": frozenset({"x", "y", "width", "height", "fill"}),
    "line": frozenset({"x1", "y1", "x2", "y2", "stroke", "stroke-width", "stroke-linecap"}),
    "path": frozenset({"id", "d"}),
}
_NUMBER: Final = r"-?\d+(?:\.\d+)?"
_COMMAND: Final = re.compile(rf"\s*([MLCQZ])\s*((?:{_NUMBER}[\s,]*)*)")
_ARITY: Final = {"M": 2, "L": 2, "C": 6, "Q": 4, "Z": 0}
_TRANSFORM: Final = re.compile(r"\s*(translate|scale)\(([^()]*)\)")


def _finite(value: float) -> float:
    value = round(value, 6) + 0.0  # + 0.0 makes -0.0 plain
    if not abs(value) <= _LARGEST:
        raise _Unreadable(f"it is larger than {_LARGEST:.0f} em")
    return value


def _read(svg: str, tables: "tuple[_RuledTable, ...]", *, backgrounds: bool) -> MathBox:
    if len(svg) > _MAX_SVG:
        raise _Unreadable("it has too many parts")
    # Not a source's XML: mathra escapes what it quotes, and a DOCTYPE, where entities could come from, is refused.
    if "<!" in svg:
        raise _Unreadable("unexpected declaration")
    root = ET.fromstring(svg)  # noqa: S314 - see above
    if root.tag != f"{_NS}svg":
        raise _Unreadable("no SVG")
    try:
        left, top, width, height = _numbers(root.get("viewBox", ""))
    except ValueError:
        raise _Unreadable("unexpected viewBox") from None
    glyphs = _glyphs(root)
    em = _Affine(1 / _UNITS, 0, 0, -1 / _UNITS, -left / _UNITS, 0)
    shapes = list(_ink(root, em, glyphs, backgrounds=backgrounds))
    for table in tables:
        _straighten(shapes, table)
    return _settled(
        MathBox(
            _finite(width / _UNITS),
            max(0.0, _finite(-top / _UNITS)),
            max(0.0, _finite((height + top) / _UNITS)),
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
        raise _Unreadable(f"unexpected {element.tag.removeprefix(_NS)}")


def _ink(parent: ET.Element, affine: _Affine, glyphs: Mapping[str, str], *, backgrounds: bool) -> Iterator[Shape]:
    for element in parent:
        name = element.tag.removeprefix(_NS)
        if name in {"title", "metadata", "style", "defs"}:
            continue
        if name == "text" and element.get("fill") == "transparent":
            continue  # a layer for copying from a page
        if name not in _ATTRIBUTES:
            raise _Unreadable(f"unexpected {name}")
        _known(element, name)
        here = affine.after(_transform(element.get("transform", "")))
        match name:
            case "g":
                yield from _ink(element, here, glyphs, backgrounds=backgrounds)
            case "use":
                data = glyphs.get(element.get("href", ""))
                if data is None:
                    raise _Unreadable("a glyph is missing")
                x, y = here.at(_number(element, "x"), _number(element, "y"))
                yield Placed(_outline(data, here.a, here.b, here.c, here.d), x, y)
            case "line":
                x1, y1 = here.at(_number(element, "x1"), _number(element, "y1"))
                x2, y2 = here.at(_number(element, "x2"), _number(element, "y2"))
                scale = math.sqrt(abs(here.a * here.d - here.b * here.c))
                yield Stroke(x1, y1, x2, y2, _finite(_number(element, "stroke-width") * scale))
            case "rect":
                rule = _rule(element, here)
                thick = min(rule.width, rule.height) > 2 * _OVERHANG
                if not (backgrounds and thick and element.get("fill", "currentColor") != "currentColor"):
                    yield rule  # else the ground of a \colorbox, which would hide its ink
            case _:
                raise _Unreadable(f"unexpected {name}")


def _rule(element: ET.Element, affine: _Affine) -> RuleBox:
    x, y = _number(element, "x"), _number(element, "y")
    x1, y1 = affine.at(x, y)
    x2, y2 = affine.at(x + _number(element, "width"), y + _number(element, "height"))
    return RuleBox(min(x1, x2), min(y1, y2), round(abs(x2 - x1), 6), round(abs(y2 - y1), 6))


def _number(element: ET.Element, name: str) -> float:
    text = element.get(name, "0")
    if not re.fullmatch(_NUMBER, text):
        raise _Unreadable(f"unexpected {name}")
    return float(text)


def _numbers(text: str) -> tuple[float, ...]:
    words = text.replace(",", " ").split()
    if not all(re.fullmatch(_NUMBER, word) for word in words):
        raise _Unreadable("unexpected number")
    return tuple(map(float, words))


def _transform(text: str) -> _Affine:
    affine, end = _Affine(1, 0, 0, 1), 0
    while end < len(text):
        step = _TRANSFORM.match(text, end)
        if step is None:
            raise _Unreadable("unexpected transform")
        affine, end = affine.after(_step(step[1], _numbers(step[2]))), step.end()
    return affine


def _step(name: str, values: tuple[float, ...]) -> _Affine:
    match name, values:
        case "scale", (factor,):
            return _Affine(factor, 0, 0, factor)
        case "scale", (across, up):
            return _Affine(across, 0, 0, up)
        case "translate", (x, y):
            return _Affine(1, 0, 0, 1, x, y)
        case _:
            raise _Unreadable("unexpected transform")


@lru_cache(maxsize=2048)
def _outline(data: str, a: float, b: float, c: float, d: float) -> Outline:
    """The outline of SVG path data under a linear map to em; formulas share their glyphs through the cache."""
    affine, end, commands = _Affine(a, b, c, d), 0, []
    while end < len(data):
        step = _COMMAND.match(data, end)
        if step is None:
            raise _Unreadable("unexpected path")
        values = _numbers(step[2])
        if len(values) != _ARITY[step[1]]:
            raise _Unreadable("unexpected path")
        points = [affine.at(x, y) for x, y in zip(values[::2], values[1::2], strict=True)]
        commands.append((step[1], tuple(coordinate for point in points for coordinate in point)))
        end = step.end()
    return Outline(tuple(commands))


def _bounds(shape: Shape) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of what a shape inks; of a curve, its control points'."""
    match shape:
        case Placed(outline, x, y):
            left, bottom, right, top = _outline_bounds(outline)
            return x + left, y + bottom, x + right, y + top
        case RuleBox(x, y, width, height):
            return x, y, x + width, y + height
        case Stroke(x1, y1, x2, y2, thickness):
            half = thickness / 2
            return min(x1, x2) - half, min(y1, y2) - half, max(x1, x2) + half, max(y1, y2) + half
        case _:
            assert_never(shape)


@lru_cache(maxsize=2048)
def _outline_bounds(outline: Outline) -> tuple[float, float, float, float]:
    xs = [x for _, values in outline.commands for x in values[::2]] or [0.0]
    ys = [y for _, values in outline.commands for y in values[1::2]] or [0.0]
    return min(xs), min(ys), max(xs), max(ys)


def _settled(box: MathBox) -> MathBox:
    r"""The box, grown where ink stands out of it by more than an overhang.

    TeX lets ``\llap``, ``\smash`` and negative space print over the neighbours. A formula is set here without
    knowing its neighbours, so it gets the room it needs.
    """
    if not box.shapes:
        return replace(box, width=max(0.0, box.width))
    lefts, bottoms, rights, tops = zip(*map(_bounds, box.shapes), strict=True)
    shift = -min(lefts) if -min(lefts) > _OVERHANG else 0.0
    return replace(
        box,
        width=_finite(shift + (max(rights) if max(rights) > box.width + _OVERHANG else box.width)),
        ascent=_finite(max(tops) if max(tops) > box.ascent + _OVERHANG else box.ascent),
        descent=_finite(-min(bottoms) if -min(bottoms) > box.descent + _OVERHANG else box.descent),
        shapes=tuple(_shifted(shape, shift) for shape in box.shapes) if shift else box.shapes,
    )


def _shifted(shape: Shape, by: float) -> Shape:
    match shape:
        case Placed() | RuleBox():
            return replace(shape, x=_finite(shape.x + by))
        case Stroke():
            return replace(shape, x1=_finite(shape.x1 + by), x2=_finite(shape.x2 + by))
        case _:
            assert_never(shape)


# ---- vertical rules of tables, which mathra 1.5.0 puts in the wrong place

_RULE: Final = 0.04  # em: the thickness of a table's rules at full size (LaTeX's 0.4 pt at 10 pt)
_AXIS: Final = 0.258  # em: height of the axis in STIX Two Math, about which mathra centres a table
_NEAR: Final = 0.005  # em: mathra rounds to thousandths of a unit, scales add a little


@dataclass(frozen=True, slots=True)
class _RuledTable:
    """A table with vertical rules: its number of rows, and of each piece of rule, in drawing order, the row."""

    rows: int
    pieces: tuple[int, ...]
    underlined: bool  # whether a horizontal rule closes the table; its thickness is part of the table's height


def _ruled_tables(tree: str) -> tuple[_RuledTable, ...]:
    """The tables with vertical rules in mathra's tree of meaning (JSON), those with most pieces first."""
    found: list[_RuledTable] = []
    nodes: list[Any] = [json.loads(tree)]
    while nodes:
        node = nodes.pop()
        if isinstance(node, list):
            nodes.extend(node)
        elif isinstance(node, dict):
            nodes.extend(node.values())
            if node.get("type") == "table" and node.get("verticals"):
                rows = [_merged_edges(row) for row in node["rows"]]
                if len(rows) * len(node["verticals"]) > _MAX_SEGMENTS:
                    raise _Unreadable("a table has too many rules")
                pieces = [n for edge in node["verticals"] for n, merged in enumerate(rows) if edge not in merged]
                underlined = any(rule["row"] == len(rows) for rule in node.get("horizontals", ()))
                found.append(_RuledTable(len(rows), tuple(pieces), underlined))
    if sum(len(table.pieces) for table in found) > _MAX_SEGMENTS:
        raise _Unreadable("the tables have too many rules")
    return tuple(sorted(found, key=lambda table: -len(table.pieces)))


def _merged_edges(row: list[dict[str, Any]]) -> frozenset[int]:
    """The column edges that merged cells of a row cover; edge n is the one before column n."""
    edges: set[int] = set()
    column = 0
    for cell in row:
        span = int(cell.get("columns", 1)) if cell.get("type") == "multicolumn" else 1
        edges.update(range(column + 1, column + span))
        column += span
    return frozenset(edges)


def _straighten(shapes: list[Shape], table: _RuledTable) -> None:
    """Find the pieces of a table's vertical rules among ``shapes`` and move them to their rows.

    mathra puts the piece of a row at b - 2t - h (b the baseline the table stands on, t the height of the rows above,
    h the row's own), where a - t - h is meant, a being the table's top. All three are in the pieces themselves: the
    first row's gives b, the pieces' heights give t, and a table is centred on the axis. Raises _Unreadable where they
    cannot be found: a row whose every edge is merged has no piece.
    """
    if not table.pieces:
        return
    if set(table.pieces) != set(range(table.rows)):
        raise _Unreadable("a table's merged row hides where its vertical rules go")
    for start in range(len(shapes) - len(table.pieces) + 1):
        moved = _moved(shapes[start : start + len(table.pieces)], table)
        if moved is not None:
            shapes[start : start + len(moved)] = moved
            return
    raise _Unreadable("a table's vertical rules are not where they are expected")


def _moved(shapes: list[Shape], table: _RuledTable) -> list[Shape] | None:
    """The shapes, moved, if they are the pieces of a table's rules as mathra puts them."""
    heights: dict[int, float] = {}
    thickness = shapes[0].width if isinstance(shapes[0], RuleBox) else 0.0
    pieces: list[tuple[RuleBox, int]] = []
    for shape, row in zip(shapes, table.pieces, strict=True):
        if not isinstance(shape, RuleBox) or abs(shape.width - thickness) > _NEAR or shape.height <= shape.width:
            return None
        if abs(heights.setdefault(row, shape.height) - shape.height) > _NEAR:
            return None
        pieces.append((shape, row))
    above = [0.0]
    for row in range(table.rows):
        above.append(above[-1] + heights[row])
    baseline = next(piece.y + piece.height for piece, row in pieces if row == 0)
    if any(abs(baseline - 2 * above[row] - piece.height - piece.y) > _NEAR for piece, row in pieces):
        return None
    height = above[-1] + (thickness if table.underlined else 0.0)
    top = baseline + _AXIS * thickness / _RULE + height / 2
    return [replace(piece, y=_finite(top - above[row] - piece.height)) for piece, row in pieces]


# ---- our own SVG


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
