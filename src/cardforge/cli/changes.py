"""What the next build changes for someone who has the last one: a build's closing lines, and ``cardforge diff``."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator

from cardforge.cli.listing import card_object
from cardforge.cli.report import visible
from cardforge.identity import Change, Kept, Note
from cardforge.model import Card, Collection

_MOST = 10


def closing_lines(kept: Kept) -> Iterator[str]:
    """What became of the notes, and what a learner has to do by hand."""
    counts = [
        f"{len(kept.new):,} new",
        f"{len(kept.changed):,} changed",
        f"{kept.unchanged:,} unchanged",
        f"{len(kept.removed):,} removed",
    ]
    yield f"notes: {', '.join(counts)}"
    yield from _turned(kept)
    if kept.removed:
        yield "Removed notes stay in Anki. To find them there, search for:"
        yield f"  {search(change.after for change in kept.removed)}"
        yield from (f"  - {visible(change.after.question)}" for change in kept.removed[:_MOST])
        if len(kept.removed) > _MOST:
            yield f"  … and {len(kept.removed) - _MOST:,} more: cardforge diff lists them before a build."
    moves = Counter((change.before.deck, change.after.deck) for change in kept.moved if change.before)
    for (old, new), count in moves.items():
        yield (
            f"{count:,} {'note' if count == 1 else 'notes'} went from the deck {visible(old)} to {visible(new)}. "
            "Anki leaves cards it has where they are:"
        )
        yield f'  search for "deck:{visible(old)}" in its browser and choose Change Deck.'


def _turned(kept: Kept) -> Iterator[str]:
    """Cards that became a cloze, or stopped being one: Anki cannot turn one into the other."""
    # The words are the same then, but not the source: one of the two has the marks of gaps in it.
    gone = {(change.after.question, change.after.is_cloze) for change in kept.removed}
    ids = {(change.after.id, change.after.is_cloze) for change in kept.removed if change.after.id}
    for change in kept.new:
        note = change.after
        if (note.question, not note.is_cloze) in gone or (note.id, not note.is_cloze) in ids:
            turn = "into" if note.is_cloze else "from"
            yield f"“{visible(note.question)}” turned {turn} a cloze: to Anki it is a new note."


def search(notes: Iterable[Note]) -> str:
    """The search of Anki's browser that finds notes by their numeric ids."""
    return "nid:" + ",".join(str(note.note_id) for note in notes)


def as_text(kept: Kept, collection: Collection) -> str:
    """The changes for people: those of the collection's cards, and what was removed."""
    lines: list[str] = []
    shown = {card.head.span for card in collection.cards}
    chosen = [
        (word, [change for change in changes if change.span is None or change.span in shown])
        for word, changes in _kinds(kept)
    ]
    for word, changes in chosen:
        for change in changes:
            place = f"{visible(change.span.file)}:{change.span.line}: " if change.span else ""
            told = ""
            if word == "changed":
                told = f" ({', '.join(change.fields)})"
            elif word == "moved" and change.before:
                told = f" ({visible(change.before.deck)} → {visible(change.after.deck)})"
            lines.append(f"{word:<8} {place}{visible(change.after.question)}{told}")
    lines.append(", ".join(f"{len(changes):,} {word}" for word, changes in chosen))
    return "\n".join(lines) + "\n"


def _kinds(kept: Kept) -> tuple[tuple[str, tuple[Change, ...]], ...]:
    return ("new", kept.new), ("changed", kept.changed), ("moved", kept.moved), ("removed", kept.removed)


def as_json(kept: Kept, collection: Collection) -> str:
    """``{new, changed, moved, removed}``; each an array of objects with the keys of ``list``."""
    cards = {card.head.span: card for card in collection.cards}

    def objects(changes: Iterable[Change]) -> Iterator[tuple[Change, Card]]:
        return ((change, cards[change.span]) for change in changes if change.span in cards)

    plain = {
        "new": [card_object(card, collection) for _, card in objects(kept.new)],
        "changed": [card_object(card, collection) | {"fields": list(c.fields)} for c, card in objects(kept.changed)],
        "moved": [
            card_object(card, collection) | {"from": c.before.deck if c.before else None}
            for c, card in objects(kept.moved)
        ],
        "removed": [_removed(change.after) for change in kept.removed],
    }
    return json.dumps(plain, ensure_ascii=False, indent=2) + "\n"


def _removed(note: Note) -> dict[str, object]:
    """What the lock knows of a note that has no card."""
    return {
        "guid": note.guid,
        "id": note.id,
        "kind": note.kind,
        "deck": note.deck,
        "section": None,
        "tags": None,
        "question": note.question,
        "answer": None,
        "file": note.file,
        "line": None,
    }
