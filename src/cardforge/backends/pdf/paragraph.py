"""A paragraph: words, formulas and pictures in a row, broken into lines and drawn.

Everything is measured at a text size of 1, so that trying another size is only breaking again at another width. A line
is as high as the strut of the paragraph's own face says; other faces do not move it, only what truly stands out does.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, Flag, auto
from itertools import accumulate
from typing import Final, NamedTuple, Protocol

from cardforge.backends.pdf import bidi, breaking
from cardforge.backends.pdf.content import Area, Content, num
from cardforge.backends.pdf.embedding import utf16
from cardforge.backends.pdf.fonts import Chain, Shaped, graphemes
from cardforge.backends.pdf.inks import ACCENT, BLACK, GROUND, HAIR, MARKER, Ink


class Decoration(Flag):
    """What is drawn behind or across a run of text."""

    NONE = 0
    UNDERLINE = auto()
    STRIKE = auto()
    HIGHLIGHT = auto()
    KEY = auto()
    CODE = auto()
    ANSWER = auto()


@dataclass(frozen=True, slots=True, eq=False)
class TextStyle:
    """How a run is set. ``size`` and ``rise`` are in em of the paragraph, ``href`` leads somewhere if not empty."""

    chain: Chain
    size: float = 1.0
    ink: Ink = BLACK
    rise: float = 0.0
    decoration: Decoration = Decoration.NONE
    href: str = ""


class InlineBox(Protocol):
    """Something that stands in a line like a letter; lengths in em, ``descent`` positive below the baseline."""

    @property
    def width(self) -> float:
        """In em."""

    @property
    def ascent(self) -> float:
        """In em above the baseline."""

    @property
    def descent(self) -> float:
        """In em below the baseline."""

    @property
    def what(self) -> str:
        """What to call it if it must be set too small to read; "" for what stays clear when small."""

    def draw(self, content: Content, x: float, y: float) -> None:
        """Draw with the left end of the baseline at ``(x, y)``."""


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Text in one style."""

    text: str
    style: TextStyle


@dataclass(frozen=True, slots=True)
class HardBreak:
    """The line ends here."""


Item = Run | InlineBox | HardBreak


class Align(Enum):
    """Where lines stand. ``START`` is the side the paragraph's direction starts from."""

    START = 0.0
    LEFT = 0.25
    CENTER = 0.5
    RIGHT = 1.0


class Part(NamedTuple):
    """Glyphs of one style and one level. The first part of what was shaped together has the text, the others none."""

    shaped: Shaped
    style: TextStyle
    level: int
    text: str

    @property
    def width(self) -> float:
        """Its advance in em."""
        return self.shaped.advance * self.style.size


class Word(NamedTuple):
    """What a line takes or leaves as a whole: text or one box, and the space after it.

    ``up`` and ``down`` are how far it stands out from the baseline, in em. ``hyphen`` shows if the line ends after it.
    """

    parts: tuple[Part, ...]
    box: InlineBox | None
    level: int
    width: float
    up: float
    down: float
    space: tuple[Part, ...] = ()
    space_width: float = 0.0
    ends: bool = False
    forced: bool = False
    hyphen: Part | None = None


class Line(NamedTuple):
    """A set line: its words, their natural width and its height above and below the baseline, in em."""

    words: tuple[Word, ...]
    width: float
    ascent: float
    descent: float

    @property
    def height(self) -> float:
        """Its whole height in em."""
        return self.ascent + self.descent


# How far ink may stand out of the strut before the line makes room: accents on capitals do so in every book.
_SLACK: Final = 0.14
_CLEAR: Final = 0.06  # what such a line has above and below the ink


