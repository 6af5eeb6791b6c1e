"""Notes to the bytes of an .apkg: genanki has the schema, note types and decks, this module the rows and the file.

What genanki's own ``Package`` does differently: it leaves its temporary database behind, reads and writes all decks
again for each deck, searches fields at a quadratic cost, gives every note the time of the build, and stores its files
uncompressed with the time of day. Rows come in the order of their ids, which fills the database page by page.
The bytes depend on the notes alone; not on the clock, the time zone or a temporary folder.
"""

import json
import sqlite3
import zipfile
from collections.abc import Mapping
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Final, Self

from cardforge.backends import WorkplaceError
from cardforge.backends.anki.library import genanki
from cardforge.backends.anki.notetypes import MODIFIED, NOTE_TYPES, NoteType, model
from cardforge.backends.anki.shown import in_short_of
from cardforge.identity.record import Record
from cardforge.memory import MUCH, give_back
from cardforge.model import Identity
from cardforge.values import dataclass

RECORD: Final = "cardforge.lock"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say
_UNIX: Final = 3
_LEVEL: Final = 5  # 6 takes a third longer for a fiftieth less
_PAGE: Final = 1 << 14  # bytes: most notes fit a page beside others, which packs better
_PACKED: Final = frozenset({"png", "jpg", "jpeg", "gif", "webp", "mp3", "ogg", "opus", "m4a", "flac"})
_AT_ONCE: Final = 500
_BLOCK: Final = 1 << 20
_COLLECTION: Final = "collection.anki2"
_WAITING: Final = """
    ATTACH '' AS waiting;
    PRAGMA main.cache_size = -512;
    PRAGMA waiting.cache_size = -512;
    CREATE TABLE waiting.notes (id, guid, type, modified, tags, fields);
    CREATE TABLE waiting.cards (id, note, deck, ordinal, modified, due);"""
# Rows of Anki's tables (schema 11), by id. What is the same for all: not sent yet (-1); sort field and checksum, which
# an import makes anew; no flags; new cards, not yet answered.
_ROWS: Final = (
    """INSERT INTO main.notes
    SELECT id, guid, type, modified, -1, tags, fields, '', 0, 0, '' FROM waiting.notes ORDER BY id""",
    """INSERT INTO main.cards
    SELECT id, note, deck, ordinal, modified, -1, 0, 0, due, 0, 0, 0, 0, 0, 0, 0, 0, ''
    FROM waiting.cards ORDER BY id""",
)
_LOWEST_ID: Final = 1 << 32  # hashes add 48 bits: far from 0, which Anki refuses, and all JavaScript can count
_DEFAULT: Final = "default"  # every collection has this deck; by another id it would come in as "Default_"
_DEFAULT_ID: Final = 1


@dataclass(frozen=True, slots=True)
class Note:
    """A note as Anki will have it. ``ordinals`` are its cards' template ordinals, ``due`` its place among new ones.

    ``telling`` is that of :class:`cardforge.backends.Written`.
    """

    kind: NoteType
    identity: Identity
    deck: str
    fields: tuple[str, ...]
    ordinals: tuple[int, ...]
    tags: tuple[str, ...]
    due: int
    telling: bool


