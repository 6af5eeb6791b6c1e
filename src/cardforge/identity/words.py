"""Reads a question as words, and tells a misspelled word from another one.

Letters say little: "Who wrote Emma?" and "Who wrote Nana?" differ by four. So questions are compared by their telling
words: without the frame that many questions share ("What is the …?"), and without endings.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from cardforge.values import dataclass

_SHORTEST_SLIP: Final = 4
"""Letters a word needs to be known again when letters of it changed places."""
_SHORTEST_NEAR: Final = 3
"""Letters a word needs to be near another; from :data:`_LONG_NEAR` letters on, two may differ."""
_LONG_NEAR: Final = 6
_SHORTEST_STEM: Final = 4
"""Letters that have to be left for an ending to be one: "string" has none."""

# Han characters one by one, other scripts' letters in runs, and the symbols that carry meaning.
_TOKEN: Final = re.compile(
    r"[\u3400-\u9fff]|[\u3040-\u309f]+|[\u30a0-\u30ff]+|(?:(?![\u3040-\u30ff\u3400-\u9fff])[^\W_])+"
    r"|[&|+<>=/%#@~−]|(?<!\w)-(?=\w)"
)
_HIRAGANA: Final = re.compile(r"[\u3040-\u309f]+$")
_ROMAN: Final = re.compile(r"[ivxlc]{1,6}$")
_DOUBLED: Final = re.compile(r"(.)\1+")
_CLAUSE: Final = re.compile(r"[?.,;:(—–]")
_ENDINGS: Final = ("ing", "ed", "es", "s", "e")
_FRAME: Final = frozenset(
    """a an the of in on at to for from by with as is are was were be been do does did has have had can could should
    would must will may it its this that these those there what which who whom whose when where why how name define
    explain describe state give tell list q year and or if you we one's us me s t mean means called say says
    der die das den dem des ein eine einen einem einer ist sind war wird werden hat haben was wer wie wo wann warum
    welche welcher welches welchen und oder von vom zu zum zur im am mit man nenne für auf bei
    le la les l d un une des du de en est sont qu que qui quoi quel quelle quels quelles où quand pourquoi comment et
    ou ce c
    el los las una unos unas del al es son qué quién cuál cuáles cuándo dónde cómo por para y o fue
    ما هي هو من في على إلى 何 誰 的 是""".split()
)
_LONG_FRAME: Final = tuple(word for word in sorted(_FRAME) if len(word) >= _SHORTEST_SLIP)
_NEGATIONS: Final = frozenset(
    """not no never without non nor nicht kein keine keinen nie ohne ne pas sans jamais nunca لا ليس غير
    不 無 非 未""".split()
)
NUMERALS: Final = frozenset(
    """two three four five six seven eight nine ten zwei drei vier fünf sechs sieben acht neun zehn
    deux trois quatre cinq sept huit neuf dix dos tres cuatro cinco seis siete ocho nueve diez""".split()
)
_ASKS: Final = {
    word: number
    for number, words in enumerate(
        (
            "who whom whose wer wen wem wessen qui quién quiénes من",
            "when wann quand cuándo متى",
            "where wo woher wohin où dónde أين",
            "why warum weshalb wieso pourquoi لماذا",
            "many much viele viel combien cuántos cuántas cuánto كم",
            "how wie comment cómo كيف",
        )
    )
    for word in words.split()
}


@dataclass(frozen=True, slots=True)
class Words:
    """A question as it is compared: its telling words in order, and those of its first clause alone.

    ``asks`` is what it asks for (a person, a time, a place, …) where its words say so.
    """

    all: tuple[str, ...]
    first_clause: tuple[str, ...]
    negated: bool
    asks: int | None


@lru_cache(maxsize=1 << 16)
def words_of(question: str) -> Words:
    """The words of a question without its frame, in their base form; all words where it has no others."""
    text = folded(question)
    found = _TOKEN.findall(text)
    return Words(
        _telling(found),
        _telling(_TOKEN.findall(_CLAUSE.split(text, maxsplit=1)[0])),
        not _NEGATIONS.isdisjoint(found),
        min((_ASKS[word] for word in found if word in _ASKS), default=None),
    )


def spoken(text: str) -> list[str]:
    """Every word of a text, in order: an answer has no frame."""
    return _TOKEN.findall(text.casefold())


def folded(text: str) -> str:
    """A text as its words are compared: letter case and compatible forms aside."""
    return unicodedata.normalize("NFKC", text).casefold()


def _telling(found: list[str]) -> tuple[str, ...]:
    return tuple([_base(word) for word in found if not _is_frame(word)] or found)


@lru_cache(maxsize=1 << 16)
def _is_frame(word: str) -> bool:
    """Whether a word tells no card, be it misspelled."""
    if word in _FRAME or _HIRAGANA.match(word) or word in _FRAME_SHORTENED:
        return True
    return any(is_slip(word, known) for look in _LOOKS for known in _FRAME_BY_LOOK.get(look(word), ()))


def _base(word: str) -> str:
    """The word without its ending, where enough is left of it."""
    endings = (end for end in _ENDINGS if word.endswith(end) and len(word) >= len(end) + _SHORTEST_STEM)
    return word.removesuffix(next(endings, ""))


@lru_cache(maxsize=1 << 16)
def is_sign(word: str) -> bool:
    """Whether a word is a number, a letter or a symbol: another one is always another thing."""
    return (
        any(letter.isdigit() for letter in word)
        or not word.isalpha()
        or (len(word) == 1 and word.isascii())
        or bool(_ROMAN.match(word))
    )


@lru_cache(maxsize=1 << 18)
def is_slip(old: str, new: str) -> bool:
    """Whether one is surely a slip of the fingers: neighbouring letters exchanged, or a letter doubled."""
    if min(len(old), len(new)) < _SHORTEST_SLIP or is_sign(old) or is_sign(new):
        return False
    if _letters(old) == _letters(new):
        return _distance(old, new) == 1
    return _single(old) == _single(new)


@lru_cache(maxsize=1 << 18)
def is_near(old: str, new: str) -> bool:
    """Whether one may be a misspelling, another spelling or another form of the other."""
    shorter = min(len(old), len(new))
    if shorter < _SHORTEST_NEAR or is_sign(old) or is_sign(new):
        return False
    if shorter >= _SHORTEST_SLIP and (old.startswith(new) or new.startswith(old)):
        return True
    return _distance(old, new) <= (1 if shorter < _LONG_NEAR else 2)


def _letters(word: str) -> str:
    return "".join(sorted(word))


def _single(word: str) -> str:
    """The word without the second of two equal letters."""
    return _DOUBLED.sub(r"\1", word)


# What a slip leaves as it is: so a word is compared with the few of the frame that it may be a slip of.
_LOOKS: Final = (_letters, _single)
_FRAME_BY_LOOK: Final[dict[str, tuple[str, ...]]] = {}
for _known in _LONG_FRAME:
    for _look in {look(_known) for look in _LOOKS}:
        _FRAME_BY_LOOK[_look] = (*_FRAME_BY_LOOK.get(_look, ()), _known)
_FRAME_SHORTENED: Final = frozenset(
    known[:at] + known[at + 1 :] for known in _LONG_FRAME if len(known) > _SHORTEST_SLIP for at in range(len(known))
)


def is_one_letter_off(old: str, new: str) -> bool:
    """Whether one word has a letter that the other lacks, as when a finger missed a key."""
    return len(old) != len(new) and _distance(old, new) == 1


def is_one_letter_short(old: str, new: str) -> bool:
    """The same for words too long to be alike by chance: "governor" and "govrnor"."""
    return min(len(old), len(new)) > _SHORTEST_SLIP and is_one_letter_off(old, new)


def is_clause_added(left: Words, right: Words) -> bool:
    """Whether one question is the other with a clause set off behind it."""
    shorter, longer = (left, right) if len(left.all) < len(right.all) else (right, left)
    return shorter.all == longer.all[: len(shorter.all)] and len(longer.first_clause) <= len(shorter.all)


def _distance(old: str, new: str) -> int:
    """How many letters are put in, left out, changed or swapped with their neighbour (optimal string alignment)."""
    from rapidfuzz.distance import OSA  # here, for it takes four megabytes, and where nothing was reworded nobody asks

    return OSA.distance(old, new)
