"""What ``cardforge ids`` does: stamps GUIDs into the sources, rebuilds a lost lock, prunes one."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from cardforge.cli.report import visible
from cardforge.cli.session import count
from cardforge.cli.streams import refuse, say
from cardforge.diagnostics import Code, Sink, Span
from cardforge.identity.lock import LockText
from cardforge.pipeline import Request, read
from cardforge.pipeline.discover import show_path
from cardforge.pipeline.lockfile import ledger_in, open_ledger
from cardforge.pipeline.stamp import stamps
from cardforge.pipeline.write import behind, write_all


def rebuild(package: Path, path: Path, request: Request, sink: Sink, *, dry: bool) -> None:
    """Make a lost lock from the record in a package, where there is none."""
    shown = show_path(path, request.cwd)
    if path.exists():
        refuse(f"{visible(shown)} is there: move it away first if it is not the lock you want.")
    notes = ledger_in(package)
    if not notes:
        place = Span(show_path(request.cwd / package, request.cwd))
        message = "No record of notes can be read from this file."
        sink.add(
            Code.BAD_LOCK, place, message, "Name a package as cardforge build anki wrote it, not one Anki exported."
        )
        return
    if dry or write_all({behind(path): LockText(notes.values())}, (), request.cwd, sink):
        say(f"{count(len(notes), 'note')} {'would go' if dry else 'went'} to {visible(shown)}.")


def prune(path: Path, request: Request, sink: Sink, *, dry: bool) -> None:
    """Drop the notes without a card from the lock."""
    shown = show_path(path, request.cwd)
    ledger = open_ledger(path, shown, sink)
    kept = {guid: note for guid, note in ledger.notes.items() if not note.gone}
    gone = len(ledger.notes) - len(kept)
    if sink.has_errors or not gone:
        if not sink.has_errors:
            say("Every note of the lock has a card.")
        return
    if dry or write_all({behind(path): LockText(kept.values())}, (), request.cwd, sink):
        say(f"{count(gone, 'note')} without a card {'would be' if dry else 'were'} dropped from {visible(shown)}.")


def stamp(path: Path, request: Request, sink: Sink, *, dry: bool) -> None:
    """Write every card's GUID into its source."""
    reading = read(replace(request, keeps=True, caches=False, trees=False, lock=path if request.lock else None), sink)
    if sink.has_errors:
        return
    sources, stamped, left = stamps(reading, request)
    notes = {guid: replace(note, id=guid) if guid in stamped else note for guid, note in reading.kept.notes.items()}
    lock = reading.ledger.update(notes)
    files: dict[Path, bytes | Iterable[bytes]] = {**sources}
    if lock is not None:
        files[behind(path)] = lock
    if dry or write_all(files, (), request.cwd, sink):
        guids = "its GUID" if len(stamped) == 1 else "their GUIDs"
        say(f"{'Would stamp' if dry else 'Stamped'} {count(len(stamped), 'card')} with {guids}.")
    for file, cards in groupby(left, key=lambda card: card.head.span.file):
        lines = [card.head.span.line for card in cards]
        which = f"line {lines[0]}" if len(lines) == 1 else f"lines {lines[0]} to {lines[-1]}"
        told = "no place for a comment: identity stays in the lock."
        say(f"{visible(file)}: {count(len(lines), 'card')} ({which}) with {told}")
