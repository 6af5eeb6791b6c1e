"""Cards that are as they were at the last build, as most are in most builds: told at once, before any is matched."""

from collections.abc import Hashable, Mapping, Sequence

from cardforge.identity.lock import Note, one_line
from cardforge.identity.matching import Asked
from cardforge.identity.told import Told
from cardforge.model import Card, Cloze, kind_of


def as_they_were(
    cards: Sequence[Card], told: Sequence[Told], notes: Mapping[str, Note], places: Mapping[str, str]
) -> dict[int, Note]:
    """The notes of the cards that are as their notes say, by position, where no other card could have the note.

    These are cards without an id whose question no other card of today has, and notes that are not gone, have no id
    either, and whose question no other such note has: matching would give the one to the other for that alone.
    ``places`` are those of :func:`.keeping.keep`.
    """
    ids = {one_line(card.head.id) for card in cards if card.head.id is not None}
    known: dict[Hashable, Note | None] = {}
    for note in notes.values():
        if not note.gone:
            name: Hashable = (note.key,) if note.is_cloze else note.key
            known[name] = None if name in known else note
    asked: dict[Hashable, int | None] = {}
    for index, (card, its) in enumerate(zip(cards, told, strict=True)):
        name = (its.key,) if isinstance(card, Cloze) else its.key
        asked[name] = None if name in asked else index
    found: dict[int, Note] = {}
    for name, at in asked.items():
        own = known.get(name)
        if at is None or own is None or own.guid in ids:
            continue
        card, its = cards[at], told[at]
        if card.head.id is None and its.content == own.content and is_same(own, card, its, place_of(card, places)):
            found[at] = own
    return found


def place_of(card: Card, places: Mapping[str, str]) -> str:
    """The file of a card as the lock has it."""
    return one_line(places.get(card.head.span.file, card.head.span.file))


def is_same(note: Note, card: Card, its: Told | Asked, file: str) -> bool:
    """Whether all that a note says of its card beside the content is still so, and it has all its cards."""
    return (
        note.key == its.key
        and note.question == its.question
        and note.answer == its.answer_text
        and note.file == file
        and note.deck == one_line(card.head.deck)
        and note.kind == kind_of(card)
        and note.id == (None if card.head.id is None else one_line(card.head.id))
        and note.tags == card.head.tags
        and note.ordinals == its.ordinals
        and len(note.card_ids) >= card_count(its.ordinals, is_cloze=isinstance(card, Cloze))
    )


def card_count(ordinals: tuple[int, ...], *, is_cloze: bool) -> int:
    """How many cards a note can have: a basic one its forward and reverse, a cloze one a card for each ordinal."""
    return max(ordinals, default=1) if is_cloze else 2
