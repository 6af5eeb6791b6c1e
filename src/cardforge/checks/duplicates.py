"""Cards that ask nearly the same, found in time that grows with the number of cards and not with its square.

Two word sets that share most of their words share one of their rarest: only cards that meet in the list of a rare word
are compared (prefix filtering, as in joins of sets by similarity).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from cardforge.checks import short_question
from cardforge.checks.words import Sayings, words_of
from cardforge.diagnostics import Code, Sink, Span
from cardforge.model import Body, Card, Choice, Cloze, Flashcard, Scenario, SelfCheck
from cardforge.passage import once
from cardforge.values import dataclass

_ALIKE = 0.8
"""The part of their words two questions, and two answers, share at least (Jaccard index)."""
_MOST_MEETINGS = 50
"""Cards that meet at one word; at a word that more cards share nobody is compared."""
_TELLING = frozenset("not no never without except nicht kein keine ne pas sin não sem senza не без < > = - +".split())
"""Words that turn a question round."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a card says: the comparable words of its question in order; ``name`` is that in short.

    ``answer`` is the text whose words are compared where two questions are alike.
    """

    span: Span
    name: str
    question: tuple[str, ...]
    answer: str


def said_by(card: Card, sayings: Sayings) -> Said:
    """What a card says: a choice asks with its options, a scenario with its situation."""
    questions, answer = _sides(card)
    question = tuple(chain.from_iterable(map(sayings.of, questions)))
    return Said(card.head.span, short_question(card), question, sayings.text(answer))


class _Asked:
    """A card and the words of its question; those of its answer once they are asked for."""

    def __init__(self, said: Said) -> None:
        self.said, self.asked = said, frozenset(said.question)

    @once
    def answered(self) -> frozenset[str]:
        return frozenset(words_of(self.said.answer))


def near_duplicates(cards: Iterable[Said], sink: Sink) -> None:
    """Report each card that asks what an earlier one asked, or nearly so under nearly the same answer."""
    first: dict[tuple[str, ...], Said] = {}
    others: list[_Asked] = []
    for each in cards:
        if not each.question:
            continue
        earlier = first.setdefault(each.question, each)
        if earlier is each:
            others.append(_Asked(each))
        else:
            _report(each, earlier, "This asks the same", sink)
    for later, twin in _pairs(others):
        _report(later.said, twin.said, "This asks nearly the same", sink)


def _sides(card: Card) -> tuple[tuple[Body, ...], Body]:
    match card:
        case Flashcard() | SelfCheck():
            return (card.question,), card.answer
        case Scenario():
            return (card.situation, card.prompt), card.reasoning
        case Choice():
            return (card.question, *(option.text for option in card.options)), card.explanation
        case Cloze():
            return (card.text,), card.extra


def _pairs(cards: Sequence[_Asked]) -> Iterator[tuple[_Asked, _Asked]]:
    """Each card with the first earlier one that is nearly the same, if any."""
    frequency = Counter(chain.from_iterable(each.asked for each in cards))
    # The same order for all cards, of which each word's place is found once.
    rank = {word: at for at, word in enumerate(sorted(frequency, key=lambda word: (frequency[word], word)))}
    meetings: dict[str, list[_Asked]] = defaultdict(list)
    for each in cards:
        words = sorted(each.asked, key=rank.__getitem__)
        prefix = words[: len(words) - math.ceil(_ALIKE * len(words)) + 1]
        rare = [word for word in prefix if frequency[word] <= _MOST_MEETINGS]
        met = (other for word in rare for other in meetings[word])
        if twin := next((other for other in met if _alike(each, other)), None):
            yield each, twin
        for word in rare:
            meetings[word].append(each)


def _alike(one: _Asked, other: _Asked) -> bool:
    if _share(one.asked, other.asked) < _ALIKE or _share(one.answered, other.answered) < _ALIKE:
        return False
    # A number, a sign or a "not" more is another question; so are the same words in another order, mostly.
    differ = one.asked ^ other.asked
    return not any(word in _TELLING or not word.isalpha() or len(word) == 1 for word in differ)


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    both = len(one & other)
    return both / (len(one) + len(other) - both) if one or other else 1.0


def _report(later: Said, earlier: Said, what: str, sink: Sink) -> None:
    message = f"{what} as “{earlier.name}” ({earlier.span.file}:{earlier.span.line})."
    sink.add(Code.NEAR_DUPLICATE, later.span, message, "Keep one of them, or make the difference plain.")
