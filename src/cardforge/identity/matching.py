"""Matches the cards of today to the notes of the last build, from certain to likely.

1. the same explicit id, or the note's GUID as id
2. the same question in the same file
3. the same question elsewhere: moved, file or deck renamed
4. the same answer under an edited question, where that answer is unique and has five words or more
5. a similar question in the same neighbourhood (:mod:`cardforge.identity.similarity`)

A match is one to one, and a basic card never becomes a cloze note: Anki would ignore it. What step 5 cannot decide is
a :class:`Doubt`: never guessed, left to the author.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from cardforge.identity.lock import Note
from cardforge.identity.similarity import LIKELY_SAME_TOPIC, likeness, settle

FEWEST_WORDS = 5
"""Words an answer needs to tell its card: "Yes." and "O(n)" do not."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A card as matching sees it. ``key`` is a hash of its question's normal form, ``answer`` one of its answer."""

    id: str | None
    is_cloze: bool
    key: str
    question: str
    answer: str
    answer_words: int
    file: str
    deck: str


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


def match_notes(cards: Sequence[Asked], notes: Iterable[Note]) -> Matching:
    """The notes of the cards. Notes that are gone come back by a certain match only."""
    return _Matcher(cards, list(notes)).run()


class _Matcher:
    def __init__(self, cards: Sequence[Asked], notes: list[Note]) -> None:
        self.cards = cards
        self.found = Matching()
        self.open_cards = dict.fromkeys(range(len(cards)))
        self.open_notes = {note.guid: note for note in sorted(notes, key=lambda note: (note.gone, note.guid))}
        self.answers = Counter((note.is_cloze, note.content.get("answer", "")) for note in notes if not note.gone)
        self.asked_answers = Counter((card.is_cloze, card.answer) for card in cards)
        self.ids = {card.id for card in cards if card.id is not None}

    def run(self) -> Matching:
        self._by_explicit_id()
        for gone in (False, True):
            self._by_key(lambda file, cloze, key: (file, cloze, key), gone=gone)
        for gone in (False, True):
            self._by_key(lambda _, cloze, key: (cloze, key), gone=gone)
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

    def _by_key(self, group: Callable[[str, bool, str], Hashable], *, gone: bool) -> None:
        cards: defaultdict[Hashable, list[int]] = defaultdict(list)
        for index in self.open_cards:
            card = self.cards[index]
            cards[group(card.file, card.is_cloze, card.key)].append(index)
        notes: defaultdict[Hashable, list[Note]] = defaultdict(list)
        for note in self.open_notes.values():
            if note.gone is gone and (note.id is None or note.id not in self.ids):
                notes[group(note.file, note.is_cloze, note.key)].append(note)
        for name, indexes in cards.items():
            for index, note in _pair(self.cards, indexes, notes.get(name, [])):
                self._take(index, note)

    def _by_answer(self, *, gone: bool) -> None:
        cards: defaultdict[Hashable, list[int]] = defaultdict(list)
        for index in self.open_cards:
            card = self.cards[index]
            if card.id is None and card.answer_words >= FEWEST_WORDS:
                cards[card.is_cloze, card.answer].append(index)
        notes: defaultdict[Hashable, list[Note]] = defaultdict(list)
        for note in self.open_notes.values():
            if note.gone is gone:
                notes[note.is_cloze, note.content.get("answer", "")].append(note)
        for name, indexes in cards.items():
            candidates = notes.get(name, [])
            if len(indexes) != 1 or len(candidates) != 1:
                continue
            card, note = self.cards[indexes[0]], candidates[0]
            alone = self.answers[name] <= 1 and self.asked_answers[name] == 1  # type: ignore[index] # the names made above
            if alone or likeness(card.question, note.question) >= LIKELY_SAME_TOPIC:
                self._take(indexes[0], note)

    def _by_likeness(self) -> None:
        homes = self._renamed_files()
        open_cards = [index for index in self.open_cards if self.cards[index].id is None]
        by_place: defaultdict[Hashable, list[int]] = defaultdict(list)
        for index in open_cards:
            card = self.cards[index]
            by_place["file", card.is_cloze, card.file].append(index)
            by_place["deck", card.is_cloze, card.deck].append(index)
        scores: dict[tuple[int, str], float] = {}
        for note in self.open_notes.values():
            if note.gone:
                continue
            file = homes.get(note.file, note.file)
            near = [*by_place["file", note.is_cloze, file], *by_place["deck", note.is_cloze, note.deck]]
            for index in dict.fromkeys(near):
                card = self.cards[index]
                same_answer = bool(card.answer_words) and card.answer == note.content.get("answer")
                score = likeness(card.question, note.question, same_answer=same_answer, same_file=card.file == file)
                scores[index, note.guid] = score
        sure, doubtful = settle(scores)
        notes = dict(self.open_notes)
        for index, guid in sure:
            self._take(index, notes[guid])
        for index, guids in doubtful:
            self.found.doubts.append(Doubt(index, tuple(notes[guid] for guid in guids)))

    def _renamed_files(self) -> dict[str, str]:
        """Where the notes of a file that is no more went, by what was matched with certainty."""
        votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for index, note in self.found.notes.items():
            votes[note.file][self.cards[index].file] += 1
        files = {card.file for card in self.cards}
        return {old: new.most_common(1)[0][0] for old, new in votes.items() if old not in files}


def _pair(cards: Sequence[Asked], indexes: list[int], notes: list[Note]) -> Iterable[tuple[int, Note]]:
    """Cards and notes of one question: equal answers first, then equal decks, then in order."""
    left, right = list(indexes), list(notes)
    tests: tuple[Callable[[Asked, Note], bool], ...] = (
        lambda card, note: card.answer == note.content.get("answer") and card.deck == note.deck,
        lambda card, note: card.answer == note.content.get("answer"),
        lambda card, note: card.deck == note.deck,
        lambda _card, _note: True,
    )
    for fits in tests:
        for index in list(left):
            note = next((note for note in right if fits(cards[index], note)), None)
            if note is not None:
                left.remove(index)
                right.remove(note)
                yield index, note
