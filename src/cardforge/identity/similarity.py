"""How alike two questions are, and which pairs are alike enough to be the same note.

Shared rare words speak for the same card, a rare word *exchanged* for another against it, words added or dropped
hardly at all; an equal or similar answer makes up for exchanged words. Some differences cap the likeness whatever else
agrees: asking the author is cheap, another card's history is not. The limits were set on reworded and on different
questions (``bench/identity`` prints both).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from enum import Enum, auto
from typing import Final

from cardforge.identity.rarity import Scale
from cardforge.identity.words import (
    NUMERALS,
    Words,
    is_clause_added,
    is_near,
    is_one_letter_off,
    is_sign,
    is_slip,
    spoken,
    words_of,
)
from cardforge.values import dataclass

SURE: Final = 0.72
"""From here on a pair is taken, if nothing comes near it."""
DOUBTFUL: Final = 0.55
"""From here on a pair may be the same note: between the two the author has to say."""
MARGIN: Final = 0.08
"""How much better a pair has to be than every other with the same card or note."""
_NOT_SURE: Final = SURE - 0.01
_UNLIKELY: Final = DOUBTFUL - 0.01

_HINT: Final = 0.2
"""What the answers have to say before a word that moved past others is let pass; what words they share say."""
_SLIGHT: Final = 0.3
"""The same before near words and words that changed places are."""
_FAIR: Final = 0.39
"""The same before exchanged or added words are."""
_GOOD: Final = 0.5
"""The same before added signs or another question word are."""
_TELLING: Final = 0.6
"""The same before one rare word in place of another is: two subjects often have one short answer."""
_PROVEN: Final = 1.0
"""A long answer that no other card has."""
_ANSWER_WEIGHT: Final = 0.34
"""What a proven answer adds to the likeness of the questions."""
_TELLING_WORDS: Final = 4
"""Words a part of an answer needs to tell its card whatever stands beside it."""
_TELLING_SHARED: Final = 2
"""Telling words that answers have to share, and half of the shorter one's, to be taken for one in other words."""
_TELLING_LETTERS: Final = 4
"""Letters it needs where it has fewer words: "No" begins many answers."""


def likeness(left: str, right: str, *, answer: float = 0.0, scale: Scale | None = None) -> float:
    """How likely a note's question (left) and a card's (right) are the same card's, from 0 to 1.

    ``answer`` says how much the answers speak for it: 1 for equal answers of five words or more, 0 for different ones.
    ``scale`` weighs the words; without one every word counts as rare.
    """
    scale = (scale or Scale()).of(left, right)
    a, b = words_of(left), words_of(right)
    found = _align(a.all, b.all, scale)
    shared = sum(map(scale.weight, found.equal)) + 0.8 * sum(scale.weight(old) for old, _ in found.near)
    if not shared:
        return 0.5 * answer
    gone, come = (sum(map(scale.weight, side)) for side in (found.gone, found.come))
    clash, extra = min(gone, come), abs(gone - come)
    limit = _limit(a, b, found, answer, scale)
    if clash and scale.is_way_of_asking(found.gone, found.come, found.equal):
        clash /= 2
    elif clash and scale.is_pattern([*found.equal, *(old for old, _ in found.near)]):
        clash, limit = 2 * clash, min(limit, _NOT_SURE)
    score = 0.9 * shared / (shared + clash + 0.1 * extra) + _ANSWER_WEIGHT * answer
    return max(0.0, min(1.0, score, limit))


# ---- what differs


class _Order(Enum):
    """What became of the order of the words that both questions have.

    A phrase moves when a question is rephrased: "trade off in GAE", "of GAE trade off". Two words that change places
    make another question: "a stack better than a queue".
    """

    KEPT = auto()
    MOVED = auto()
    SWAPPED = auto()


