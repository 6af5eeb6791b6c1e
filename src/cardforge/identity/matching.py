"""Matches the cards of today to the notes of the last build, from certain to likely.

1. the same explicit id, or the note's GUID as id
2. the same question: among several cards and notes of one, those that say the same in all, then those that say the same
   in question and answer, then those in the same file, then any
3. the same answer under an edited question, where that answer has five words or more, nobody else claims it, and the
   questions share what they are about
4. a similar question anywhere in the collection (:mod:`cardforge.identity.similarity`)

A match is one to one, and a basic card never becomes a cloze note: Anki would ignore it. What step 4 cannot decide is
a :class:`Doubt`: never guessed, left to the author.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from itertools import islice
from typing import Final

from cardforge.identity.lock import Note
from cardforge.identity.rarity import Scale, Vocabulary
from cardforge.identity.similarity import SURE, answers_alike, likeness, settle
from cardforge.identity.told import Told
from cardforge.identity.words import words_of
from cardforge.values import dataclass

_MOST_CANDIDATES = 80
"""Cards a note is compared with, those first that share the rarest: thousands of look-alikes would take minutes."""
FEWEST_WORDS = 5
"""Words an answer needs to tell its card: "Yes." and "O(n)" do not."""
_LONG_ANSWER, _SHORT_ANSWER = 1.0, 0.59
"""How much an equal answer of :data:`FEWEST_WORDS` or more, and of fewer, speaks for the same card.

The latter says less than an answer of some words that goes on (:func:`.similarity.answers_alike`).
"""
_OTHERS_HAVE_IT = 1.5
"""By how much less it does where other cards have that answer too: "Yes." and the like."""
_HEAD = 3
"""Letters at a word's beginning or end that a misspelling leaves as they are, one end or the other."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A card as matching sees it.

    ``key`` is a hash of its question's normal form, ``content`` holds one for each field, by name; ``question`` and
    ``answer_text`` (UTF-8) are both in short, ``answer_words`` counts the words of the whole answer.
    """

    id: str | None
    is_cloze: bool
    key: str
    question: str
    content: Mapping[str, str]
    answer_words: int
    answer_text: bytes
    file: str
    deck: str
    ordinals: tuple[int, ...] = ()

    @property
    def answer(self) -> str:
        """The hash of the answer."""
        return self.content["answer"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A card that may be one of several notes, or a new one; notes in the order of likeness."""

    card: int
    notes: tuple[Note, ...]


@dataclass(slots=True)
class Matching:
    """The notes found, by the card's position, and what could not be decided."""

    notes: dict[int, Note] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Whole:
    """The whole collection, at the last build and today, with those whose match is known: it weighs the words."""

    notes: Iterable[Note]
    cards: Sequence[Told]


def match_notes(cards: Sequence[Asked], notes: Sequence[Note], whole: Whole) -> Matching:
    """The notes of the cards. Notes that are gone come back by a certain match only.

    Cards and notes whose match is known, as that of what is unchanged, are in ``whole`` alone.
    """
    return _Matcher(cards, notes, whole).run()


