"""Weighs words by how few questions of the collection have them.

A rare word says what is asked about, a common one belongs to the way of asking. And where other questions have the
words that two questions share, what differs between the two is what each is about.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from cardforge.identity.words import is_one_letter_short, words_of

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


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Which questions have which words. One side of the collection at a time: the notes, or the cards."""

    holders: Mapping[str, set[int]] = field(default_factory=dict)
    size: int = 0

    @classmethod
    def of(cls, questions: Iterable[str]) -> "Vocabulary":
        """The vocabulary of questions, which are told by their number."""
        holders: defaultdict[str, set[int]] = defaultdict(set)
        size = 0
        for number, question in enumerate(questions):
            size = number + 1
            for word in words_of(question).all:
                holders[word].add(number)
        return cls(dict(holders), size)

    def count(self, word: str) -> int:
        """How many questions have the word."""
        return len(self.holders.get(word, ()))

    def uses(self, word: str, beside: Iterable[str]) -> bool:
        """Whether a question has the word and one of those beside it."""
        holders = self.holders.get(word)
        return holders is not None and any(not holders.isdisjoint(self.holders.get(other, ())) for other in beside)

    def share(self, words: Iterable[str]) -> int:
        """How many questions have all of these words; 0 for no words."""
        sets = sorted((self.holders.get(word, set()) for word in words), key=len)
        return len(set.intersection(*sets)) if sets else 0


@dataclass(frozen=True, slots=True)
class Scale:
    """What weighs the words of a comparison: the vocabularies of the notes and of the cards."""

    notes: Vocabulary = Vocabulary()
    cards: Vocabulary = Vocabulary()
    patterns: dict[frozenset[str], bool] = field(default_factory=dict, compare=False, repr=False)
    """What :meth:`is_pattern` said: thousands of pairs of one deck share the same few words."""

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
        if words not in self.patterns:
            self.patterns[words] = self.notes.share(words) > 1 or self.cards.share(words) > 1
        return self.patterns[words]

    def are_both_used(self, old: str, new: str, shared: Iterable[str]) -> bool:
        """Whether cards of the same kind still use the old word, and notes of the same kind used the new one."""
        beside = set(shared)
        return self.cards.uses(old, beside) and self.notes.uses(new, beside)

    def is_way_of_asking(self, gone: Iterable[str], come: Iterable[str], shared: Iterable[str]) -> bool:
        """Whether words of many questions gave way to words that were not asked with before."""
        beside = set(shared)
        return max(map(self.weight, gone)) < _USUAL and not any(self.notes.uses(word, beside) for word in come)

    def is_misspelling(self, old: str, new: str) -> bool:
        """Whether one is a word that many questions have and the other lacks a letter of it."""
        return max(self.notes.count(old), self.cards.count(new)) >= _COMMON and is_one_letter_short(old, new)