@dataclass(frozen=True, slots=True)
class _Aligned:
    """Two questions' words: equal ones, those alike but for a letter or two, and what only one of them has."""

    equal: Sequence[str]
    near: Sequence[tuple[str, str]]
    gone: Sequence[str]
    come: Sequence[str]
    order: "_Order"


def _align(left: Sequence[str], right: Sequence[str], scale: Scale) -> _Aligned:
    both = Counter(left) & Counter(right)
    equal, near, gone = list(both.elements()), [], []
    come = list((Counter(right) - both).elements())
    for old in (Counter(left) - both).elements():
        free = [new for new in come if not scale.are_both_used(old, new, equal)]
        slip = next((new for new in free if is_slip(old, new) or scale.is_misspelling(old, new)), None)
        other = slip or next((new for new in free if is_near(old, new)), None)
        if other is None:
            gone.append(old)
            continue
        come.remove(other)
        if slip:
            equal.append(old)
        else:
            near.append((old, other))
    order = _order([word for word in left if word in both], [word for word in right if word in both])
    return _Aligned(equal, near, gone, come, order)


def _order(old: Sequence[str], new: Sequence[str]) -> _Order:
    if old == new:
        return _Order.KEPT
    for word in old:
        if [other for other in old if other != word] == [other for other in new if other != word]:
            past = abs(old.index(word) - new.index(word))
            return _Order.MOVED if past > 1 else _Order.SWAPPED
    return _Order.SWAPPED


def _limit(a: Words, b: Words, found: _Aligned, answer: float, scale: Scale) -> float:
    """What a pair's likeness cannot exceed, for the kind of its difference."""
    if _is_both_sided(found, is_sign) or _is_both_sided(found, NUMERALS.__contains__):
        return _NOT_SURE if answer >= _GOOD else _UNLIKELY
    if _asks_otherwise(a, b, answer) or _is_exchange_in_use(found, scale):
        return _NOT_SURE
    if answer < _TELLING and _is_other_subject(found, scale):
        return _NOT_SURE
    clause = is_clause_added(a, b)
    if _needs_more_of_an_answer(found, answer, clause=clause):
        return _NOT_SURE
    if answer < _PROVEN and (_has_other_signs_order(a, b) or _is_near_another(found, scale)):
        return _NOT_SURE
    if answer < _PROVEN and not clause and scale.is_sibling(found.gone, found.come, found.equal):
        return _NOT_SURE
    return 1.0


def _is_both_sided(found: _Aligned, kind: Callable[[str], bool]) -> bool:
    """Whether words of a kind gave way to others of it: "L1" to "L2", "three" to "five"."""
    return any(map(kind, found.gone)) and any(map(kind, found.come))


def _asks_otherwise(a: Words, b: Words, answer: float) -> bool:
    """Whether one question is negated, or asks for another thing: who did it, when and where are three cards."""
    swapped = a.asks != b.asks and a.asks is not None and b.asks is not None
    return a.negated is not b.negated or (swapped and answer < _GOOD)


def _is_exchange_in_use(found: _Aligned, scale: Scale) -> bool:
    """Whether a word gave way to another although other questions of the kind have either: two subjects, then."""
    return any(scale.are_both_used(old, new, found.equal) for old in found.gone for new in found.come)


def _is_other_subject(found: _Aligned, scale: Scale) -> bool:
    """Whether one rare word gave way to one other."""
    return all(sum(map(scale.is_rare, side)) == 1 for side in (found.gone, found.come))


def _needs_more_of_an_answer(found: _Aligned, answer: float, *, clause: bool) -> bool:
    """Whether the answers say too little for the difference. A clause set off behind hardly needs them."""
    if answer < _SLIGHT and (found.near or found.order is _Order.SWAPPED):
        return True
    if answer < _HINT and found.order is _Order.MOVED:
        return True
    loose = [] if clause else [*found.gone, *found.come]
    return (answer < _GOOD and any(map(is_sign, loose))) or (
        answer < _FAIR and any(word not in NUMERALS for word in loose)
    )