@dataclass(slots=True, eq=False)
class Paragraph:
    """Items set in lines ``leading`` em apart; ``strut`` is the chain whose face gives the baseline its place.

    ``default`` is the direction of text that has none of its own.
    """

    items: Sequence[Item]
    strut: Chain
    size: float = 1.0
    leading: float = 1.36
    default: int = 0
    base: int = field(init=False)
    words: list[Word] = field(init=False)
    _ascent: float = field(init=False)
    _descent: float = field(init=False)
    _tall: bool = field(init=False)
    _widest: float = field(init=False)
    _chopped: "tuple[float, Paragraph] | None" = field(init=False, default=None)
    _measured: list[tuple[breaking.Measures, int]] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        text = "".join(
            item.text if isinstance(item, Run) else "\n" if isinstance(item, HardBreak) else "\ufffc"
            for item in self.items
        )
        found = bidi.direction(text)
        self.base = self.default if found is None else found
        needs_levels = self.base or bidi.has_rtl(text)
        self._set_words(_words(self.items, bidi.levels(text, self.base) if needs_levels else None))

    def _set_words(self, words: Iterable[Word]) -> None:
        self.words = list(words)
        face = self.strut.primary
        spare = (self.leading - face.ascent - face.descent) / 2
        self._ascent = (face.ascent + spare) * self.size
        self._descent = (face.descent + spare) * self.size
        self._tall = any(self._stands_out(word) for word in self.words)
        self._widest = max(_unbreakable(self.words), default=0.0)

    def _stands_out(self, word: Word) -> bool:
        slack = 0.0 if word.box else _SLACK * self.size
        return word.up > self._ascent + slack or word.down > self._descent + slack

    @property
    def narrowest(self) -> float:
        """The width of the widest thing that cannot be broken, in em."""
        return self._widest

    @property
    def natural(self) -> float:
        """The width of the longest line if only the author's breaks are kept, in em."""
        return max((m.width(0, count - 1) for m, count in self._measures()), default=0.0)

    def height(self, width: float) -> float:
        """How high the paragraph is when set ``width`` em wide: quick, and never less than what ``lines`` takes."""
        if self._widest > width:
            return self._chop(width).height(width)
        if self._tall:
            return sum(line.height for line in self.lines(width))
        count = sum(len(breaking.greedy(measures, width)) for measures, _ in self._measures())
        return count * (self._ascent + self._descent)

    def lines(self, width: float, *, balanced: bool = False) -> list[Line]:
        """Break into lines of at most ``width`` em."""
        if self._widest > width:
            return self._chop(width).lines(width, balanced=balanced)
        lines: list[Line] = []
        first = 0
        for measures, count in self._measures():
            at = 0
            for last in breaking.smooth(measures, width, balanced=balanced):
                lines.append(self._line(self.words[first + at : first + last + 1], measures.width(at, last)))
                at = last + 1
            first += count
        return lines

    def _line(self, words: Sequence[Word], width: float) -> Line:
        ascent, descent = self._ascent, self._descent
        if self._tall:
            for word in words:
                if self._stands_out(word):
                    ascent, descent = max(ascent, word.up + _CLEAR), max(descent, word.down + _CLEAR)
        return Line(tuple(words), width, ascent, descent)

    def _measures(self) -> list[tuple[breaking.Measures, int]]:
        """What the breaker needs for each stretch between forced breaks, with its number of words."""
        if self._measured is None:
            self._measured = [(_measure(stretch), len(stretch)) for stretch in _stretches(self.words)]
        return self._measured

    def _chop(self, width: float) -> "Paragraph":
        """The same paragraph with words and boxes that are too wide for a line cut or made smaller."""
        if self._chopped is None or self._chopped[0] != width:
            chopped = Paragraph((), self.strut, self.size, self.leading, self.default)
            chopped.base = self.base
            chopped._set_words(_fitted(self.words, width))
            self._chopped = (width, chopped)
        return self._chopped[1]

    def draw(self, content: Content, line: Line, x: float, baseline: float, width: float, align: Align) -> None:
        """Draw one line in a column that starts at ``x`` and is ``width`` em wide."""
        share = self.share(align)
        _draw_line(content, line, x + max(0.0, width - line.width) * share, baseline)

    def share(self, align: Align) -> float:
        """Which share of a line's empty space stands to the left of it."""
        match align:
            case Align.START:
                return float(self.base)
            case Align.LEFT:
                return 0.0
            case Align.CENTER | Align.RIGHT:
                return float(align.value)


# ---- from items to words


def _words(items: Iterable[Item], levels: list[int] | None) -> Iterator[Word]:
    """Words in logical order. A word that changes style is several words between which no line may end."""
    held: Word | None = None
    at = 0
    for item in items:
        match item:
            case HardBreak():
                yield (held or Word((), None, 0, 0.0, 0.0, 0.0))._replace(ends=True, forced=True)
                held = None
                at += 1
            case Run():
                for piece in breaking.pieces(item.text):
                    word = _text_word(piece, item.style, levels, at)
                    at += len(piece.text) + len(piece.spaces)
                    if not piece.text:  # spaces at the start of a run belong to what stands before it
                        held = held and held._replace(space=word.space, space_width=word.space_width, ends=True)
                    else:
                        if held:
                            yield held
                        held = word
            case _:
                if held:
                    yield held
                level = levels[at] if levels else 0
                held = Word((), item, level, item.width, item.ascent, item.descent)
                at += 1
    if held:
        yield held


