"""``cardforge diff`` and ``cardforge ids``: what the lock knows, and what the author may do with it."""

from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from cardforge.cli import changes
from cardforge.cli.options import (
    Decks,
    DryRun,
    Kinds,
    ListFormat,
    Lock,
    Quiet,
    Sources,
    Strict,
    Tags,
    Verbose,
    Version,
    When,
    manners_of,
)
from cardforge.cli.report import Format, visible
from cardforge.cli.session import count, failed, request_of, say_findings, status_of
from cardforge.cli.streams import emit, refuse, say
from cardforge.diagnostics import Code, Sink, Span
from cardforge.identity.lock import FILE_NAME, write_lock
from cardforge.pipeline import Request, read
from cardforge.pipeline.discover import show_path
from cardforge.pipeline.lockfile import ledger_in, one_build_at_a_time, open_ledger
from cardforge.pipeline.stamp import stamps
from cardforge.pipeline.write import behind, write_all


def diff(
    context: typer.Context,
    sources: Sources = None,
    kind: Kinds = None,
    deck: Decks = None,
    tag: Tags = None,
    lock: Lock = None,
    strict: Strict = False,
    format: Annotated[ListFormat, typer.Option("--format", help="How changes are written.")] = ListFormat.TEXT,  # noqa: A002 - the option's name
    dry_run: DryRun = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    color: When = None,
    version: Version = False,  # noqa: ARG001 - its callback answers
) -> None:
    """Say what the next build changes."""
    manners = manners_of(context, dry_run=dry_run, quiet=quiet, verbose=verbose, color=color)
    request, sink = request_of(sources, kind, deck, tag, strict=strict, lock=lock)
    reading = read(request, sink)
    found = reading.judge(strict=strict)
    say_findings(found, reading, Format.TEXT, manners, typer.get_text_stream("stderr"))
    if not failed(found):
        if format is ListFormat.JSON:
            emit(changes.as_json(reading.kept, reading.collection))
        else:
            emit(changes.as_text(reading.kept, reading.collection))
    raise typer.Exit(status_of(found))


def ids(
    context: typer.Context,
    sources: Sources = None,
    write: Annotated[bool, typer.Option("--write", help="Stamp every card's GUID into its source.")] = False,
    source: Annotated[
        str | None, typer.Option("--from", metavar="PACKAGE", help="Rebuild a lost lock from a package built before.")
    ] = None,
    prune: Annotated[bool, typer.Option("--prune", help="Drop notes without a card from the lock.")] = False,
    lock: Lock = None,
    dry_run: DryRun = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    color: When = None,
    version: Version = False,  # noqa: ARG001 - its callback answers
) -> None:
    """Stamp GUIDs into the sources, rebuild or prune the lock."""
    manners = manners_of(context, dry_run=dry_run, quiet=quiet, verbose=verbose, color=color)
    if write + prune + (source is not None) != 1:
        refuse("ids needs one of --write, --from PACKAGE and --prune.")
    request, sink = request_of(sources, None, None, None, strict=False, lock=lock)
    path = request.lock or (request.settings.root / FILE_NAME if request.settings.root else None)
    if path is None:
        refuse(
            "There is no project here, so there is no lock: put a cardforge.toml into the folder, or name --lock FILE."
        )
    dry = manners.dry_run
    held = (None, None) if dry else (request.settings.root, request.lock)
    with one_build_at_a_time(*held, sink):
        if sink.has_errors:
            pass  # another build holds the lock, or the settings are broken
        elif source is not None:
            _rebuild(Path(source), path, request, sink, dry=dry)
        elif prune:
            _prune(path, request, sink, dry=dry)
        else:
            _stamp(path, request, sink, dry=dry)
    found = list(sink)
    say_findings(found, None, Format.TEXT, manners, typer.get_text_stream("stderr"))
    raise typer.Exit(status_of(found))


def _rebuild(package: Path, path: Path, request: Request, sink: Sink, *, dry: bool) -> None:
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
    if dry or write_all({behind(path): write_lock(notes.values()).encode()}, (), request.cwd, sink):
        say(f"{count(len(notes), 'note')} {'would go' if dry else 'went'} to {visible(shown)}.")


def _prune(path: Path, request: Request, sink: Sink, *, dry: bool) -> None:
    shown = show_path(path, request.cwd)
    ledger = open_ledger(path, shown, sink)
    kept = {guid: note for guid, note in ledger.notes.items() if not note.gone}
    gone = len(ledger.notes) - len(kept)
    if sink.has_errors or not gone:
        if not sink.has_errors:
            say("Every note of the lock has a card.")
        return
    if dry or write_all({behind(path): write_lock(kept.values()).encode()}, (), request.cwd, sink):
        say(f"{count(gone, 'note')} without a card {'would be' if dry else 'were'} dropped from {visible(shown)}.")


def _stamp(path: Path, request: Request, sink: Sink, *, dry: bool) -> None:
    reading = read(replace(request, keeps=True, lock=path if request.lock else None), sink)
    if sink.has_errors:
        return
    files, stamped, left = stamps(reading, request)
    notes = {guid: replace(note, id=guid) if guid in stamped else note for guid, note in reading.kept.notes.items()}
    text = reading.ledger.update(notes)
    if text is not None:
        files[behind(path)] = text.encode()
    if dry or write_all(files, (), request.cwd, sink):
        guids = "its GUID" if len(stamped) == 1 else "their GUIDs"
        say(f"{'Would stamp' if dry else 'Stamped'} {count(len(stamped), 'card')} with {guids}.")
    for file, cards in groupby(left, key=lambda card: card.head.span.file):
        lines = [card.head.span.line for card in cards]
        which = f"line {lines[0]}" if len(lines) == 1 else f"lines {lines[0]} to {lines[-1]}"
        told = "no place for a comment: identity stays in the lock."
        say(f"{visible(file)}: {count(len(lines), 'card')} ({which}) with {told}")
