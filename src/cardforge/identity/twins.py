"""Tells equal cards apart: those of one question and one answer, which matching takes for one another.

Their tags, places and the rest say which note is whose. Where nothing does, an order that the next build finds again:
else it would hand their notes round, and a build without a change would not give the same bytes.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence

from cardforge.identity.lock import Note
from cardforge.identity.matching import Asked
from cardforge.identity.naming import make_guid, name_of
from cardforge.model import Card


def untangled(asked: Sequence[Asked], found: Mapping[int, Note]) -> dict[int, Note]:
    """The notes found, by the card's position; among equal cards each has the note that is like it in all else."""
    notes = dict(found)
    if not notes:
        return notes
    same: defaultdict[Hashable, list[int]] = defaultdict(list)
    for index, card in enumerate(asked):
        if card.id is None:
            same[card.is_cloze, card.key].append(index)
    twins: defaultdict[Hashable, list[int]] = defaultdict(list)
    for index in (index for indexes in same.values() if len(indexes) > 1 for index in indexes):
        twins[asked[index].is_cloze, asked[index].key, asked[index].answer].append(index)
    for indexes in twins.values():
        theirs = [index for index in indexes if index in found and _is_equal(asked[index], found[index])]
        if len(indexes) > 1 and theirs:
            free = sorted((notes.pop(index) for index in theirs), key=lambda note: (note.gone, note.guid))
            notes |= _paired([index for index in indexes if index not in notes], free, asked)
    return notes


def _is_equal(card: Asked, note: Note) -> bool:
    return card.key == note.key and card.answer == note.content.get("answer")


def _paired(indexes: Sequence[int], notes: Sequence[Note], asked: Sequence[Asked]) -> dict[int, Note]:
    """Equal content in the same file and deck first, then elsewhere, then the file and deck alone, then any."""
    content = {index: asked[index].content for index in indexes}
    place = {index: (asked[index].file, asked[index].deck) for index in indexes}
    tests: tuple[Callable[[int, Note], bool], ...] = (
        lambda index, note: content[index] == note.content and place[index] == (note.file, note.deck),
        lambda index, note: content[index] == note.content,
        lambda index, note: place[index] == (note.file, note.deck),
        lambda index, note: place[index][0] == note.file,
        lambda _index, _note: True,
    )
    free, pairs = list(notes), {}
    for fits in tests:
        for index in indexes:
            note = None if index in pairs else next((note for note in free if fits(index, note)), None)
            if note is not None:
                free.remove(note)
                pairs[index] = note
    return pairs


def _by_content(indexes: Sequence[int], notes: Mapping[int, Note]) -> list[list[int]]:
    found: defaultdict[Hashable, list[int]] = defaultdict(list)
    for index in indexes:
        found[tuple(notes[index].content.items())].append(index)
    return list(found.values())


def in_order(cards: Sequence[Card], notes: Mapping[int, Note], namespace: str) -> dict[int, int]:
    """Whose note each card is to have, by position: its own, but where the lock cannot tell cards apart.

    Those have their notes in the order in which their GUIDs were made, then in that of the GUIDs.
    """
    same: defaultdict[Hashable, list[int]] = defaultdict(list)
    for index in range(len(cards)):
        note = notes[index]
        same[note.key, note.is_cloze, note.file, note.deck, note.id].append(index)
    places = {index: index for index in range(len(cards))}
    for indexes in (alike for group in same.values() if len(group) > 1 for alike in _by_content(group, notes)):
        if len(indexes) == 1:
            continue
        name, kind = name_of(cards[indexes[0]]), "cloze" if notes[indexes[0]].is_cloze else "basic"
        ranks = {make_guid(namespace, kind, name, number): number for number in range(len(indexes))}
        ordered = sorted(indexes, key=lambda index: (ranks.get(notes[index].guid, len(ranks)), notes[index].guid))
        places |= dict(zip(indexes, ordered, strict=True))
    return places
