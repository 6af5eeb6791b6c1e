"""Drawing a line: its pieces in visual order, in as few strings as the fonts allow."""

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Final, NamedTuple

from cardforge.backends.pdf.canvas.content import Area, Content, num
from cardforge.backends.pdf.canvas.inks import ACCENT, GROUND, HAIR, MARKER
from cardforge.backends.pdf.text import bidi
from cardforge.backends.pdf.text.characters import utf16
from cardforge.backends.pdf.text.words import Decoration, InlineBox, Part, TextStyle, Word, joined, set_parts


class _Set(NamedTuple):
    """A piece of a line in its place; ``order`` counts the pieces as one reads them."""

    x: float
    width: float
    part: Part | None
    box: InlineBox | None
    order: int


def draw_words(content: Content, words: Sequence[Word], x: float, y: float) -> None:
    """Draw words one after the other, with the left end of the baseline at ``(x, y)``."""
    plain = _plain(words)
    if plain and words[0].drawn:
        style, font = words[0].drawn
        content.mark()
        content.add(f"BT {num(x)} {num(y)} Td")
        content.use_ink(style.ink)
        content.use_font(font, style.size)
        content.add(f"[{plain}] TJ ET")
        return
    pieces = list(_placed(words, x))
    texts = [piece for piece in pieces if piece.part]
    adorned = any(piece.part and (piece.part.style.decoration or piece.part.style.href) for piece in texts)
    if adorned:
        with content.artifact():
            _decorate(content, texts, y, _BEHIND)
    if adorned or len(texts) < len(pieces):
        for run in _runs(pieces):
            _draw_run(content, run, y)
    else:
        content.mark()
        _show(content, texts, y)
    if adorned:
        with content.artifact():
            _decorate(content, texts, y, _ABOVE)
        _link(content, texts, y)


def _runs(pieces: Sequence[_Set]) -> list[list[_Set]]:
    """Neighbouring pieces of the same link, or of none, and every box by itself, in the order one reads them."""
    runs: list[list[_Set]] = []
    for piece in pieces:
        last = runs[-1][-1] if runs else None
        joins = last and last.part and piece.part and last.part.style.link is piece.part.style.link
        if joins:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return sorted(runs, key=lambda run: min(piece.order for piece in run))


def _draw_run(content: Content, run: list[_Set], y: float) -> None:
    first = run[0]
    if first.box:
        first.box.draw(content, first.x, y)
    elif first.part:
        link = first.part.style.link
        with content.within(*((link,) if link else ())):
            content.mark()
            _show(content, run, y)


def _plain(words: Sequence[Word]) -> str:
    """The body of one TJ array that is the whole line, as for most lines there is; else ""."""
    *others, last = words or (Word((), None, 0, 0.0, 0.0, 0.0),)
    if last.drawn is None or (last.hyphen and not last.forced):
        return ""
    if list(map(_DRAWN, others)) != [last.drawn] * len(others):
        return ""
    bodies = list(map(_SPACED, others))
    return "" if "" in bodies else joined([*bodies, last.body])


_DRAWN: Final = attrgetter("drawn")
_SPACED: Final = attrgetter("spaced")


def _placed(words: Sequence[Word], x: float) -> Iterator[_Set]:
    """A line's pieces from left to right."""
    pieces: list[tuple[Part | None, InlineBox | None, float, int]] = []
    last = len(words) - 1
    for at, word in enumerate(words):
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
        yield _Set(x, width, part, box, index)
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
            content.add(f"[{joined(body)}] TJ")
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
        if style.link:
            bottom, height = y + style.rise - 0.25 * style.size, 1.2 * style.size
            content.link(left, bottom, right - left, height, style.href, style.link)


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
        parts += set_parts(piece, style, levels and levels[at : at + len(piece)])
        at += len(piece)
    word = Word(tuple(parts), None, 0, 0.0, 0.0, 0.0)
    draw_words(content, (word,), x, y)
