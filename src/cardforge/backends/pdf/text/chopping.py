"""Words that are wider than the line: cut between characters, or made smaller."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Final

from cardforge.backends.pdf.text.characters import graphemes
from cardforge.backends.pdf.text.words import Part, TextStyle, Word, reduced, set_parts, shape

_ENDS: Final = attrgetter("ends")
_HYPHEN: Final = attrgetter("hyphen")
_WIDTH: Final = attrgetter("width")


def widest(words: Sequence[Word]) -> float:
    """The width of the widest chain of words between which no line may end."""
    if all(map(_ENDS, words[:-1])) and not any(map(_HYPHEN, words)):
        return max(map(_WIDTH, words), default=0.0)
    most = width = 0.0
    for word in words:
        width += word.width
        if word.hyphen:
            width += word.hyphen.width
        if word.ends:
            most, width = max(most, width), 0.0
        else:
            width += word.space_width
    return max(most, width)


def fitted(words: list[Word], width: float) -> Iterator[Word]:
    """Words no chain of which is wider than a line: too long ones may end anywhere, and boxes shrink."""
    chain: list[Word] = []
    for at, word in enumerate(words):
        chain.append(word)
        if word.ends or at == len(words) - 1:
            if widest(chain) <= width:
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
            yield from shape(grapheme, part.style, part.level)


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
