"""The vertical rules of tables, which mathra 1.5.0 puts in the wrong place."""

import json
from dataclasses import dataclass, replace
from typing import Any, Final

from cardforge.backends.math.box import RuleBox, Shape, Unreadable, finite

_MAX_PIECES: Final = 20_000  # a rule is drawn row by row: rows times columns is what a source can ask for
_RULE: Final = 0.04  # em: the thickness of a table's rules at full size (LaTeX's 0.4 pt at 10 pt)
_AXIS: Final = 0.258  # em: height of the axis in STIX Two Math, about which mathra centres a table
_NEAR: Final = 0.005  # em: mathra rounds to thousandths of a unit, scales add a little


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table with vertical rules: its number of rows, and of each piece of rule, in drawing order, the row."""

    rows: int
    pieces: tuple[int, ...]
    underlined: bool  # whether a horizontal rule closes the table; its thickness is part of the table's height


def ruled_tables(tree: str) -> tuple[RuledTable, ...]:
    """The tables with vertical rules in mathra's tree of meaning (JSON), those with most pieces first."""
    found: list[RuledTable] = []
    nodes: list[Any] = [json.loads(tree)]
    while nodes:
        node = nodes.pop()
        if isinstance(node, list):
            nodes.extend(node)
        elif isinstance(node, dict):
            nodes.extend(node.values())
            if node.get("type") == "table" and node.get("verticals"):
                rows = [_merged_edges(row) for row in node["rows"]]
                if len(rows) * len(node["verticals"]) > _MAX_PIECES:
                    raise Unreadable("a table has too many rules")
                pieces = [n for edge in node["verticals"] for n, merged in enumerate(rows) if edge not in merged]
                underlined = any(rule["row"] == len(rows) for rule in node.get("horizontals", ()))
                found.append(RuledTable(len(rows), tuple(pieces), underlined))
    if sum(len(table.pieces) for table in found) > _MAX_PIECES:
        raise Unreadable("the tables have too many rules")
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


def straighten(shapes: list[Shape], table: RuledTable) -> None:
    """Find the pieces of a table's vertical rules among ``shapes`` and move them to their rows.

    mathra puts the piece of a row at b - 2t - h (b the baseline the table stands on, t the height of the rows above,
    h the row's own), where a - t - h is meant, a being the table's top. All three are in the pieces themselves: the
    first row's gives b, the pieces' heights give t, and a table is centred on the axis. Raises Unreadable where they
    cannot be found: a row whose every edge is merged has no piece.
    """
    if not table.pieces:
        return
    if set(table.pieces) != set(range(table.rows)):
        raise Unreadable("a table's merged row hides where its vertical rules go")
    for start in range(len(shapes) - len(table.pieces) + 1):
        moved = _moved(shapes[start : start + len(table.pieces)], table)
        if moved is not None:
            shapes[start : start + len(moved)] = moved
            return
    raise Unreadable("a table's vertical rules are not where they are expected")


def _moved(shapes: list[Shape], table: RuledTable) -> list[Shape] | None:
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
    return [replace(piece, y=finite(top - above[row] - piece.height)) for piece, row in pieces]
