"""An order of equal cards, those that the lock cannot tell apart, that the next build finds again.

Else it would hand their notes round, and a build without a change would not give the same bytes.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence

from cardforge.identity.lock import Note
from cardforge.identity.naming import make_guid, name_of
from cardforge.model import Card


def in_order(cards: Sequence[Card], notes: Sequence[Note], namespace: str) -> dict[int, int]:
    """Whose note a card is to have instead of its own, by position: only where the lock cannot tell cards apart.

    Those have their notes in the order in which their GUIDs were made, then in that of the GUIDs.
    """
    asked = Counter(note.key for note in notes)
    same: defaultdict[Hashable, list[int]] = defaultdict(list)
    for index, note in enumerate(notes):
        if asked[note.key] > 1:
            same[note.key, note.is_cloze, note.file, note.deck, note.id].append(index)
    places: dict[int, int] = {}
    for indexes in (alike for group in same.values() if len(group) > 1 for alike in _by_content(group, notes)):
        if len(indexes) == 1:
            continue
        name, kind = name_of(cards[indexes[0]]), "cloze" if notes[indexes[0]].is_cloze else "basic"
        ranks = {make_guid(namespace, kind, name, number): number for number in range(len(indexes))}
        ordered = sorted(indexes, key=lambda index: (ranks.get(notes[index].guid, len(ranks)), notes[index].guid))
        places |= dict(zip(indexes, ordered, strict=True))
    return places


def _by_content(indexes: Sequence[int], notes: Sequence[Note]) -> list[list[int]]:
    found: defaultdict[Hashable, list[int]] = defaultdict(list)
    for index in indexes:
        found[tuple(notes[index].content.items())].append(index)
    return list(found.values())
