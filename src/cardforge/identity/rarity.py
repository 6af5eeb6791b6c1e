"""Weighs words by how few questions of the collection have them.

A rare word says what is asked about, a common one belongs to the way of asking. And where other questions have the
words that two questions share, what differs between the two is what each is about.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import field
from functools import lru_cache
from itertools import islice
from typing import Final

from cardforge.identity.words import folded, is_one_letter_short, spoken, words_of
from cardforge.values import dataclass

RARE: Final = 0.7
"""A word of this weight or more says what is asked about; one below belongs to the way of asking."""
_USUAL: Final = 0.75
"""A word below this weight may give way to other words for the same: "wrote" to "is the author of"."""
_LEAST: Final = 0.2
"""The weight of a word that every question has."""
_COMMON: Final = 5
"""Questions that have to have a word before a form of it that no other has counts as its misspelling."""
_FEW: Final = 64
"""A collection of fewer questions is taken for one of so many: in a small one no word is common."""


@lru_cache(maxsize=1 << 16)
def _begun(question: str) -> str:
    """A question's words with a blank before each. Most questions stand on both sides of a comparison."""
    return f" {' '.join(spoken(folded(question)))}"


_FEW_WORDS: Final = 64
"""Words that are looked for one by one; for more, all questions are read."""


class Vocabulary:
    """Which questions have which words. One side of the collection at a time: the notes, or the cards.

    A question asked twice counts once: a copy of a card says nothing about its words.
    """

    def __init__(self, questions: Iterable[str] = ()) -> None:
        self._numbers = {question: number for number, question in enumerate(dict.fromkeys(questions))}
        self._questions = list(self._numbers)
        self.size = len(self._questions)
        self._spoken: list[str] = []
        self._holders: defaultdict[str, set[int]] = defaultdict(set)
        self._looked: set[str] | None = set()
        """The words that were looked for so far; None once all are known."""

    def holders(self, word: str) -> AbstractSet[int]:
        """The questions that have the word, by their number."""
        if self._looked is not None and word not in self._looked:
            if len(self._looked) < _FEW_WORDS:
                self._look_for(word, self._looked)
            else:
                self._read_all()
        return self._holders.get(word, frozenset())

    def _look_for(self, word: str, looked: set[str]) -> None:
        """After an edit few words matter, and most questions do not have a word that begins like one of them."""
        looked.add(word)
        self._spoken = self._spoken or list(map(_begun, self._questions))
        begins = f" {word}"
        for number, text in enumerate(self._spoken):
            if begins in text and word in words_of(self._questions[number]).all:
                self._holders[word].add(number)

    def _read_all(self) -> None:
        self._looked = None
        self._spoken.clear()
        for number, question in enumerate(self._questions):
            for word in words_of(question).all:
                self._holders[word].add(number)

    def count(self, word: str) -> int:
        """How many questions have the word."""
        return len(self.holders(word))

    def uses(self, word: str, beside: Iterable[str], but: Iterable[str] = ()) -> bool:
        """Whether a question has the word and one of those beside it, other than the questions ``but``."""
        holders = self.holders(word)
        if not holders:
            return False
        holders = holders - {self._numbers.get(question) for question in but}
        return bool(holders) and any(not holders.isdisjoint(self.holders(other)) for other in beside)

    def sharing(self, words: Iterable[str], most: int) -> list[str]:
        """The questions that have all of these words, ``most`` of them at most; none for no words."""
        sets = sorted(map(self.holders, words), key=len)
        found = frozenset(sets[0]).intersection(*sets[1:]) if sets else ()
        return [self._questions[number] for number in islice(found, most)]


@dataclass(frozen=True, slots=True)
class Scale:
    """What weighs the words of a comparison: the vocabularies of the notes and of the cards.

    ``pair`` are the two questions that are compared. A copy of either is no other question of the kind.
    """

    notes: Vocabulary = field(default_factory=Vocabulary)
    cards: Vocabulary = field(default_factory=Vocabulary)
    pair: tuple[str, ...] = ()
    _sharing: dict[frozenset[str], frozenset[str]] = field(default_factory=dict, compare=False, repr=False)
    """Questions that share words, one more than a pair has: thousands of pairs of one deck share the same few."""

    def of(self, *pair: str) -> "Scale":
        """The scale for two questions."""
        return Scale(self.notes, self.cards, pair, self._sharing)

    def weight(self, word: str) -> float:
        """1 for a word of one question, towards 0.2 for a word that all have."""
        count = max(self.notes.count(word), self.cards.count(word), 1)
        size = max(self.notes.size, self.cards.size, _FEW)
        return max(_LEAST, 1 - (1 - _LEAST) * math.log(count) / math.log(size))

    def is_rare(self, word: str) -> bool:
        """Whether a word says what is asked about."""
        return self.weight(word) >= RARE

    def is_pattern(self, shared: Iterable[str]) -> bool:
        """Whether other questions have the shared words too: what differs is then what the question is about."""
        words = frozenset(shared)
        found = self._sharing.get(words)
        if found is None:
            most = len(self.pair) + 1
            found = frozenset((*self.notes.sharing(words, most), *self.cards.sharing(words, most)))
            self._sharing[words] = found
        return not found <= {*self.pair}

    def are_both_used(self, old: str, new: str, shared: Iterable[str]) -> bool:
        """Whether cards of the same kind still use the old word, and notes of the same kind used the new one."""
        beside = set(shared)
        return self.cards.uses(old, beside, self.pair) and self.notes.uses(new, beside, self.pair)

    def is_way_of_asking(self, gone: Iterable[str], come: Iterable[str], shared: Iterable[str]) -> bool:
        """Whether words of many questions gave way to words that were not asked with before."""
        beside = set(shared)
        new = any(self.notes.uses(word, beside, self.pair) for word in come)
        return not new and max(map(self.weight, gone)) < _USUAL

    def is_sibling(self, gone: Iterable[str], come: Iterable[str], shared: Iterable[str]) -> bool:
        """Whether a rare word that only one side has stands beside the shared words elsewhere: it is a subject."""
        beside = set(shared)
        return any(self.is_rare(word) and self.cards.uses(word, beside, self.pair) for word in gone) or any(
            self.is_rare(word) and self.notes.uses(word, beside, self.pair) for word in come
        )

    def is_misspelling(self, old: str, new: str) -> bool:
        """Whether one is a word that many questions have and the other lacks a letter of it."""
        return max(self.notes.count(old), self.cards.count(new)) >= _COMMON and is_one_letter_short(old, new)
