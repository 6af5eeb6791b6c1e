"""Code: coloured, on a light ground, every space kept; a line that is too long goes on below a hanging arrow."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from functools import partial
from typing import Final

from cardforge.backends.highlight import STYLES, tokens
from cardforge.backends.math.holes import outermost
from cardforge.backends.pdf.boxes.rows import Breaks, Frame, Ground, Row
from cardforge.backends.pdf.canvas.content import Content
from cardforge.backends.pdf.canvas.inks import ACCENT, BLACK, GROUND, QUIET, ink
from cardforge.backends.pdf.canvas.tags import Path, Tag, paragraph
from cardforge.backends.pdf.text.characters import graphemes
from cardforge.backends.pdf.text.fonts import FaceName, Fonts
from cardforge.backends.pdf.text.lines import draw_literal, literal_width
from cardforge.backends.pdf.text.words import TextStyle
from cardforge.doc import Hole
from cardforge.values import dataclass

_LEADING: Final = 1.32
_BASE: Final = 0.95  # how far below a row's top the baseline is, in em of the code
_SIZE: Final = 0.86  # of the text around it
_SMALLEST: Final = 6.5  # points; a longer line wraps instead
_LARGEST: Final = 11.0  # points: code in a large question need not be as large
_PAD: Final = 0.5
_TAB: Final = 4
_ARROW: Final = "↪ "
_LOOK_BACK: Final = 0.6  # a line wraps at a space if one is beyond this share of it
_TOGETHER: Final = 2
_FILLED: Final = "gap"  # no kind of token has this name
_BLANK: Final = "____"  # as wide for every gap, so that it tells nothing

Piece = tuple[str, TextStyle]


def _paint(arrow: Piece | None, pieces: Sequence[Piece], size: float, content: Content, x: float, top: float) -> None:
    if pieces:
        with content.moved(x, top - _BASE * size, size):
            if arrow:  # it is a sign of print, and no character of the code
                with content.artifact():
                    draw_literal(content, [arrow], 0, 0)
            draw_literal(content, pieces, literal_width(*arrow) if arrow else 0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class CodeBlock:
    """A listing; ``lines`` are its lines as pieces of one style each, measured at a size of 1."""

    lines: Sequence[Sequence[Piece]]
    arrow: Piece
    longest: float
    cell: float
    """The advance of one character of the code face, in em."""
    scale: float = 1.0
    gap: float = 0.65
    keeps_next: bool = False
    path: Path = field(default_factory=lambda: (paragraph(), Tag("Code")))
    _wrapped: dict[int, list[tuple[bool, Sequence[Piece]]]] = field(default_factory=dict)

    def _size(self, frame: Frame) -> float:
        """In em of the text: smaller where that saves wrapping, but never too small to read."""
        wish = min(_SIZE * self.scale, _LARGEST / frame.size)
        fitting = (frame.width - 2 * _PAD) / max(self.longest, 1e-6)
        return min(wish, max(fitting, _SMALLEST / frame.size))

    def _lines(self, frame: Frame) -> list[tuple[bool, Sequence[Piece]]]:
        """The rows of the listing, and whether one goes on with the line above it."""
        room = (frame.width - 2 * _PAD) / self._size(frame) / self.cell
        columns = max(8, int(room + 1e-6))
        if columns not in self._wrapped:
            self._wrapped[columns] = [row for line in self.lines for row in self._wrap(line, columns)]
        return self._wrapped[columns]

    def height(self, frame: Frame) -> float:
        """In em."""
        return len(self._lines(frame)) * _LEADING * self._size(frame) + 2 * _PAD

    def rows(self, frame: Frame) -> list[Row]:
        """One row a line."""
        size = self._size(frame)
        lines = self._lines(frame)
        ground = Ground(0.0, frame.width, GROUND, _PAD, 0.3)
        return [
            Row(
                _LEADING * size,
                partial(_paint, self.arrow if goes_on else None, line, size),
                _BASE * size,
                x=_PAD,
                breaks=Breaks.LINE if _TOGETHER <= at <= len(lines) - _TOGETHER else Breaks.NEVER,
                grounds=(ground,),
                path=self.path,
            )
            for at, (goes_on, line) in enumerate(lines)
        ]

    def _wrap(self, line: Sequence[Piece], columns: int) -> Iterator[tuple[bool, Sequence[Piece]]]:
        """Cut a line into rows of at most so many columns; all but the first go on, with room for the arrow."""
        if sum(len(text) for text, _ in line) <= columns and all(text.isascii() for text, _ in line):
            yield False, line
            return
        width = columns * self.cell * (1 + 1e-9)
        marks = [(mark, style, literal_width(mark, style)) for text, style in line for mark in graphemes(text)]
        lead = literal_width(*self.arrow)
        start = 0
        while True:
            room = width - (lead if start else 0.0)
            end = start
            while end < len(marks) and marks[end][2] <= room:
                room -= marks[end][2]
                end += 1
            end = max(end, start + 1)
            if end < len(marks):
                spaces = (at + 1 for at in range(end - 1, start, -1) if marks[at][0] == " ")
                at = next(spaces, 0)
                end = at if at - start > (end - start) * _LOOK_BACK else end
            row = [(mark, style) for mark, style, _ in marks[start:end]]
            yield start > 0, _merged(row)
            start = end
            if start >= len(marks):
                return


def _merged(pieces: Sequence[Piece]) -> list[Piece]:
    out: list[Piece] = []
    for text, style in pieces:
        if out and out[-1][1] is style:
            out[-1] = (out[-1][0] + text, style)
        else:
            out.append((text, style))
    return out


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gaps in a listing, sorted by where they start; ``hidden`` on the side that asks."""

    holes: Sequence[Hole] = ()
    hidden: bool = False


