"""Rows: what a page is filled with from top to bottom, and the only places where it may end.

Every block sets itself as rows, a paragraph as one a line, a table as one a row. Filling a page and going on with the
next is then the same for all of them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field, replace
from enum import IntEnum
from functools import partial
from itertools import pairwise
from typing import Final, NamedTuple, Protocol

from cardforge.backends.pdf.canvas.content import Area, Content
from cardforge.backends.pdf.canvas.inks import Ink
from cardforge.backends.pdf.canvas.tags import Path, Tag
from cardforge.backends.pdf.text.paragraph import Align
from cardforge.backends.pdf.text.words import InlineBox, reduced
from cardforge.values import dataclass


class Frame(NamedTuple):
    """Where blocks are set: width and height of an empty side in em, points to the em, where lines stand."""

    width: float
    room: float
    size: float
    align: Align = Align.START


class Breaks(IntEnum):
    """Whether a page may begin with a row, from never to gladly."""

    NEVER = 0
    LINE = 1
    BLOCK = 2


@dataclass(frozen=True, slots=True)
class Ground:
    """What stands behind a stretch of rows: a panel or a bar, ``pad`` em taller than the rows at either end.

    Rows share a ground if theirs are equal; ``block`` keeps the grounds of different blocks apart.
    """

    left: float
    width: float
    ink: Ink
    pad: float = 0.0
    radius: float = 0.0
    block: object = field(default_factory=object)


class Marker(NamedTuple):
    """Something beside a row, on its baseline: a list's number or bullet; ``path`` is the element it is."""

    box: InlineBox
    x: float
    path: Path = ()


class Row(NamedTuple):
    """One row; lengths in em. ``gap`` is above it unless it begins a page, ``ascent`` from its top to its baseline.

    ``paint`` draws what it shows with the upper left corner at ``(x, top)``. ``head`` is what a page that begins with
    this row repeats above it. ``path`` is the element the row belongs to; a row that is shown ``again`` is no content.
    """

    height: float
    paint: Callable[[Content, float, float], None]
    ascent: float
    x: float = 0.0
    gap: float = 0.0
    breaks: Breaks = Breaks.NEVER
    grounds: tuple[Ground, ...] = ()
    markers: tuple[Marker, ...] = ()
    head: "Row | None" = None
    path: Path = ()
    again: bool = False


class Block(Protocol):
    """Something that can be set in a frame."""

    @property
    def gap(self) -> float:
        """How much space it likes above and below it, in em."""

    @property
    def keeps_next(self) -> bool:
        """Whether a page must not end right after it."""

    def height(self, frame: Frame) -> float:
        """How high it is in a frame, in em, without setting it."""

    def rows(self, frame: Frame) -> list[Row]:
        """Set it."""


def stack_height(blocks: Sequence[Block], frame: Frame) -> float:
    """The height of blocks one above the other, in em."""
    gaps = sum(max(a.gap, b.gap) for a, b in pairwise(blocks))
    return gaps + sum(block.height(frame) for block in blocks)


def stack_rows(blocks: Sequence[Block], frame: Frame) -> list[Row]:
    """Set blocks one above the other."""
    rows: list[Row] = []
    previous: Block | None = None
    for block in blocks:
        own = block.rows(frame)
        if previous and own:
            breaks = Breaks.NEVER if previous.keeps_next else Breaks.BLOCK
            own[0] = own[0]._replace(gap=max(previous.gap, block.gap), breaks=breaks)
        if own:
            rows += own
            previous = block
    return rows


def shifted(row: Row, x: float) -> Row:
    """The row with everything about it further right."""
    if not x:
        return row
    return row._replace(
        x=row.x + x,
        grounds=tuple([replace(ground, left=ground.left + x) for ground in row.grounds]),
        markers=tuple([marker._replace(x=marker.x + x) for marker in row.markers]),
        head=shifted(row.head, x) if row.head else None,
    )


def indented(row: Row, x: float, *tags: Tag) -> Row:
    """The row further right, as a part of elements that hold its own."""
    if row.grounds or row.markers or row.head:
        return inside(shifted(row, x), *tags)
    return row._replace(x=row.x + x, path=(*tags, *row.path))


def inside(row: Row, *tags: Tag) -> Row:
    """The row as a part of elements that hold its own."""
    markers = tuple([marker._replace(path=(*tags, *marker.path)) for marker in row.markers])
    return row._replace(path=(*tags, *row.path), markers=markers)


def resized(row: Row, scale: float, what: str = "") -> Row:
    """The row with everything about it at another size; ``what`` names it if it may come out too small to read."""
    return row._replace(
        height=row.height * scale,
        paint=partial(_paint_resized, row, scale, what),
        ascent=row.ascent * scale,
        x=row.x * scale,
        gap=row.gap * scale,
        grounds=tuple(
            replace(
                ground,
                left=ground.left * scale,
                width=ground.width * scale,
                pad=ground.pad * scale,
                radius=ground.radius * scale,
            )
            for ground in row.grounds
        ),
        markers=tuple(Marker(reduced(mark.box, scale), mark.x * scale, mark.path) for mark in row.markers),
        head=resized(row.head, scale) if row.head else None,
    )