class Package:
    """An .apkg while it is made: notes come in the collection's order and leave the memory at once.

    The database is a file in a folder of its own, which is gone with the package.
    ``record`` says what the notes were, for the next build; Anki passes an entry it does not know over.
    """

    def __init__(self, record: Record | None) -> None:
        self._record = record
        self._kinds: set[int] = set()
        self._decks = DeckIds()
        self._notes: list[tuple[int | str, ...]] = []
        self._cards: list[tuple[int, ...]] = []
        self._last: list[Note] = []

    def __enter__(self) -> Self:
        try:
            self._folder = TemporaryDirectory(prefix="cardforge-")
        except OSError as error:
            raise WorkplaceError(error.strerror or str(error)) from error
        self._place = Path(self._folder.name, _COLLECTION)
        self._connection = sqlite3.connect(self._place)
        with ExitStack() as undone:
            undone.push(self.__exit__)
            self._begin()
            undone.pop_all()
        return self

    def _begin(self) -> None:
        """Make the tables: Anki's, without what its import makes anew, and those in which rows wait for their order."""
        cursor = self._connection.cursor()
        cursor.executescript(f"PRAGMA page_size = {_PAGE}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        genanki.Package([]).write_to_db(cursor, 0, iter(()))  # the schema and a collection's row, both constant
        for (index,) in cursor.execute("SELECT name FROM sqlite_master WHERE type = 'index'").fetchall():
            cursor.execute(f"DROP INDEX {index}")
        cursor.executescript(_WAITING)

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._connection.close()
        self._folder.cleanup()
        if isinstance(error, sqlite3.OperationalError):  # the statements are constant: the disk is full, or broken
            raise WorkplaceError(str(error)) from error

    def add(self, note: Note) -> None:
        """Take a note in."""
        identity, deck = note.identity, self._decks.take(note.deck)
        self._kinds.add(note.kind.id)
        told = (identity.note_id, identity.guid, note.kind.id, identity.modified)
        self._notes.append((*told, f" {' '.join(note.tags)} ", "\x1f".join(note.fields)))
        for ordinal in note.ordinals:
            self._cards.append(
                (identity.card_ids[ordinal], identity.note_id, deck, ordinal, identity.modified, note.due)
            )
        if self._record:
            if note.ordinals:
                self._enter(note, self._record)
            else:
                self._last.append(note)
        if len(self._notes) >= _AT_ONCE:
            self._store()

    def _enter(self, note: Note, record: Record) -> None:
        texts = None if note.telling else in_short_of(note.kind.id, note.fields)
        record.add(note.identity.guid, texts)

    def _store(self) -> None:
        self._connection.executemany("INSERT INTO waiting.notes VALUES (?, ?, ?, ?, ?, ?)", self._notes)
        self._connection.executemany("INSERT INTO waiting.cards VALUES (?, ?, ?, ?, ?, ?)", self._cards)
        self._notes.clear()
        self._cards.clear()

    def data(self, descriptions: Mapping[str, str], media: Mapping[str, bytes]) -> bytes:
        """The file's bytes: ``descriptions`` (HTML) by deck name, ``media`` files by name."""
        whole = Path(self._folder.name, "whole")  # in the memory it would stand beside what it is made of
        try:
            self._pack(whole, descriptions, media)
            self._record = None
            if whole.stat().st_size >= MUCH:
                give_back()
            return whole.read_bytes()
        except OSError as error:
            raise WorkplaceError(error.strerror or str(error)) from error

    def _pack(self, whole: Path, descriptions: Mapping[str, str], media: Mapping[str, bytes]) -> None:
        names = sorted(media)
        with zipfile.ZipFile(whole, "w") as archive:
            self._fill(descriptions)
            with self._place.open("rb") as file, archive.open(_entry(_COLLECTION), "w") as entry:
                copyfileobj(file, entry, _BLOCK)
            _add(archive, "media", json.dumps({str(at): name for at, name in enumerate(names)}).encode())
            if self._record:
                for note in sorted(self._last, key=_number):  # as :func:`.shown.notes_in` finds them
                    self._enter(note, self._record)
                with archive.open(_entry(RECORD), "w") as entry:
                    entry.writelines(self._record.parts())
            for at, name in enumerate(names):
                _add(archive, str(at), media[name], packed=name.rpartition(".")[2].lower() in _PACKED)

    def _fill(self, descriptions: Mapping[str, str]) -> None:
        """Put all rows into their tables, by id, and close the database."""
        self._store()
        cursor, decks = self._connection.cursor(), self._decks.ids
        models = {kind.id: model(kind) for kind in NOTE_TYPES if kind.id in self._kinds}
        for column, rows in (
            ("decks", {str(number): _deck(number, name, descriptions) for name, number in decks.items()}),
            ("models", {str(number): each.to_json(MODIFIED, 1) for number, each in models.items()}),
        ):
            _extend(cursor, column, rows)
        for statement in _ROWS:
            cursor.execute(statement)
        self._connection.commit()
        self._connection.close()


def _number(note: Note) -> int:
    return note.identity.note_id


def _add(archive: zipfile.ZipFile, name: str, data: bytes, *, packed: bool = False) -> None:
    archive.writestr(_entry(name, packed=packed), data)


def _entry(name: str, *, packed: bool = False) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.create_system = _UNIX
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    entry._compresslevel = _LEVEL  # type: ignore[attr-defined] # noqa: SLF001 - public only from Python 3.13 on
    return entry


def _extend(cursor: sqlite3.Cursor, column: str, rows: Mapping[str, Any]) -> None:
    ((text,),) = cursor.execute(f"SELECT {column} FROM col")  # noqa: S608 - a name of this module's
    cursor.execute(f"UPDATE col SET {column} = ?", (json.dumps({**json.loads(text), **rows}),))  # noqa: S608 - the same


def _deck(number: int, name: str, descriptions: Mapping[str, str]) -> Any:
    return genanki.Deck(number, name, descriptions.get(name, "")).to_json()


class DeckIds:
    """An id for each deck name, in order of first sight: a hash of the name, the next free number where that is taken.

    Anki knows a deck by its name and forgets the id, which must only be unique in its package.
    """

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self._taken: set[int] = set()

    def take(self, name: str) -> int:
        """The id of a deck."""
        if name not in self.ids:
            number = _DEFAULT_ID if name.casefold() == _DEFAULT else _hashed(name)
            while number in self._taken:
                number += 1
            self._taken.add(number)
            self.ids[name] = number
        return self.ids[name]


def _hashed(name: str) -> int:
    return _LOWEST_ID + int.from_bytes(sha256(name.encode()).digest()[:6])