class _Matcher:
    def __init__(self, cards: Sequence[Asked], notes: Sequence[Note], whole: Whole) -> None:
        self.cards, self.whole = cards, whole
        self.found = Matching()
        self.open_cards = dict.fromkeys(range(len(cards)))
        self.open_notes = {note.guid: note for note in sorted(notes, key=lambda note: (note.gone, note.guid))}
        self.ids = {card.id for card in cards if card.id is not None}

    # What follows takes long for a whole collection, and where nothing was edited nobody asks.

    @cached_property
    def there(self) -> list[Note]:
        return [note for note in self.whole.notes if not note.gone]

    @cached_property
    def answered(self) -> Mapping[tuple[bool, str], set[str]]:
        """The questions that have an answer, of the notes or of the cards, by the keys of both."""
        found: defaultdict[tuple[bool, str], set[str]] = defaultdict(set)
        for note in self.there:
            found[note.is_cloze, note.content.get("answer", "")].add(note.key)
        for card in self.cards:  # the others say what their notes do
            found[card.is_cloze, card.answer].add(card.key)
        return found

    @cached_property
    def scale(self) -> Scale:
        """What words weigh."""
        return Scale(
            Vocabulary(note.question for note in self.there), Vocabulary(card.question for card in self.whole.cards)
        )

    def run(self) -> Matching:
        if self.ids:
            self._by_explicit_id()
        # A card that moved takes its own note before that of an equal card which is gone.
        for gone in (False, True):
            self._by_key(gone=gone)
        for gone in (False, True):
            self._by_answer(gone=gone)
        self._by_likeness()
        return self.found

    def _take(self, card: int, note: Note) -> None:
        self.found.notes[card] = note
        del self.open_cards[card]
        del self.open_notes[note.guid]

    def _by_explicit_id(self) -> None:
        by_id = {note.id: note for note in self.open_notes.values() if note.id is not None}
        for index in list(self.open_cards):
            wanted = self.cards[index].id
            if wanted is None:
                continue
            note = by_id.get(wanted) or self.open_notes.get(wanted)
            if note and note.guid in self.open_notes and note.is_cloze is self.cards[index].is_cloze:
                self._take(index, note)

    def _by_key(self, *, gone: bool) -> None:
        notes: dict[Hashable, list[Note]] = {}
        for note in self.open_notes.values():
            if note.gone is gone and (note.id is None or note.id not in self.ids):
                notes.setdefault((note.key,) if note.is_cloze else note.key, []).append(note)
        if not notes:
            return
        cards: dict[Hashable, list[int]] = {}
        for index in self.open_cards:
            card = self.cards[index]
            name: Hashable = (card.key,) if card.is_cloze else card.key
            if name in notes:
                cards.setdefault(name, []).append(index)
        for name, indexes in cards.items():
            for index, note in _paired(self.cards, indexes, notes[name]):
                self._take(index, note)

    def _by_answer(self, *, gone: bool) -> None:
        notes: defaultdict[Hashable, list[Note]] = defaultdict(list)
        for note in self.open_notes.values():
            if note.gone is gone:
                notes[note.is_cloze, note.content.get("answer", "")].append(note)
        if not notes:
            return
        cards: defaultdict[Hashable, list[int]] = defaultdict(list)
        for index in self.open_cards:
            card = self.cards[index]
            if card.id is None and card.answer_words >= FEWEST_WORDS:
                cards[card.is_cloze, card.answer].append(index)
        for name, indexes in cards.items():
            candidates = notes.get(name, [])
            if len(indexes) != 1 or len(candidates) != 1:
                continue
            card, note = self.cards[indexes[0]], candidates[0]
            if self._likeness(card, note) >= SURE:
                self._take(indexes[0], note)

    def _by_likeness(self) -> None:
        if all(note.gone for note in self.open_notes.values()):
            return
        by_key: defaultdict[Hashable, list[int]] = defaultdict(list)
        for index in self.open_cards:
            card = self.cards[index]
            if card.id is None:
                for key in self._keys(card.question, card.answer, card.answer_text):
                    by_key[card.is_cloze, key].append(index)
        scores: dict[tuple[int, str], float] = {}
        for note in self.open_notes.values():
            if note.gone:
                continue
            keys = self._keys(note.question, note.content.get("answer", ""), note.answer)
            near = sorted((by_key[note.is_cloze, key] for key in keys), key=len)
            candidates = dict.fromkeys(index for indexes in near for index in indexes)
            for index in islice(candidates, _MOST_CANDIDATES):
                scores[index, note.guid] = self._likeness(self.cards[index], note)
        sure, doubtful = settle(scores)
        notes = dict(self.open_notes)
        for index, guid in sure:
            self._take(index, notes[guid])
        for index, guids in doubtful:
            self.found.doubts.append(Doubt(index, tuple(notes[guid] for guid in guids)))

    def _likeness(self, card: Asked, note: Note) -> float:
        return likeness(note.question, card.question, answer=self._answers_alike(card, note), scale=self.scale)

    def _answers_alike(self, card: Asked, note: Note) -> float:
        """How much the answers speak for the same card, from 0 to 1."""
        said = note.content.get("answer", "")
        if not card.answer_words or card.answer != said:
            return answers_alike(note.answer.decode(), card.answer_text.decode())
        alike = _LONG_ANSWER if card.answer_words >= FEWEST_WORDS else _SHORT_ANSWER
        others = self.answered[note.is_cloze, said] - {note.key, card.key}
        return alike / _OTHERS_HAVE_IT if others else alike

    def _keys(self, question: str, answer: str, answer_text: bytes) -> list[str]:
        """What two questions have one of to be compared at all: a rare word's beginning or end, or the answer.

        Comparing all with all would take minutes where thousands are reworded at once.
        """
        words = words_of(question).all
        rare = [word for word in words if self.scale.is_rare(word)] or words
        keys = dict.fromkeys(key for word in rare for key in (f"{word[:_HEAD]}…", f"…{word[-_HEAD:]}"))
        # Most cloze cards have no answer beside their text: that they share one says nothing.
        return [*keys, f"={answer}"] if answer_text else [*keys]


def _all_said(side: Asked | Note) -> Hashable:
    return frozenset(side.content.items())


def _said(side: Asked | Note) -> Hashable:
    return side.content.get("question"), side.content.get("answer")


def _answered(side: Asked | Note) -> Hashable:
    return side.content.get("answer")


_LIKE: Final[tuple[Callable[[Asked | Note], Hashable], ...]] = (
    lambda side: (_all_said(side), side.file, side.deck),
    lambda side: (_all_said(side), side.file),
    lambda side: (_all_said(side), side.deck),
    _all_said,
    lambda side: (_said(side), side.file, side.deck),
    lambda side: (_said(side), side.file),
    lambda side: (_said(side), side.deck),
    _said,
    lambda side: (_answered(side), side.file, side.deck),
    lambda side: (_answered(side), side.file),
    lambda side: (side.file, side.deck),
    lambda side: side.file,
    lambda side: (_answered(side), side.deck),
    _answered,
    lambda side: side.deck,
    lambda _: None,
)
"""What a card and a note of one question have in common, from all to nothing more."""


def _paired(cards: Sequence[Asked], indexes: Iterable[int], notes: Iterable[Note]) -> Iterator[tuple[int, Note]]:
    """Cards and notes of one question, by what else they have in common; in their order where that is the same."""
    left, right = list(indexes), list(notes)
    if len(left) == len(right) == 1:  # as nearly all are
        yield left[0], right[0]
        return
    for like in _LIKE:
        if not left or not right:
            return
        found: defaultdict[Hashable, deque[Note]] = defaultdict(deque)
        for note in right:
            found[like(note)].append(note)
        alone = []
        for index in left:
            alike = found[like(cards[index])]
            if alike:
                yield index, alike.popleft()
            else:
                alone.append(index)
        left, right = alone, [note for alike in found.values() for note in alike]