def _paint_resized(row: Row, scale: float, what: str, content: Content, x: float, top: float) -> None:
    with content.moved(x, top, scale):
        if what:
            content.check_legible(what)
        row.paint(content, 0, 0)


def extent(rows: Sequence[Row]) -> float:
    """The height of rows on a page of their own, in em, grounds included."""
    if not rows:
        return 0.0
    between = sum(_space(a, b) for a, b in pairwise(rows))
    return _pad(rows[0].grounds) + sum(row.height for row in rows) + between + _pad(rows[-1].grounds)


def _pad(grounds: Sequence[Ground]) -> float:
    return sum(ground.pad for ground in grounds)


def _space(above: Row, below: Row) -> float:
    if not above.grounds and not below.grounds:
        return below.gap
    closing = [ground for ground in above.grounds if ground not in below.grounds]
    opening = [ground for ground in below.grounds if ground not in above.grounds]
    return _pad(closing) + below.gap + _pad(opening)


_FULL: Final = 0.62  # a page this full may end between blocks although more lines would fit
_SAME: Final = 1 + 1e-6


def pages(rows: Sequence[Row], room: float) -> list[list[Row]]:
    """Distribute rows over pages ``room`` em high. Nothing is left out: what is higher than a page is made smaller."""
    left = list(rows)
    done: list[list[Row]] = []
    while left:
        left[0] = _bounded(left[0], room)
        head = left[0].head if done else None
        if head and extent([head, left[0]]) <= room * _SAME:
            left[:1] = [head._replace(again=True), left[0]._replace(breaks=Breaks.NEVER)]
        count = _taken(left, room)
        done.append([left[0]._replace(gap=0.0), *left[1:count]])
        left = left[count:]
    return done


def _taken(rows: Sequence[Row], room: float) -> int:
    """How many rows the next page takes."""
    limit = room * _SAME
    used = _pad(rows[0].grounds) + rows[0].height
    fits = 1
    ends: list[tuple[int, float]] = []  # row counts a page may have, with how full it then is
    lines: list[int] = []
    for at in range(1, len(rows)):
        if rows[at].breaks is Breaks.BLOCK:
            ends.append((at, used))
        elif rows[at].breaks is Breaks.LINE:
            lines.append(at)
        used += _space(rows[at - 1], rows[at]) + rows[at].height
        if used + _pad(rows[at].grounds) > limit:
            break
        fits = at + 1
    else:
        return len(rows)
    between = [count for count, height in ends if count <= fits and height >= room * _FULL]
    if between:
        return between[-1]
    anywhere = [count for count in (*(count for count, _ in ends), *lines) if count <= fits]
    return max(anywhere, default=fits)


def _bounded(row: Row, room: float) -> Row:
    most = room - 2 * _pad(row.grounds)
    if row.height <= most * _SAME:
        return row
    small = resized(row._replace(markers=(), head=None), most / row.height, "a table")
    return small._replace(x=row.x, gap=row.gap, grounds=row.grounds, markers=row.markers)


def draw(content: Content, rows: Sequence[Row], top: float) -> None:
    """Draw rows below each other from ``top`` on."""
    placed = list(_tops(rows, top))
    grounds = _behind(placed)
    if grounds:
        with content.artifact():
            for ground, high, low in grounds:
                area = Area(ground.left, low - ground.pad, ground.left + ground.width, high + ground.pad)
                content.panel(area, ground.radius, ground.ink)
    base = content.path
    for row, at in placed:
        for marker in row.markers:
            content.path = (*base, *marker.path)
            box = _beside(marker.box, row)
            box.draw(content, marker.x, at - max(row.ascent, box.ascent))
        content.path = (*base, *row.path)
        if row.again:
            with content.artifact():
                row.paint(content, row.x, at)
        else:
            row.paint(content, row.x, at)
    content.path = base


def _beside(box: InlineBox, row: Row) -> InlineBox:
    """A mark that is no higher than the row it stands beside, which may have been made smaller than a line."""
    high = box.ascent + box.descent
    return reduced(box, row.height / high) if high > row.height > 0 else box


def _tops(rows: Sequence[Row], top: float) -> Iterator[tuple[Row, float]]:
    at = top - (_pad(rows[0].grounds) if rows else 0.0)
    for index, row in enumerate(rows):
        if index:
            at -= _space(rows[index - 1], row)
        yield row, at
        at -= row.height


def _behind(placed: Sequence[tuple[Row, float]]) -> list[tuple[Ground, float, float]]:
    """Every ground with the top of its first and the bottom of its last row, outer ones first."""
    found: dict[Ground, tuple[float, float]] = {}
    for row, top in placed:
        for ground in row.grounds:
            high = found[ground][0] if ground in found else top
            found[ground] = (high, top - row.height)
    return [(ground, high, low) for ground, (high, low) in found.items()]