def _has_other_signs_order(a: Words, b: Words) -> bool:
    """Whether both questions have the same signs in another order: 2^x and x^2."""
    old, new = list(filter(is_sign, a.all)), list(filter(is_sign, b.all))
    return old != new and sorted(old) == sorted(new)


def _is_near_another(found: _Aligned, scale: Scale) -> bool:
    """Whether other questions ask the same of something else, and a rare word became one that is no misspelling of it.

    A letter left out is a slip, and a common word is a way of asking; "sentir" and "sentar" are two subjects.
    """
    exchanged = [pair for pair in found.near if all(map(scale.is_rare, pair)) and not is_one_letter_off(*pair)]
    return bool(exchanged) and scale.is_pattern(found.equal)


# ---- answers


def answers_alike(left: str, right: str) -> float:
    """How much two unequal answers speak for the same card: most where one goes on after the other or begins before it.

    Most of the same telling words in other places say little: answers of sister cards share theirs too.
    """
    (old, former), (new, latter) = (spoken(left), left), (spoken(right), right)
    short, brief, long, full = (old, former, new, latter) if len(old) <= len(new) else (new, latter, old, former)
    if not short or short not in (long[: len(short)], long[-len(short) :]):
        old_words, new_words = set(words_of(left).all), set(words_of(right).all)
        both = len(old_words & new_words)
        return _HINT if both >= _TELLING_SHARED and 2 * both >= min(len(old_words), len(new_words)) else 0.0
    if len(short) >= _TELLING_WORDS:
        return 0.6
    telling = sum(map(len, short)) >= _TELLING_LETTERS or not all(map(str.isalpha, short))
    # "Lima. On the Pacific." goes on after "Lima"; "Prague lies on the Vltava." says something else than "Prague".
    stem = brief.rstrip(".?!")
    rest = full[len(stem) :].lstrip()
    goes_on = full.startswith(stem) and rest.startswith((".", ",", ";", ":", "(", "—", "–"))
    return 0.5 if telling and goes_on else 0.35


# ---- which pairs are the same note


def settle(
    scores: Mapping[tuple[int, str], float],
) -> tuple[list[tuple[int, str]], list[tuple[int, list[str]]]]:
    """The pairs that are sure, best first, and for each card left the notes it may be, the likeliest first.

    A pair is sure when it is good and no other pair of its card or its note comes near; taking it may make others
    sure. Notes are told by GUID, cards by position.
    """
    alive = {pair: score for pair, score in scores.items() if score >= DOUBTFUL}
    sure: dict[tuple[int, str], float] = {}
    while taken := _sure(alive):
        sure |= taken
        cards, guids = {card for card, _ in taken}, {guid for _, guid in taken}
        alive = {pair: score for pair, score in alive.items() if pair[0] not in cards and pair[1] not in guids}
    doubts: defaultdict[int, list[tuple[float, str]]] = defaultdict(list)
    for (card, guid), score in alive.items():
        doubts[card].append((-score, guid))
    in_order = sorted(sure, key=lambda pair: (-sure[pair], pair))
    return in_order, [(card, [guid for _, guid in sorted(found)]) for card, found in sorted(doubts.items())]


def _sure(alive: Mapping[tuple[int, str], float]) -> dict[tuple[int, str], float]:
    """All pairs that are sure now: no two of them share a card or a note, each would be the other's rival."""
    best: defaultdict[int | str, list[float]] = defaultdict(list)
    for pair, score in alive.items():
        for end in pair:
            best[end] = sorted([*best[end], score], reverse=True)[:2]
    return {
        pair: score for pair, score in alive.items() if score >= SURE and all(_leads(score, best[end]) for end in pair)
    }


def _leads(score: float, best: Sequence[float]) -> bool:
    """Whether a score is the best of the (at most two) best by a margin."""
    return len(best) == 1 or (best[0] == score and score - best[1] >= MARGIN)
