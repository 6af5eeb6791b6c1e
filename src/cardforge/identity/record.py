"""The record in a package: what the notes were, without what the package itself says of them. JSON, column by column.

A lock beside the notes would be two fifths of a package, for hashes are packed badly and texts stand there twice. From
the record and the package's notes the same text comes back.
"""

import json
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

from cardforge.identity.content import HASH_LENGTH, digest_of_tags
from cardforge.identity.hashes import Hashes
from cardforge.identity.lock import Note, write_lock
from cardforge.identity.naming import numbers_beside
from cardforge.values import dataclass

_FORMAT: Final = 2
_OWN: Final = ("question", "answer")
"""Hashes that hardly two notes have in common: each has a column."""
_OWN_TWO: Final = re.compile(r" question=([0-9a-f]{16}) answer=([0-9a-f]{16})")
_MOST_CARDS: Final = 1 << 10
"""Cards a note of a stranger's record may have; one of ours has 500 at most."""
_AT_ONCE: Final = 1 << 10
"""Notes whose hashes are joined at once."""
_SHARED: Final = ("file", "deck", "kind", "id", "tags", "ordinals")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a package says of a note: ``question`` and ``answer`` are texts in short, as they are read off fields."""

    guid: str
    note_id: int
    modified: int
    question: str
    answer: str


class Record:
    """A record while it is written: its notes are added in the order of the package."""

    def __init__(self, notes: Mapping[str, Note]) -> None:
        self._notes = notes
        self._order: list[Note] = []
        self._texts: dict[str, list[tuple[int, str]]] = {f"{name} text": [] for name in _OWN}

    def add(self, guid: str, shown: tuple[str, str] | None) -> None:
        """Add a note. ``shown`` is what the package says of its question and answer in short; None: as here."""
        note = self._notes[guid]
        if shown is not None:
            told = (note.question, note.answer.decode())
            for texts, own, seen in zip(self._texts.values(), told, shown, strict=True):
                if own != seen:
                    texts.append((len(self._order), own))
        self._order.append(note)

    def parts(self) -> Iterator[bytes]:
        """The record's bytes, part by part."""
        notes = self._order
        yield f'{{"format":{_FORMAT}'.encode()
        yield _told("key", _joined([note.key for note in notes]))
        asked: list[str | Sequence[str]] = []
        answered: list[str | Sequence[str]] = []
        rest: list[str] = []
        for at in range(0, len(notes), _AT_ONCE):  # as texts of their own hashes take four times the room
            some_asked, some_answered, some_rest = zip(*map(_hashes, notes[at : at + _AT_ONCE]), strict=True)
            asked.append(_joined(some_asked))
            answered.append(_joined(some_answered))
            rest += some_rest
        yield _told("question", _together(asked))
        yield _told("answer", _together(answered))
        yield _told("hashes", _column(rest))
        for name in _SHARED:
            yield _told(name, _column([*map(attrgetter(name), notes)]))
        yield _told("cards", _column([*map(_cards, notes)]))
        for name, texts in self._texts.items():
            yield _told(name, texts)
        yield b"}"


def _told(name: str, value: object) -> bytes:
    return f',"{name}":{json.dumps(value, ensure_ascii=False, separators=(",", ":"))}'.encode()


def _joined(hashes: Sequence[str]) -> str | Sequence[str]:
    """Hashes as one text; one of another length leaves them texts of their own."""
    return "".join(hashes) if {*map(len, hashes)} <= {HASH_LENGTH} else hashes


def _together(parts: Sequence[str | Sequence[str]]) -> str | Sequence[str]:
    """Joined hashes as one text, where all of them could be joined."""
    if all(isinstance(part, str) for part in parts):
        return "".join(map(str, parts))
    return [each for part in parts for each in _parted(part)]


def _column(values: Sequence[Hashable]) -> tuple[list[Hashable], list[int]]:
    """The values that occur, and for each note the position of its own among them."""
    known = {value: at for at, value in enumerate(dict.fromkeys(values))}
    return [*known], [known[value] for value in values]


def read_record(data: bytes, shown: Sequence[Shown]) -> str:
    """The lock of the notes, as a text that is still to be read.

    Raises ValueError, TypeError, LookupError, AttributeError or RecursionError for what is no record of these notes.
    """
    told = json.loads(data)
    if told["format"] != _FORMAT:
        raise ValueError(told["format"])
    texts: dict[str, dict[int, str]] = {name: dict(told[f"{name} text"]) for name in _OWN}
    columns = [_values(told[name]) for name in ("hashes", *_SHARED, "cards")]
    own = [_parted(told[name]) for name in ("key", *_OWN)]
    notes = []
    for at, (note, row) in enumerate(zip(shown, zip(*own, *columns, strict=True), strict=True)):
        key, asked, answered, rest, file, deck, kind, its_id, tags, ordinals, cards = row
        question, answer = texts["question"].get(at, note.question), texts["answer"].get(at, note.answer)
        content = _whole(rest, {"question": asked, "answer": answered}, tuple(tags))
        notes.append(
            Note(
                note.guid,
                note.note_id,
                _card_ids(note, cards),
                note.modified,
                kind,
                deck,
                file,
                question,
                key,
                content,
                its_id,
                tuple(tags),
                tuple(ordinals),
                answer=answer.encode(),
            )
        )
    return write_lock(notes)


def _hashes(note: Note) -> tuple[str, str, str]:
    """The hashes of question and answer, and the others with the names of all, in order."""
    content = note.content if isinstance(note.content, Hashes) else Hashes.of(note.content)
    first, others = content.halves
    own = _OWN_TWO.fullmatch(first)
    if own is None:
        return "", "", _named(f"{first}{others}", note.tags)
    return own[1], own[2], _named_behind(others, note.tags)


def _named(hashes: str, tags: tuple[str, ...]) -> str:
    """Hashes, that of the tags only by its name: it follows from them."""
    return hashes.replace(f" tags={digest_of_tags(tags)}", " tags", 1)[1:]


@lru_cache(maxsize=1 << 12)
def _named_behind(others: str, tags: tuple[str, ...]) -> str:
    return _named(f" question answer{others}", tags)


def _whole(rest: str, own: Mapping[str, str], tags: tuple[str, ...]) -> Hashes:
    known = {**own, "tags": digest_of_tags(tags)}
    pairs = [each.partition("=") for each in rest.split()]
    return Hashes.of({name: value if told else known[name] for name, told, value in pairs})


def _cards(note: Note) -> int | tuple[int, ...]:
    """How many cards a note can have, where their numbers follow from its own; else the numbers."""
    count = len(note.card_ids)
    regular = count <= _MOST_CARDS and note.card_ids == numbers_beside(note.guid, note.note_id, count)
    return count if regular else note.card_ids


def _card_ids(note: Shown, cards: int | Sequence[int]) -> tuple[int, ...]:
    if not isinstance(cards, int):
        return tuple(cards)
    return numbers_beside(note.guid, note.note_id, min(cards, _MOST_CARDS))


def _values(column: Sequence[Any]) -> list[Any]:
    known, places = column
    return [known[place] for place in places]


def _parted(hashes: str | Sequence[str]) -> Sequence[str]:
    if not isinstance(hashes, str):
        return hashes
    return [hashes[at : at + HASH_LENGTH] for at in range(0, len(hashes), HASH_LENGTH)]
