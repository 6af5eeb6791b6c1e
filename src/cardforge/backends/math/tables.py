"""The vertical rules of tables, which mathra 1.5.0 puts in the wrong place."""

import json
from dataclasses import replace
from typing import Any, Final

from cardforge.backends.math.box import RuleBox, Shape, Unreadable, finite
from cardforge.values import dataclass

_MAX_PIECES: Final = 4000  # a rule is drawn row by row: rows times columns is what a source can ask for
_RULE: Final = 0.04  # em: the thickness of a table's rules at full size (LaTeX's 0.4 pt at 10 pt)
_AXIS: Final = 0.258  # em: height of the axis in STIX Two Math, about which mathra centres a table
_MARGIN: Final = 0.25  # em: how far within a table's edges mathra puts the rules there; LaTeX puts them on the edges
_APART: Final = 0.24  # em: from a rule to its double (LaTeX's doublerulesep and the rule's own thickness)
_NEAR: Final = 0.005  # em: mathra rounds to thousandths of a unit, scales add a little


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table with vertical rules: its number of rows, and of each piece of rule, in drawing order, the row.

    ``shifts`` says how far each piece has to go to the right, in em.
    """

    rows: int
    pieces: tuple[int, ...]
    shifts: tuple[float, ...]
    underlined: bool  # whether a horizontal rule closes the table; its thickness is part of the table's height


def ruled_tables(tree: str, *, spaced: bool = True) -> tuple[RuledTable, ...]:
    """The tables with vertical rules in mathra's tree of meaning (JSON), those with most pieces first.

    ``spaced`` says that columns have their usual space around them.
    """
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
                shifts = _shifts(node["verticals"], len(node["columns"]), _MARGIN if spaced else 0.0)
                pieces = [
                    (n, shift)
                    for edge, shift in zip(node["verticals"], shifts, strict=True)
                    for n, merged in enumerate(rows)
                    if edge not in merged
                ]
                underlined = any(rule["row"] == len(rows) for rule in node.get("horizontals", ()))
                numbers, moves = tuple(n for n, _ in pieces), tuple(shift for _, shift in pieces)
                found.append(RuledTable(len(rows), numbers, moves, underlined))
    if sum(len(table.pieces) for table in found) > _MAX_PIECES:
        raise Unreadable("the tables have too many rules")
    return tuple(sorted(found, key=lambda table: -len(table.pieces)))


def _shifts(edges: list[int], last: int, margin: float) -> list[float]:
    """How far each rule has to go to the right: those at the table's edges outwards, doubles apart."""
    shifts = []
    for at, edge in enumerate(edges):
        number, count = edges[:at].count(edge), edges.count(edge)
        if edge == 0:
            shifts.append(number * _APART - margin)
        elif edge == last:
            shifts.append(margin - (count - 1 - number) * _APART)
        else:
            shifts.append((number - (count - 1) / 2) * _APART)
    return shifts


def _merged_edges(row: list[dict[str, Any]]) -> frozenset[int]:
    """The column edges that merged cells of a row cover; edge n is the one before column n."""
    edges: set[int] = set()
    column = 0
    for cell in row:
        span = int(cell.get("columns", 1)) if cell.get("type") == "multicolumn" else 1
        edges.update(range(column + 1, column + span))
        column += span
    return frozenset(edges)


def straighten(shapes: list[Shape], tables: tuple[RuledTable, ...]) -> None:
    """Find the pieces of the tables' vertical rules among ``shapes`` and move them to their rows.

    mathra puts the piece of a row at b - 2t - h (b the baseline the table stands on, t the height of the rows above,
    h the row's own), where a - t - h is meant, a being the table's top. All three are in the pieces themselves: the
    first row's gives b, the pieces' heights give t, and a table is centred on the axis.

    Raises Unreadable where they cannot be found: a row whose every edge is merged has no piece.
    """
    wanted = [table for table in tables if table.pieces]
    if any(set(table.pieces) != set(range(table.rows)) for table in wanted):
        raise Unreadable("a table's merged row hides where its vertical rules go")
    # The pieces of one row alone have no pattern: another upright rule cannot be told from them.
    strict = any(table.rows == 1 for table in wanted)
    at = 0
    while at < len(shapes) and (wanted or strict):
        fitting = _fitting(shapes, at, wanted)
        if fitting is not None:
            table, moved = fitting
            wanted.remove(table)
            shapes[at : at + len(moved)] = moved
            at += len(moved)
        elif _is_frame(shapes[at : at + 4]):
            at += 4
        elif strict and _is_upright(shapes[at]):
            raise Unreadable("a table's vertical rules cannot be told from another")
        else:
            at += 1
    if wanted:
        raise Unreadable("a table's vertical rules are not where they are expected")


def _fitting(shapes: list[Shape], at: int, tables: list[RuledTable]) -> tuple[RuledTable, list[Shape]] | None:
    if not _is_upright(shapes[at]):
        return None
    for table in dict.fromkeys(tables):
        moved = _moved(shapes[at : at + len(table.pieces)], table)
        if moved is not None:
            return table, moved
    return None


def _is_upright(shape: Shape) -> bool:
    return isinstance(shape, RuleBox) and shape.height > shape.width > _NEAR


def _is_frame(shapes: list[Shape]) -> bool:
    """Whether these are the upper, lower, left and right rule of a box, as mathra draws it."""
    match shapes:
        case [RuleBox() as upper, RuleBox() as lower, RuleBox() as left, RuleBox() as right]:
            return (
                upper.x == lower.x == left.x
                and upper.width == lower.width
                and lower.y == left.y == right.y
                and left.width == right.width == upper.height
            )
        case _:
            return False


def _moved(shapes: list[Shape], table: RuledTable) -> list[Shape] | None:
    """The shapes, moved, if they are the pieces of a table's rules as mathra puts them."""
    heights: dict[int, float] = {}
    thickness = shapes[0].width if isinstance(shapes[0], RuleBox) else 0.0
    pieces: list[tuple[RuleBox, int]] = []
    if len(shapes) < len(table.pieces):
        return None
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
    em = thickness / _RULE
    return [
        replace(piece, x=finite(piece.x + shift * em), y=finite(top - above[row] - piece.height))
        for (piece, row), shift in zip(pieces, table.shifts, strict=True)
    ]
