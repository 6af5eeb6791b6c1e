"""Notes to the bytes of an .apkg: genanki has the schema, note types and decks, this module the rows and the file.

What genanki's own ``Package`` does differently: it leaves its temporary database behind, reads and writes all decks
again for each deck, searches fields at a quadratic cost, gives every note the time of the build, and stores its files
uncompressed with the time of day. Rows come in the order of their ids, which fills the database page by page.
The bytes depend on the notes alone; not on the clock, the time zone or a temporary folder.
"""

import io
import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import genanki

from cardforge.backends.anki.notetypes import MODIFIED, NOTE_TYPES, NoteType, model
from cardforge.backends.anki.shown import shown
from cardforge.identity.record import Shown
from cardforge.model import Identity

RECORD: Final = "cardforge.lock"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say
_UNIX: Final = 3
_LEVEL: Final = 5  # 6 takes a third longer for a fiftieth less
_PAGE: Final = 1 << 14  # bytes: most notes fit a page beside others, which packs better
_PACKED: Final = frozenset({"png", "jpg", "jpeg", "gif", "webp", "mp3", "ogg", "opus", "m4a", "flac"})
_NOTE: Final = ", ".join("?" * 11)
_CARD: Final = ", ".join("?" * 18)
_LOWEST_ID: Final = 1 << 32  # hashes add 48 bits: far from 0, which Anki refuses, and all JavaScript can count
_DEFAULT: Final = "default"  # every collection has this deck; by another id it would come in as "Default_"
_DEFAULT_ID: Final = 1


@dataclass(frozen=True, slots=True)
class Note:
    """A note as Anki will have it. ``ordinals`` are its cards' template ordinals, ``due`` its place among new ones."""

    kind: NoteType
    identity: Identity
    deck: str
    fields: tuple[str, ...]
    ordinals: tuple[int, ...]
    tags: tuple[str, ...]
    due: int


def pack(
    notes: Sequence[Note],
    descriptions: Mapping[str, str],
    media: Mapping[str, bytes],
    record: Callable[[Sequence[Shown]], bytes] | None = None,
) -> bytes:
    """The .apkg of ``notes``: ``descriptions`` (HTML) by deck name, ``media`` files by name.

    ``record`` says what the notes were, for the next build; Anki passes an entry it does not know over.
    """
    names = sorted(media)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        _add(archive, "collection.anki2", _database(notes, descriptions))
        _add(archive, "media", json.dumps({str(at): name for at, name in enumerate(names)}).encode())
        if record:
            _add(archive, RECORD, record(_shown(notes)))
        for at, name in enumerate(names):
            _add(archive, str(at), media[name], packed=name.rpartition(".")[2].lower() in _PACKED)
    return buffer.getvalue()


def _shown(notes: Sequence[Note]) -> list[Shown]:
    """What the package says of its notes, in the order in which :func:`.shown.notes_in` finds them."""
    ordered = sorted(notes, key=lambda note: (not note.ordinals, note.due if note.ordinals else note.identity.note_id))
    return [
        shown(note.identity.guid, note.identity.note_id, note.identity.modified, note.kind.id, note.fields)
        for note in ordered
    ]


def _add(archive: zipfile.ZipFile, name: str, data: bytes, *, packed: bool = False) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.create_system = _UNIX
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, data, zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED, _LEVEL)


def _database(notes: Sequence[Note], descriptions: Mapping[str, str]) -> bytes:
    decks = deck_ids(note.deck for note in notes)
    used = [kind for kind in NOTE_TYPES if any(note.kind is kind for note in notes)]
    models = {kind.id: model(kind) for kind in used}
    with closing(sqlite3.connect(":memory:")) as connection:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA page_size = {_PAGE}")
        genanki.Package([]).write_to_db(cursor, 0, iter(()))  # the schema and a collection's row, both constant
        for (index,) in cursor.execute("SELECT name FROM sqlite_master WHERE type = 'index'").fetchall():
            cursor.execute(f"DROP INDEX {index}")
        for column, rows in (
            ("decks", {str(number): _deck(number, name, descriptions) for name, number in decks.items()}),
            ("models", {str(number): each.to_json(MODIFIED, 1) for number, each in models.items()}),
        ):
            _extend(cursor, column, rows)
        cursor.executemany(f"INSERT INTO notes VALUES ({_NOTE})", sorted(map(_note_row, notes)))  # noqa: S608 - marks
        cards = sorted(row for note in notes for row in _card_rows(note, decks[note.deck]))
        cursor.executemany(f"INSERT INTO cards VALUES ({_CARD})", cards)  # noqa: S608 - the same
        connection.commit()
        return connection.serialize()


def _note_row(note: Note) -> tuple[int | str, ...]:
    """A row of Anki's table of notes (schema 11); an import makes sort field and checksum anew."""
    identity, unsent, sort, checksum, flags = note.identity, -1, "", 0, 0
    tags = f" {' '.join(note.tags)} "
    told = ("\x1f".join(note.fields), sort, checksum, flags, "")
    return (identity.note_id, identity.guid, note.kind.id, identity.modified, unsent, tags, *told)


def _card_rows(note: Note, deck: int) -> Iterator[tuple[int | str, ...]]:
    """Rows of Anki's table of cards (schema 11): new cards, not yet answered."""
    unsent, kind, queue = -1, 0, 0
    for ordinal in note.ordinals:
        card = (note.identity.card_ids[ordinal], note.identity.note_id, deck, ordinal, note.identity.modified)
        yield (*card, unsent, kind, queue, note.due, *[0] * 8, "")


def _extend(cursor: sqlite3.Cursor, column: str, rows: Mapping[str, Any]) -> None:
    ((text,),) = cursor.execute(f"SELECT {column} FROM col")  # noqa: S608 - a name of this module's
    cursor.execute(f"UPDATE col SET {column} = ?", (json.dumps({**json.loads(text), **rows}),))  # noqa: S608 - the same


def _deck(number: int, name: str, descriptions: Mapping[str, str]) -> Any:
    return genanki.Deck(number, name, descriptions.get(name, "")).to_json()


def deck_ids(names: Iterable[str]) -> dict[str, int]:
    """An id for each deck name, in order of first sight: a hash of the name, the next free number where that is taken.

    Anki knows a deck by its name and forgets the id, which must only be unique in its package.
    """
    ids: dict[str, int] = {}
    taken: set[int] = set()
    for name in dict.fromkeys(names):
        number = _DEFAULT_ID if name.casefold() == _DEFAULT else _hashed(name)
        while number in taken:
            number += 1
        taken.add(number)
        ids[name] = number
    return ids


def _hashed(name: str) -> int:
    return _LOWEST_ID + int.from_bytes(sha256(name.encode()).digest()[:6])
