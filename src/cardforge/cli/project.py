"""``cardforge new`` and ``cardforge config``: a project to start from, and the settings in force."""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cardforge.cli.options import (
    DryRun,
    Format,
    Ignore,
    ListFormat,
    Quiet,
    Select,
    SourceUrl,
    Verbose,
    Version,
    When,
    manners_of,
)
from cardforge.cli.streams import emit, say

if TYPE_CHECKING:
    from cardforge.config import Plain, Settings

_DEFAULT = "default"
_WIDEST = 60


def new(
    context: typer.Context,
    folder: Annotated[
        str, typer.Argument(metavar="[DIR]", help="The project's folder; made if it is not there.")
    ] = ".",
    dry_run: DryRun = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    color: When = None,
    version: Version = False,  # noqa: ARG001 - its callback answers
) -> None:
    """Write a project to start from, with a card of every shape."""
    from cardforge.cli.excerpt import visible
    from cardforge.cli.session import say_findings, status_of
    from cardforge.diagnostics import Sink
    from cardforge.pipeline.discover import show_path
    from cardforge.pipeline.start import new_namespace, start, template

    manners = manners_of(context, dry_run=dry_run, quiet=quiet, verbose=verbose, color=color)
    cwd, sink = Path.cwd(), Sink()
    root = Path(os.path.normpath(cwd / folder))
    project = template(new_namespace())
    done = start(root, project, cwd, sink, dry=manners.dry_run)
    say_findings(list(sink), None, Format.TEXT, manners, sys.stderr)
    if done and not manners.quiet:
        shown = visible(show_path(root, cwd))
        say(f"{'Would write' if manners.dry_run else 'Wrote'} {len(project)} files into {shown}:")
        for name in project:
            say(f"  {name}")
        say(f"Next: {'' if root == cwd else f'cd {shown}, then '}cardforge build all")
    raise typer.Exit(status_of(list(sink)))


def config(
    context: typer.Context,
    select: Select = None,
    ignore: Ignore = None,
    source_url: SourceUrl = None,
    format: Annotated[ListFormat, typer.Option("--format", help="How settings are written.")] = ListFormat.TEXT,  # noqa: A002 - the option's name
    dry_run: DryRun = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    color: When = None,
    version: Version = False,  # noqa: ARG001 - the same
) -> None:
    """Show the settings in force and where each comes from."""
    from cardforge.cli.session import say_findings, settings_of, status_of
    from cardforge.config import settings_in_force
    from cardforge.diagnostics import Sink

    manners = manners_of(context, dry_run=dry_run, quiet=quiet, verbose=verbose, color=color)
    cwd, sink = Path.cwd(), Sink()
    wishes = (*(select or ()),), (*(ignore or ()),)
    settings = settings_of(cwd, sink, wishes)
    if source_url is not None:
        settings = replace(settings, source_url=source_url, origins={**settings.origins, "source_url": "--source-url"})
    say_findings(list(sink), None, Format.TEXT, manners, sys.stderr)
    rows = [(key, value, settings.origins.get(key, _DEFAULT)) for key, value in settings_in_force(settings)]
    if format is ListFormat.JSON:
        plain = [{"key": key, "value": value, "from": origin} for key, value, origin in rows]
        emit(json.dumps(plain, ensure_ascii=False, indent=2) + "\n")
    else:
        emit("".join(_lines(settings, rows, cwd)))
    raise typer.Exit(status_of(list(sink)))


def _lines(settings: "Settings", rows: "list[tuple[str, Plain, str]]", cwd: Path) -> Iterator[str]:
    from cardforge.cli.excerpt import visible
    from cardforge.pipeline.discover import show_path

    place = "none here: every run stands alone" if settings.root is None else visible(show_path(settings.root, cwd))
    yield f"project  {place}\n\n"
    width = max(len(key) for key, _, _ in rows)
    shown = [visible(json.dumps(value, ensure_ascii=False)) for _, value, _ in rows]
    wide = min(max(map(len, shown)), _WIDEST)
    for (key, _, origin), value in zip(rows, shown, strict=True):
        yield f"{key:<{width}}  {value:<{wide}}  {visible(origin)}\n"
