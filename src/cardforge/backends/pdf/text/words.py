"""What lines are made of: words, each with the glyphs it needs, and boxes that stand among them like letters.

Everything is measured at a text size of 1, so that trying another size is only breaking again at another width.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field, replace
from enum import Flag, auto
from functools import partial
from itertools import chain
from typing import Final, NamedTuple

from cardforge.backends.pdf.canvas.content import Content
from cardforge.backends.pdf.canvas.inks import BLACK, Ink
from cardforge.backends.pdf.canvas.tags import Tag
from cardforge.backends.pdf.text import breaking
from cardforge.backends.pdf.text.dictionaries import Hyphenator
from cardforge.backends.pdf.text.fonts import SOFT_HYPHEN, Chain
from cardforge.backends.pdf.text.shaping import Shaped, UsedFace
from cardforge.values import dataclass


class Decoration(Flag):
    """What is drawn behind or across a run of text."""

    NONE = 0
    UNDERLINE = auto()
    STRIKE = auto()
    HIGHLIGHT = auto()
    KEY = auto()
    CODE = auto()
    ANSWER = auto()


_LITERAL: Final = Decoration.CODE | Decoration.KEY


@dataclass(frozen=True, slots=True, eq=False)
class TextStyle:
    """How a run is set. ``size`` and ``rise`` are in em of the paragraph, ``href`` leads somewhere if not empty.

    ``link`` is the link it belongs to. ``known`` remembers the words that were set in it, ``spaces`` what stood
    between them.
    """

    chain: Chain
    size: float = 1.0
    ink: Ink = BLACK
    rise: float = 0.0
    decoration: Decoration = Decoration.NONE
    href: str = ""
    link: Tag | None = None
    known: "dict[tuple[str, str], tuple[Word, ...]]" = field(default_factory=dict)
    spaces: "dict[tuple[str, str | None, int], tuple[Part, ...]]" = field(default_factory=dict)

    @property
    def bare(self) -> bool:
        """Whether glyphs on the baseline are all that it shows."""
        return not self.rise and not self.href and self.decoration is Decoration.NONE

    @property
    def hyphens(self) -> Hyphenator | None:
        """What hyphenates its words, where that is asked for and they are no code, key or address."""
        hyphens = self.chain.hyphens
        return None if hyphens and (self.href or self.decoration & _LITERAL) else hyphens


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


class Run(NamedTuple):
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
    ``body`` and ``spaced`` are the word, alone and with its space, as the body of one TJ array, "" where that is not
    all there is to draw; ``drawn`` are the style and the font they are drawn in, None where there is more to draw.
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
    body: str = ""
    spaced: str = ""
    drawn: "tuple[TextStyle, str] | None" = None


# ---- from items to words


def make_words(items: Sequence[Item], levels: list[int] | None) -> list[Word]:
    """Words in logical order. A word that changes style is several words between which no line may end."""
    if levels is None and len(items) == 1 and isinstance(items[0], Run):
        words = _known_words(items[0])
        return words if words and words[0].parts else words[1:]
    return list(_words(items, levels))


def _words(items: Iterable[Item], levels: list[int] | None) -> Iterator[Word]:
    held: Word | None = None
    at = 0
    for item in items:
        match item:
            case HardBreak():
                yield (held or Word((), None, 0, 0.0, 0.0, 0.0))._replace(ends=True, forced=True)
                held = None
                at += 1
            case Run():
                found = _run_words(item, levels, at) if levels else _known_words(item)
                at += len(item.text)
                if found and not found[0].parts:  # spaces at the start of a run belong to what stands before it
                    word = found.pop(0)
                    held = held and held._replace(space=word.space, space_width=word.space_width, ends=True, spaced="")
                if found:
                    if held:
                        yield held
                    held = found.pop()
                    yield from found
            case _:
                if held:
                    yield held
                level = levels[at] if levels else 0
                held = Word((), item, level, item.width, item.ascent, item.descent)
                at += 1
    if held:
        yield held


def _run_words(run: Run, levels: list[int], at: int) -> list[Word]:
    """The words of a run that begins at a place of its paragraph."""
    found = []
    for piece in breaking.pieces(run.text, run.style.hyphens):
        found.append(_text_word(piece, run.style, levels, at))
        at += len(piece.text) + len(piece.spaces)
    return found


def _known_words(run: Run) -> list[Word]:
    """The words of left-to-right text, which look the same wherever they stand."""
    known, style = run.style.known, run.style
    tokens = breaking.tokens(run.text)
    for token in tokens:
        if token not in known:
            known[token] = tuple([_text_word(piece, style, None, 0) for piece in breaking.cut(*token, style.hyphens)])
    return list(chain.from_iterable(map(known.__getitem__, tokens)))


def _text_word(piece: breaking.Piece, style: TextStyle, levels: list[int] | None, at: int) -> Word:
    end = at + len(piece.text)
    # An author's own hyphen is not seen but where a line ends, and words are searched without it.
    parts = set_parts(piece.text.rstrip(SOFT_HYPHEN), style, levels and levels[at:end])
    space: tuple[Part, ...] = ()
    if piece.spaces:
        level = levels[end] if levels else 0
        space = _space(piece.spaces, parts[-1].shaped.face if parts else None, style, level)
    hyphen = None
    if piece.hyphen or piece.text.endswith(SOFT_HYPHEN):
        level = levels[end - 1] if levels else 0
        hyphen = Part(style.chain.hyphen(rtl=level % 2 == 1), style, level, "")
    body = _body(parts) if levels is None else ""
    gap = _body(space) if body and space and space[0].shaped.face is parts[0].shaped.face else ""
    size, rise = style.size, style.rise
    return Word(
        parts=parts,
        box=None,
        level=levels[at] if levels and at < len(levels) else 0,
        width=sum([part.width for part in parts]),
        up=max([part.shaped.top * size + rise for part in parts], default=0.0),
        down=max([-part.shaped.bottom * size - rise for part in parts], default=0.0),
        space=space,
        space_width=sum([part.width for part in space]),
        ends=piece.ends,
        hyphen=hyphen,
        body=body,
        spaced=joined((body, gap)) if gap else "" if space else body,
        drawn=(style, parts[0].shaped.face.resource) if body and style.bare else None,
    )


def _space(spaces: str, beside: UsedFace | None, style: TextStyle, level: int) -> tuple[Part, ...]:
    """What stands between two words, in the face of the one before it."""
    key = (spaces, beside.resource if beside else None, level)
    space = style.spaces.get(key)
    if space is None:
        blank = (spaces if Decoration.CODE in style.decoration else " ").replace("\t", "    ")
        if beside:
            shaped = style.chain.beside(beside.face.source, blank, rtl=level % 2 == 1)
            space = tuple(Part(piece, style, level, "" if at else blank) for at, piece in enumerate(shaped))
        else:
            space = shape(blank, style, level)
        style.spaces[key] = space
    return space


def joined(bodies: Iterable[str]) -> str:
    """Bodies of TJ arrays as one."""
    return " ".join(bodies).replace("> <", "")


def _body(parts: Sequence[Part]) -> str:
    """The body of a TJ array that shows parts and says all about them; "" where none does."""
    if len(parts) != 1:
        return ""
    shaped = parts[0].shaped
    if shaped.spoken or shaped.missing or len(shaped.chunks) != 1:
        return ""
    rise, chunk = shaped.chunks[0]
    return "" if rise else chunk


def set_parts(text: str, style: TextStyle, levels: list[int] | None) -> tuple[Part, ...]:
    """Shape a text, cut where the level changes, in logical order."""
    if not text:
        return ()
    if levels is None:
        return shape(text, style, 0)
    parts: list[Part] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or levels[end] != levels[start]:
            parts += shape(text[start:end], style, levels[start])
            start = end
    return tuple(parts)


def shape(text: str, style: TextStyle, level: int) -> tuple[Part, ...]:
    """Parts in logical order for a text of one level."""
    shaped = style.chain.shape(text, rtl=level % 2 == 1)
    logical = shaped[::-1] if level % 2 else shaped
    return tuple([Part(piece, style, level, "" if at else text) for at, piece in enumerate(logical)])
