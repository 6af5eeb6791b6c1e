"""Cards to measure speed with: card ``i`` is a function of the seed and of ``i`` alone.

Sixty in a hundred are prose, fifteen have lists, ten code, ten formulas, five a table or a picture. A card is made of
parts, so that each dialect can write it its own way and a package can be asked what became of every part.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from bench.speed import words

SHARES: Final = {"prose": 60, "list": 15, "code": 10, "math": 10, "table": 3, "image": 2}
_AGAIN: Final = 0.35  # a second paragraph
_ORDERED: Final = 0.3
_NESTED: Final = 0.2
_DISPLAYED: Final = 0.6
_BEFORE_VOWEL: Final = re.compile(r"(?<=\b[Aa])(?= [aeio])")
_SYLLABLES: Final = tuple(first + second for first in "bdfgklmnprst" for second in "aeiou")
_SPREAD: Final = 77_773  # coprime to 60 cubed: neighbours get names that look nothing alike


@dataclass(frozen=True, slots=True)
class Prose:
    """Inline Markdown of one paragraph; formulas in it stand between dollar signs."""

    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list in Markdown, its lines complete."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A fenced block: the name of its language and its text without the last line end."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula on lines of its own, in TeX."""

    tex: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its head and its rows, all of one length."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture beside the file: the name it has in the folder ``images``."""

    name: str
    alt: str


Part: TypeAlias = Prose | Items | Code | Formula | Table | Picture


@dataclass(frozen=True, slots=True)
class Draft:
    """A card before it is written in a dialect. ``inline`` are the formulas inside its texts, in TeX."""

    number: int
    kind: str
    name: str
    question: str
    answer: tuple[Part, ...]
    inline: tuple[str, ...]
    tags: tuple[str, ...]


def draft(seed: int, number: int) -> Draft:
    """Card ``number``, the same whatever else is asked for."""
    chance = random.Random(f"{seed}/{number}")  # noqa: S311 - only a choice of words
    kind = chance.choices(tuple(SHARES), tuple(SHARES.values()))[0]
    name = name_of(number)
    question, answer, inline = _KINDS[kind](chance, name, number)
    tags = tuple(chance.sample(words.TAGS, chance.randint(1, 2)))
    return Draft(number, kind, name, question, answer, inline, tags)