def _text_word(piece: breaking.Piece, style: TextStyle, levels: list[int] | None, at: int) -> Word:
    end = at + len(piece.text)
    parts = _parts(piece.text, style, levels and levels[at:end])
    space: tuple[Part, ...] = ()
    if piece.spaces:
        blank = piece.spaces if Decoration.CODE in style.decoration else " "
        space = _parts(blank.replace("\t", "    "), style, levels and levels[end : end + 1] * len(blank))
    hyphen = None
    if piece.text.endswith(breaking.SOFT_HYPHEN):
        hyphen = _parts("-", style, levels and levels[end - 1 : end])[0]
    return Word(
        parts=parts,
        box=None,
        level=levels[at] if levels and at < len(levels) else 0,
        width=sum(part.width for part in parts),
        up=max((part.shaped.top * style.size + style.rise for part in parts), default=0.0),
        down=max((-part.shaped.bottom * style.size - style.rise for part in parts), default=0.0),
        space=space,
        space_width=sum(part.width for part in space),
        ends=piece.ends,
        hyphen=hyphen,
    )


def _parts(text: str, style: TextStyle, levels: list[int] | None) -> tuple[Part, ...]:
    """Shape a text, cut where the level changes, in logical order."""
    if not text:
        return ()
    if levels is None:
        return _shape(text, style, 0)
    parts: list[Part] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or levels[end] != levels[start]:
            parts += _shape(text[start:end], style, levels[start])
            start = end
    return tuple(parts)


def _shape(text: str, style: TextStyle, level: int) -> tuple[Part, ...]:
    """Parts in logical order for a text of one level."""
    shaped = style.chain.shape(text, rtl=level % 2 == 1)
    logical = shaped[::-1] if level % 2 else shaped
    return tuple(Part(piece, style, level, "" if at else text) for at, piece in enumerate(logical))


def _stretches(words: list[Word]) -> Iterator[list[Word]]:
    start = 0
    for at, word in enumerate(words):
        if word.forced:
            yield words[start : at + 1]
            start = at + 1
    if start < len(words):
        yield words[start:]


def _measure(words: list[Word]) -> breaking.Measures:
    return breaking.Measures(
        before=list(accumulate((word.width + word.space_width for word in words), initial=0.0)),
        space=[word.space_width for word in words],
        extra=[word.hyphen.width if word.hyphen and at < len(words) - 1 else 0.0 for at, word in enumerate(words)],
        ends=[at for at, word in enumerate(words) if word.ends or at == len(words) - 1],
    )


def _unbreakable(words: list[Word]) -> Iterator[float]:
    """The widths of the chains of words between which no line may end."""
    width = 0.0
    for word in words:
        width += word.width + (word.hyphen.width if word.hyphen else 0.0)
        if word.ends:
            yield width
            width = 0.0
        else:
            width += word.space_width
    if width:
        yield width


# ---- what is wider than the line


@dataclass(frozen=True, slots=True, eq=False)
class Reduced:
    """A box drawn at another size than it wants to be."""

    box: InlineBox
    scale: float

    @property
    def width(self) -> float:
        """In em."""
        return self.box.width * self.scale

    @property
    def ascent(self) -> float:
        """In em above the baseline."""
        return self.box.ascent * self.scale

    @property
    def descent(self) -> float:
        """In em below the baseline."""
        return self.box.descent * self.scale

    @property
    def what(self) -> str:
        """The box's name in a finding."""
        return self.box.what

    def draw(self, content: Content, x: float, y: float) -> None:
        """Draw with the left end of the baseline at ``(x, y)``."""
        with content.moved(x, y, self.scale):
            if self.what:
                content.check_legible(self.what)
            self.box.draw(content, 0, 0)


def _fitted(words: list[Word], width: float) -> Iterator[Word]:
    """Words no chain of which is wider than a line: too long ones may end anywhere, and boxes shrink."""
    chain: list[Word] = []
    for word in words:
        chain.append(word)
        if word.ends or word is words[-1]:
            if max(_unbreakable(chain), default=0.0) <= width:
                yield from chain
            else:
                for link in chain:
                    for piece in _cut(link, width):
                        yield piece._replace(ends=True)
            chain = []


