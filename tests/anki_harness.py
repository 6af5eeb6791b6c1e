"""The real Anki, without a screen: import a package, study, edit, look, run Anki's own checks.

Needs the package ``anki`` (see the ``need`` fixture); it is loaded when the first collection is opened.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

Update = Literal["if_newer", "always", "never"]
_UPDATES: Final[dict[Update, int]] = {"if_newer": 0, "always": 1, "never": 2}
_GOOD: Final = 2  # of again, hard, good, easy


@dataclass(frozen=True, slots=True)
class Log:
    """How many notes of a package met which fate; the words are Anki's."""

    new: int
    updated: int
    duplicate: int
    conflicting: int


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note in the collection."""

    id: int
    note_type: str
    modified: int
    tags: tuple[str, ...]
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class CardView:
    """A card in the collection, with both sides as Anki hands them to its reviewer."""

    id: int
    ordinal: int
    deck: str
    due: int
    interval: int
    reviews: int
    question: str
    answer: str


class Anki:
    """An open collection."""

    def __init__(self, folder: Path) -> None:
        from anki.collection import Collection

        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.col: Any = Collection(str(folder / "collection.anki2"))

    def read(self, package: bytes, *, update: Update = "if_newer", merge: bool = False) -> Log:
        """Import a package as the desktop's dialog does unless told otherwise; raises Anki's error if it refuses."""
        from anki.collection import ImportAnkiPackageRequest
        from anki.import_export_pb2 import ImportAnkiPackageOptions

        path = self.folder / "import.apkg"
        path.write_bytes(package)
        options: Any = ImportAnkiPackageOptions(
            update_notes=_UPDATES[update],  # type: ignore[arg-type] # an enum's number
            update_notetypes=_UPDATES["if_newer"],  # type: ignore[arg-type] # an enum's number
            merge_notetypes=merge,
        )
        try:
            log = self.col.import_anki_package(ImportAnkiPackageRequest(package_path=str(path), options=options)).log
        finally:
            self.col.models._clear_cache()  # noqa: SLF001 - Anki's Python side keeps note types across imports
        return Log(len(log.new), len(log.updated), len(log.duplicate), len(log.conflicting))

    # ---- acting like a person

    def edit(self, guid: str, *, modified: int | None = None, **fields: str) -> None:
        """Change fields as in the browser; ``modified`` then says when that was."""
        note = self.col.get_note(self._id(guid))
        for name, text in fields.items():
            note[name] = text
        self.col.update_note(note)
        if modified is not None:
            self.col.db.execute("update notes set mod = ? where id = ?", modified, note.id)

    def answer(self, guid: str, ordinal: int = 0) -> CardView:
        """Answer a card with "good"; the card afterwards."""
        card = self.col.get_card(self._card_ids(guid)[ordinal])
        card.start_timer()
        states = self.col._backend.get_scheduling_states(card.id)  # noqa: SLF001 - what the desktop's reviewer calls
        self.col.sched.answer_card(self.col.sched.build_answer(card=card, states=states, rating=_GOOD))
        return self.cards(guid)[ordinal]

    # ---- looking

    def guids(self) -> list[str]:
        """All notes' GUIDs in the order of the notes' ids."""
        return list(self.col.db.list("select guid from notes order by id"))

    def note(self, guid: str) -> NoteView:
        """A note by its GUID."""
        note = self.col.get_note(self._id(guid))
        return NoteView(note.id, note.note_type()["name"], note.mod, tuple(note.tags), dict(note.items()))

    def cards(self, guid: str) -> dict[int, CardView]:
        """A note's cards by ordinal."""
        return {ordinal: self._card(card) for ordinal, card in self._card_ids(guid).items()}

    def note_types(self) -> dict[str, Any]:
        """The note types by name, as Anki describes them."""
        return {each["name"]: each for each in self.col.models.all()}

    def decks(self) -> dict[str, str]:
        """The decks' descriptions by name, but for the default deck Anki brings."""
        return {deck["name"]: deck["desc"] for deck in self.col.decks.all() if deck["id"] != 1}

    def media(self) -> dict[str, bytes]:
        """The media folder's files by name."""
        return {path.name: path.read_bytes() for path in sorted(Path(self.col.media.dir()).iterdir())}

    def problems(self) -> list[str]:
        """What Anki's Empty Cards, Check Media and Check Database complain of. Call last: the last one mends."""
        media = self.col.media.check()
        found = [f"missing media: {name}" for name in media.missing]
        found += [f"unused media: {name}" for name in media.unused]
        found += [f"empty cards: note {each.note_id}" for each in self.col.get_empty_cards().notes]
        try:
            said, fine = self.col.fix_integrity()
        except BaseException as panic:  # Anki's Rust side panics with a BaseException of its own
            if type(panic).__name__ != "PanicException":
                raise
            said, fine = f"panic: {panic}", False
        # An answer given on the edge of a second leaves its time to be filled in: Anki's affair, not a package's.
        told = said.splitlines()
        only_times = len(told) == 2 and told[0].startswith("Added last review time")
        return found if fine or only_times else [*found, f"database: {said}"]

    def _id(self, guid: str) -> int:
        ids = self.col.db.list("select id from notes where guid = ?", guid)
        assert len(ids) == 1, f"{len(ids)} notes have the GUID {guid}"
        return int(ids[0])

    def _card_ids(self, guid: str) -> dict[int, int]:
        return dict(self.col.db.all("select ord, id from cards where nid = ? order by ord", self._id(guid)))

    def _card(self, number: int) -> CardView:
        card = self.col.get_card(number)
        shown = card.render_output(reload=True)
        deck = self.col.decks.name(card.did)
        return CardView(card.id, card.ord, deck, card.due, card.ivl, card.reps, shown.question_text, shown.answer_text)


@contextmanager
def opened(folder: Path) -> Iterator[Anki]:
    """A collection of its own in ``folder``, removed afterwards."""
    anki = Anki(folder)
    try:
        yield anki
    finally:
        anki.col.close()
        shutil.rmtree(folder)