_NONE: Final = Gaps()


def code_block(text: str, language: str, fonts: Fonts, tag: str, scale: float = 1.0, gaps: Gaps = _NONE) -> CodeBlock:
    """A listing of ``text``, coloured for a programming language; ``tag`` is the language its comments are in."""
    styles: dict[str, TextStyle] = {}
    lines: list[list[Piece]] = [[]]
    for kind, run in _with_gaps(tokens(text, language), gaps):
        if kind not in styles:
            styles[kind] = _style(kind, fonts, tag)
        for at, part in enumerate(run.split("\n")):
            if at:
                lines.append([])
            if part:
                lines[-1].append((part, styles[kind]))
    lines = [_expanded(line) for line in lines]
    plain = TextStyle(fonts.chain(FaceName.MONO, tag), ink=QUIET)
    longest = max(sum(literal_width(text, style) for text, style in line) for line in lines)
    return CodeBlock(lines, (_ARROW, plain), longest, plain.chain.width("0"), scale)


def _with_gaps(runs: Iterable[tuple[str, str]], gaps: Gaps) -> Iterator[tuple[str, str]]:
    """The runs of a listing, what its gaps hide in a style of its own, or a blank in its place."""
    holes = outermost(gaps.holes)
    position = 0
    for kind, run in runs:
        end = position + len(run)
        while position < end:
            while holes and holes[0].end <= position:
                holes.pop(0)
            inside = bool(holes) and holes[0].start <= position
            until = min(end, (holes[0].end if inside else holes[0].start) if holes else end)
            part = run[len(run) - (end - position) : len(run) - (end - until)]
            if not (inside and gaps.hidden):
                yield (_FILLED if inside else kind), part
            elif position == holes[0].start:
                yield _FILLED, _BLANK
            position = until


def _style(kind: str, fonts: Fonts, tag: str) -> TextStyle:
    if kind == _FILLED:
        return TextStyle(fonts.chain(FaceName.MONO_BOLD, tag), ink=ACCENT)
    style = STYLES.get(kind)
    if style is None:
        return TextStyle(fonts.chain(FaceName.MONO, tag), ink=BLACK)
    names = {
        (False, False): FaceName.MONO,
        (True, False): FaceName.MONO_BOLD,
        (False, True): FaceName.MONO_ITALIC,
        (True, True): FaceName.MONO_BOLD_ITALIC,
    }
    return TextStyle(fonts.chain(names[style.bold, style.italic], tag), ink=ink(style.light))


def _expanded(line: Sequence[Piece]) -> list[Piece]:
    """The line with its tabs as spaces up to the next multiple of four columns."""
    column = 0
    out: list[Piece] = []
    for text, style in line:
        parts: list[str] = []
        for char in text:
            part = " " * (_TAB - column % _TAB) if char == "\t" else char
            column += len(part)
            parts.append(part)
        out.append(("".join(parts), style))
    return out
