"""``cardforge diff`` and ``cardforge ids``: what the lock knows, and what the author may do with it."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from cardforge.cli.options import (
    Decks,
    DryRun,
    Format,
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
from cardforge.cli.streams import emit, refuse


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
    from cardforge.cli import changes
    from cardforge.cli.progress import progress
    from cardforge.cli.session import failed, request_of, say_findings, status_of
    from cardforge.pipeline import read

    manners = manners_of(context, dry_run=dry_run, quiet=quiet, verbose=verbose, color=color)
    request, sink = request_of(sources, kind, deck, tag, strict=strict, lock=lock)
    with progress(manners) as meter:
        reading = read(replace(request, caches=False, trees=False, tell=meter.files), sink)
    found = reading.judge(strict=strict)
    say_findings(found, reading, Format.TEXT, manners, sys.stderr)
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
    from cardforge.cli import stamping
    from cardforge.cli.session import request_of, say_findings, status_of
    from cardforge.identity.lock import FILE_NAME
    from cardforge.pipeline.lockfile import one_build_at_a_time

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
            stamping.rebuild(Path(source), path, request, sink, dry=dry)
        elif prune:
            stamping.prune(path, request, sink, dry=dry)
        else:
            stamping.stamp(path, request, sink, dry=dry)
    found = list(sink)
    say_findings(found, None, Format.TEXT, manners, sys.stderr)
    raise typer.Exit(status_of(found))