def _cut(word: Word, width: float) -> Iterator[Word]:
    if word.width <= width:
        yield word._replace(hyphen=None)
    elif word.box:
        reduced = Reduced(word.box, width / word.width)
        yield word._replace(box=reduced, width=reduced.width, up=reduced.ascent, down=reduced.descent)
    else:
        pieces = list(_pieces(word, width))
        yield from pieces[:-1]
        yield pieces[-1]._replace(space=word.space, space_width=word.space_width, forced=word.forced)


def _pieces(word: Word, width: float) -> Iterator[Word]:
    """Cut a word between graphemes, as many to a piece as fit."""
    held: list[Part] = []
    room = width
    for part in _single(word):
        if held and part.width > room:
            yield _rejoin(held)
            held, room = [], width
        held.append(part)
        room -= part.width
    yield _rejoin(held)


def _single(word: Word) -> Iterator[Part]:
    """A word's graphemes, each a part of its own."""
    for part in word.parts:
        for grapheme in graphemes(part.text):
            yield from _shape(grapheme, part.style, part.level)


def _rejoin(parts: list[Part]) -> Word:
    """Shape neighbouring graphemes together again."""
    joined: list[tuple[str, TextStyle, int]] = []
    for part in parts:
        if joined and joined[-1][1] is part.style and joined[-1][2] == part.level:
            joined[-1] = (joined[-1][0] + part.text, part.style, part.level)
        else:
            joined.append((part.text, part.style, part.level))
    whole = [piece for text, style, level in joined for piece in _parts(text, style, [level] * len(text))]
    if sum(part.width for part in whole) > sum(part.width for part in parts):
        whole = parts  # joined letters came out wider than they are alone
    return Word(
        parts=tuple(whole),
        box=None,
        level=whole[0].level,
        width=sum(part.width for part in whole),
        up=max(part.shaped.top * part.style.size + part.style.rise for part in whole),
        down=max(-part.shaped.bottom * part.style.size - part.style.rise for part in whole),
        ends=True,
    )


# ---- drawing


class _Set(NamedTuple):
    """A piece of a line in its place."""

    x: float
    width: float
    part: Part | None
    box: InlineBox | None


def _draw_line(content: Content, line: Line, x: float, y: float) -> None:
    pieces = list(_placed(line, x))
    texts = [piece for piece in pieces if piece.part]
    adorned = any(piece.part and (piece.part.style.decoration or piece.part.style.href) for piece in texts)
    if adorned:
        _decorate(content, texts, y, _BEHIND)
    _show(content, texts, y)
    if adorned:
        _decorate(content, texts, y, _ABOVE)
        _link(content, texts, y)
    for piece in pieces:
        if piece.box:
            piece.box.draw(content, piece.x, y)


def _placed(line: Line, x: float) -> Iterator[_Set]:
    """A line's pieces from left to right."""
    pieces: list[tuple[Part | None, InlineBox | None, float, int]] = []
    last = len(line.words) - 1
    for at, word in enumerate(line.words):
        if word.box:
            pieces.append((None, word.box, word.width, word.level))
        pieces += [(part, None, part.width, part.level) for part in word.parts]
        if at < last:
            pieces += [(part, None, part.width, part.level) for part in word.space]
        elif word.hyphen and not word.forced:
            pieces.append((word.hyphen, None, word.hyphen.width, word.hyphen.level))
    levels = [level for *_, level in pieces]
    order = bidi.visual_order(levels) if any(levels) else range(len(pieces))
    for index in order:
        part, box, width, _ = pieces[index]
        yield _Set(x, width, part, box)
        x += width


