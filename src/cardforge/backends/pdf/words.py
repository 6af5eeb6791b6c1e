"""What lines are made of: words, each with the glyphs it needs, and boxes that stand among them like letters.

Everything is measured at a text size of 1, so that trying another size is only breaking again at another width.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Flag, auto
from functools import partial
from typing import NamedTuple

from cardforge.backends.pdf import breaking
from cardforge.backends.pdf.characters import graphemes
from cardforge.backends.pdf.content import Content
from cardforge.backends.pdf.fonts import Chain
from cardforge.backends.pdf.inks import BLACK, Ink
from cardforge.backends.pdf.shaping import Shaped
from cardforge.backends.pdf.tags import Tag


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
    """How a run is set. ``size`` and ``rise`` are in em of the paragraph, ``href`` leads somewhere if not empty.

    ``link`` is the link it belongs to. ``known`` remembers the words that were set in it.
    """

    chain: Chain
    size: float = 1.0
    ink: Ink = BLACK
    rise: float = 0.0
    decoration: Decoration = Decoration.NONE
    href: str = ""
    link: Tag | None = None
    known: "dict[breaking.Piece, Word]" = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class InlineBox:
    """Something that stands in a line like a letter; lengths in em, ``descent`` positive below the baseline.

    ``paint`` draws it with the left end of its baseline at ``(x, y)``. ``what`` names it in a finding if it must be set
    too small to read; it is "" for what stays clear when small. ``tag`` is what it is if not a part of the text.
    """

    width: float
    ascent: float
    descent: float
    paint: Callable[[Content, float, float], None]
    what: str = ""
    tag: Tag | None = None

    def draw(self, content: Content, x: float, y: float) -> None:
        """Draw it as the element it is, with the left end of its baseline at ``(x, y)``."""
        with content.within(*((self.tag,) if self.tag else ())):
            content.mark()
            self.paint(content, x, y)


def reduced(box: InlineBox, scale: float) -> InlineBox:
    """The box at another size."""
    paint = partial(_paint_reduced, box, scale)
    return replace(box, width=box.width * scale, ascent=box.ascent * scale, descent=box.descent * scale, paint=paint)


def _paint_reduced(box: InlineBox, scale: float, content: Content, x: float, y: float) -> None:
    with content.moved(x, y, scale):
        if box.what and scale < 1:
            content.check_legible(box.what)
        box.paint(content, 0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Text in one style."""

    text: str
    style: TextStyle


@dataclass(frozen=True, slots=True)
class HardBreak:
    """The line ends here."""


Item = Run | InlineBox | HardBreak


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


# ---- from items to words


def make_words(items: Iterable[Item], levels: list[int] | None) -> Iterator[Word]:
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
                    word = _text_word(piece, item.style, levels, at) if levels else _known_word(piece, item.style)
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


def _known_word(piece: breaking.Piece, style: TextStyle) -> Word:
    """A word of left-to-right text, which looks the same wherever it stands."""
    word = style.known.get(piece)
    if word is None:
        word = style.known[piece] = _text_word(piece, style, None, 0)
    return word


def _text_word(piece: breaking.Piece, style: TextStyle, levels: list[int] | None, at: int) -> Word:
    end = at + len(piece.text)
    parts = set_parts(piece.text, style, levels and levels[at:end])
    space: tuple[Part, ...] = ()
    if piece.spaces:
        blank = piece.spaces if Decoration.CODE in style.decoration else " "
        blank = blank.replace("\t", "    ")
        level = levels[end] if levels else 0
        if parts:
            shaped = style.chain.beside(parts[-1].shaped.face.face.source, blank, rtl=level % 2 == 1)
            space = tuple(Part(piece, style, level, "" if at else blank) for at, piece in enumerate(shaped))
        else:
            space = set_parts(blank, style, levels and [level] * len(blank))
    hyphen = None
    if piece.text.endswith(breaking.SOFT_HYPHEN):
        hyphen = set_parts("-", style, levels and levels[end - 1 : end])[0]
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


def set_parts(text: str, style: TextStyle, levels: list[int] | None) -> tuple[Part, ...]:
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


# ---- what is wider than the line


def unbreakable(words: list[Word]) -> Iterator[float]:
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


def fitted(words: list[Word], width: float) -> Iterator[Word]:
    """Words no chain of which is wider than a line: too long ones may end anywhere, and boxes shrink."""
    chain: list[Word] = []
    for at, word in enumerate(words):
        chain.append(word)
        if word.ends or at == len(words) - 1:
            if max(unbreakable(chain), default=0.0) <= width:
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
        box = reduced(word.box, width / word.width)
        yield word._replace(box=box, width=box.width, up=box.ascent, down=box.descent)
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
        if part.width > width:  # a single sign, such as a whole ligated phrase
            style = replace(part.style, size=part.style.size * width / part.width, known={})
            part = part._replace(style=style)  # noqa: PLW2901 - it takes the place of the one that is too wide
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
    whole = [piece for text, style, level in joined for piece in set_parts(text, style, [level] * len(text))]
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
