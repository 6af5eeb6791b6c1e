"""Which cards an earlier print does not have as they are now: for print of what is new and changed alone."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cardforge.diagnostics import Code, Sink, Span
from cardforge.identity import Note
from cardforge.model import Collection
from cardforge.pipeline.lockfile import ledger_in, open_ledger

_UNPRINTED: Final = frozenset({"tags", "type"})
"""Fields of a note that print does not show: its tags, and whether Anki asks it both ways or has it typed."""
_HINT: Final = "Name a cardforge.lock, or a package that cardforge build anki wrote."
_PACKED: Final = b"PK\x03\x04"
"""How a zip begins that holds a file (APPNOTE, 4.3.7)."""


def notes_at(path: Path, shown: str, sink: Sink) -> Mapping[str, Note] | None:
    """The notes of an earlier build by GUID, from its lock or its package; None with a finding about the file."""
    try:
        packed = _begins(path) == _PACKED
    except OSError as error:
        sink.add(Code.UNREADABLE_FILE, Span(shown), f"The file cannot be read: {error.strerror or error}.", _HINT)
        return None
    if packed:
        notes = ledger_in(path)
        if not notes:
            sink.add(Code.BAD_LOCK, Span(shown), "No record of notes can be read from this file.", _HINT)
        return notes or None
    own = Sink()
    notes = dict(open_ledger(path, shown, own).notes)
    for finding in own:
        sink.add(finding.code, finding.span, finding.message, _HINT)
    return None if own.has_errors else notes


def _begins(path: Path) -> bytes:
    """The first bytes of a file. Raises OSError."""
    if path.exists() and not (path.is_file() or path.is_dir()):  # a pipe would wait for a writer for ever
        raise OSError(None, "It is no file")
    with path.open("rb") as file:
        return file.read(len(_PACKED))


def changed_since(before: Mapping[str, Note], collection: Collection, notes: Mapping[str, Note]) -> frozenset[Span]:
    """Where the cards stand that ``before`` does not have, or has with another content in what is printed.

    ``notes`` are those of today. A note that had no card then counts as new.
    """
    found = set()
    for card in collection.cards:
        note = notes[collection.identity(card).guid]
        old = before.get(note.guid)
        if old is None or old.gone or _printed(old) != _printed(note):
            found.add(card.head.span)
    return frozenset(found)


def _printed(note: Note) -> dict[str, str]:
    return {name: value for name, value in note.content.items() if name not in _UNPRINTED}