def name_of(number: int) -> str:
    """A proper name no other card's question has, of three syllables."""
    code = (number + 1) * _SPREAD % len(_SYLLABLES) ** 3
    size = len(_SYLLABLES)
    return (_SYLLABLES[code // size**2] + _SYLLABLES[code // size % size] + _SYLLABLES[code % size]).capitalize()


_Made: TypeAlias = tuple[str, tuple[Part, ...], tuple[str, ...]]


def _question(chance: random.Random, name: str) -> str:
    pattern = chance.choice(words.QUESTIONS)
    return pattern.format(name=name, noun=_noun(chance), other=_noun(chance), adjective=chance.choice(words.ADJECTIVES))


def _noun(chance: random.Random) -> str:
    return chance.choice(words.NOUNS)


def _sentence(chance: random.Random) -> str:
    pattern = chance.choice(words.SENTENCES)
    told = pattern.format(
        a=_noun(chance),
        b=_noun(chance),
        c=_noun(chance),
        x=chance.choice(words.ADJECTIVES),
        y=chance.choice(words.ADJECTIVES),
        v=chance.choice(words.VERBS),
        w=chance.choice(words.VERBS),
        n=chance.randint(2, 90),
    )
    return _BEFORE_VOWEL.sub("n", told)


def _marked(chance: random.Random, text: str) -> str:
    """Some words set apart, as people do: strong, emphasis, code or a link; one of each kind at most."""
    said = text.split(" ")
    marks = (
        (0.35, "**{}**"),
        (0.2, "*{}*"),
        (0.15, "`{}`"),
        (0.06, "[{}](https://example.org/wiki/" + _noun(chance) + ")"),
    )
    for share, mark in marks:
        at = chance.randrange(len(said))
        if chance.random() < share and said[at].isalpha():
            said[at] = mark.format(said[at])
    return " ".join(said)


def _text(chance: random.Random, least: int, most: int) -> str:
    """Sentences until a number of words between the two is reached, with some marks in them."""
    wanted = chance.randint(least, most)
    told: list[str] = []
    count = 0
    while count < wanted:
        told.append(_sentence(chance))
        count += told[-1].count(" ") + 1
    return _marked(chance, " ".join(told))


def _prose(chance: random.Random, name: str, number: int) -> _Made:
    del number
    first = Prose(_text(chance, 15, 80))
    more = (Prose(_text(chance, 10, 30)),) if chance.random() < _AGAIN else ()
    return _question(chance, name), (first, *more), ()


def _list(chance: random.Random, name: str, number: int) -> _Made:
    del number
    ordered = chance.random() < _ORDERED
    lines = []
    for at in range(1, chance.randint(3, 6)):
        lines.append(f"{at}. {_sentence(chance)}" if ordered else f"- {_marked(chance, _sentence(chance))}")
        if not ordered and chance.random() < _NESTED:
            lines.append(f"    - {_sentence(chance)}")
    return _question(chance, name), (Prose(_text(chance, 5, 12)), Items(tuple(lines))), ()


def _code(chance: random.Random, name: str, number: int) -> _Made:
    del number
    language, text = chance.choice(words.PROGRAMS)
    nouns = chance.sample(words.NOUNS, 4)
    for place, noun in zip("ABCD", nouns, strict=True):
        text = text.replace(f"@{place}", noun)
    text = text.replace("@N", str(chance.randint(2, 999))).replace("@Z", name.lower())
    return _question(chance, name), (Prose(_text(chance, 8, 25)), Code(language, text)), ()


def _math(chance: random.Random, name: str, number: int) -> _Made:
    del number
    inline = tuple(_formula(chance, words.INLINE) for _ in range(chance.randint(1, 3)))
    told = [f"{_sentence(chance)[:-1]}, where ${tex}$ is {chance.choice(words.ADJECTIVES)}." for tex in inline]
    parts: list[Part] = [Prose(" ".join(told))]
    if chance.random() < _DISPLAYED:
        parts += [Formula(_formula(chance, words.DISPLAY)), Prose(_sentence(chance))]
    return _question(chance, name), tuple(parts), inline


def _formula(chance: random.Random, patterns: Sequence[str]) -> str:
    text = chance.choice(patterns)
    for place, letters in (("@x", "xyzuvw"), ("@k", "ijkmn"), ("@g", ("alpha", "beta", "theta", "lambda", "sigma"))):
        text = text.replace(place, chance.choice(letters))
    return text.replace("@N", str(chance.randint(2, 99)))


def _table(chance: random.Random, name: str, number: int) -> _Made:
    del number
    wide = chance.randint(2, 4)
    head = tuple(noun.capitalize() for noun in chance.sample(words.NOUNS, wide))
    rows = tuple(
        tuple(f"{chance.choice(words.ADJECTIVES)} {_noun(chance)}" for _ in range(wide))
        for _ in range(chance.randint(3, 6))
    )
    return _question(chance, name), (Prose(_text(chance, 6, 15)), Table((head, *rows))), ()


def _image(chance: random.Random, name: str, number: int) -> _Made:
    alt = f"The {_noun(chance)} of a {_noun(chance)}"
    parts = (Prose(_text(chance, 8, 20)), Picture(f"figure-{number}.png", alt), Prose(_text(chance, 5, 30)))
    return _question(chance, name), parts, ()


_KINDS: Final[dict[str, Callable[[random.Random, str, int], _Made]]] = {
    "prose": _prose,
    "list": _list,
    "code": _code,
    "math": _math,
    "table": _table,
    "image": _image,
}