def _show(content: Content, pieces: list[_Set], y: float) -> None:
    """Show text as few strings as the fonts allow, one text object a line."""
    if not pieces:
        return
    content.add(f"BT {num(pieces[0].x)} {num(y)} Td")
    pen = pieces[0].x
    body: list[str] = []
    size, style, face = 1.0, None, None

    def flush() -> None:
        if body:
            content.add(f"[{' '.join(body)}] TJ")
            body.clear()

    for piece in pieces:
        part = piece.part
        if part is None:
            continue
        shaped = part.shaped
        for char in shaped.missing:
            content.report.missing(char)
        if part.style is not style or shaped.face is not face:
            flush()
            before = style.rise if style else 0.0
            style, face, size = part.style, shaped.face, part.style.size
            content.use_ink(style.ink)
            content.use_font(shaped.face.resource, size)
            if style.rise != before:
                content.add(f"{num(style.rise)} Ts")
        if abs(piece.x - pen) > _NUDGE:
            body.append(num((pen - piece.x) * 1000 / size))
        pen = piece.x + piece.width
        if shaped.spoken:
            flush()
            content.add(f"/Span << /ActualText <FEFF{utf16(shaped.text)}> >> BDC")
        for rise, chunk in shaped.chunks:
            if rise:
                flush()
                content.add(f"{num(style.rise + rise * size)} Ts [{chunk}] TJ {num(style.rise)} Ts")
            else:
                body.append(chunk)
        if shaped.spoken:
            flush()
            content.add("EMC")
    flush()
    content.add("0 Ts ET" if style and style.rise else "ET")


_NUDGE: Final = 1e-6


def _stretches_of(pieces: list[_Set], key: Callable[[TextStyle], object]) -> Iterator[tuple[TextStyle, float, float]]:
    """Neighbouring pieces of one style for which ``key`` is not empty, with their left and right ends."""
    run: list[_Set] = []
    for piece in pieces:
        style = piece.part.style if piece.part else None
        if (
            run
            and run[-1].part
            and (style is not run[-1].part.style or abs(run[-1].x + run[-1].width - piece.x) > _NUDGE)
        ):
            yield run[-1].part.style, run[0].x, run[-1].x + run[-1].width
            run = []
        if style and key(style):
            run.append(piece)
    if run and run[-1].part:
        yield run[-1].part.style, run[0].x, run[-1].x + run[-1].width


_BEHIND: Final = Decoration.HIGHLIGHT | Decoration.CODE | Decoration.KEY
_ABOVE: Final = Decoration.UNDERLINE | Decoration.STRIKE | Decoration.ANSWER


def _decorate(content: Content, pieces: list[_Set], y: float, which: Decoration) -> None:
    for style, left, right in _stretches_of(pieces, lambda style: style.decoration & which):
        size, base = style.size, y + style.rise
        if Decoration.HIGHLIGHT in style.decoration & which:
            content.fill(left - 0.06 * size, base - 0.26 * size, right - left + 0.12 * size, 1.22 * size, MARKER)
        if Decoration.CODE in style.decoration & which:
            area = Area(left - 0.1 * size, base - 0.28 * size, right + 0.1 * size, base + 0.98 * size)
            content.panel(area, 0.16 * size, GROUND)
        if Decoration.KEY in style.decoration & which:
            area = Area(left - 0.18 * size, base - 0.26 * size, right + 0.18 * size, base + 0.96 * size)
            content.panel(area, 0.2 * size, None, (HAIR, 0.05 * size))
        if Decoration.UNDERLINE in style.decoration & which:
            content.line((left, base - 0.13 * size), (right, base - 0.13 * size), 0.05 * size, style.ink)
        if Decoration.ANSWER in style.decoration & which:
            content.line((left, base - 0.16 * size), (right, base - 0.16 * size), 0.08 * size, ACCENT)
        if Decoration.STRIKE in style.decoration & which:
            content.line((left, base + 0.26 * size), (right, base + 0.26 * size), 0.055 * size, style.ink)


def _link(content: Content, pieces: list[_Set], y: float) -> None:
    for style, left, right in _stretches_of(pieces, lambda style: style.href):
        content.link(left, y + style.rise - 0.25 * style.size, right - left, 1.2 * style.size, style.href)


# ---- text whose every space counts


def literal_width(text: str, style: TextStyle) -> float:
    """The width of a text set as it is, in em."""
    return style.chain.width(text) * style.size


def draw_literal(content: Content, pieces: Sequence[tuple[str, TextStyle]], x: float, y: float) -> None:
    """Draw text as it is, on one line that runs from left to right whatever it holds."""
    text = "".join(text for text, _ in pieces)
    levels = bidi.levels(text, 0) if bidi.has_rtl(text) else None
    parts: list[Part] = []
    at = 0
    for piece, style in pieces:
        parts += _parts(piece, style, levels and levels[at : at + len(piece)])
        at += len(piece)
    word = Word(tuple(parts), None, 0, 0.0, 0.0, 0.0)
    _draw_line(content, Line((word,), 0.0, 0.0, 0.0), x, y)
