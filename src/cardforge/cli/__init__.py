"""The command line: arguments → settings → pipeline → report → exit status."""

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TextIO

import typer

from cardforge import __version__
from cardforge.backends.targets import TARGETS
from cardforge.cli.report import Format, summary, visible, write_findings
from cardforge.cli.streams import (
    ENVIRONMENT_TROUBLE,
    FINDINGS,
    FINE,
    emit,
    prepare,
    read_stdin,
    refuse,
    say,
)
from cardforge.config import load_settings
from cardforge.diagnostics import ENVIRONMENT, Diagnostic, Severity, Sink
from cardforge.model import Kind
from cardforge.pipeline import Product, Reading, Request, read, render, write
from cardforge.pipeline.discover import show_path
from cardforge.pipeline.places import Places, Refusal, places, product_name
from cardforge.pipeline.select import Choice

_EARLIEST = 315_532_800  # 1980: a zip holds no time before it, and ids made from the clock stay above 0
_LATEST = 253_402_300_799  # the end of the year 9999, the last a PDF's date can say


class Colour(StrEnum):
    """When to use colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


Target = StrEnum("Target", [name.upper() for name in TARGETS] + ["ALL"])  # type: ignore[misc] # made from the table


class ListFormat(StrEnum):
    """How ``list`` writes cards."""

    TEXT = "text"
    JSON = "json"


@dataclass(slots=True)
class Manners:
    """The options that stand before or after the verb."""

    dry_run: bool = False
    quiet: bool = False
    verbose: bool = False
    colour: Colour = Colour.AUTO


app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Write questions once, in Markdown; study them in Anki and on paper.",
)

Sources = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SOURCES]...", help="Files or folders; - is standard input. Left out: the project's sources."
    ),
]
Kinds = Annotated[list[Kind] | None, typer.Option("--kind", help="Only cards of this kind (repeatable).")]
Decks = Annotated[list[str] | None, typer.Option("--deck", metavar="NAME", help="Only this deck and those below it.")]
Tags = Annotated[
    list[str] | None, typer.Option("--tag", metavar="TAG", help="Only cards with this tag or one below it.")
]
Output = Annotated[
    str | None,
    typer.Option("--output", "-o", metavar="PATH", help="A file, a folder (DIR/), or - for standard output."),
]
Strict = Annotated[bool, typer.Option("--strict", help="Make warnings errors.")]
How = Annotated[Format, typer.Option("--format", help="How findings are written.")]
DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Do everything but write.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say only what went wrong.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say more: every source and its cards.")]
When = Annotated[Colour | None, typer.Option("--color", help="Colour: auto, always or never.")]


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        emit(f"cardforge {__version__}\n")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
]


@app.callback()
def main(
    context: typer.Context,
    dry_run: DryRun = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    color: When = None,
    version: Version = False,  # noqa: ARG001 - its callback answers
) -> None:
    """Keep the options that may stand before the verb."""
    context.obj = Manners(dry_run, quiet, verbose, color or Colour.AUTO)


def _manners(context: typer.Context, *, dry_run: bool, quiet: bool, verbose: bool, color: Colour | None) -> Manners:
    before: Manners = context.obj
    return Manners(before.dry_run or dry_run, before.quiet or quiet, before.verbose or verbose, color or before.colour)


@app.command()
def build(
    context: typer.Context,
    target: Annotated[Target, typer.Argument(metavar="|".join(Target), help="What to build.")],
    sources: Sources = None,
    output: Output = None,
    kind: Kinds = None,
    deck: Decks = None,
    tag: Tags = None,
    strict: Strict = False,
    format: How = Format.TEXT,  # noqa: A002 - the option's name
    dry_run: DryRun = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    color: When = None,
    version: Version = False,  # noqa: ARG001 - its callback answers
) -> None:
    """Build an Anki package, a PDF, or all of them."""
    manners = _manners(context, dry_run=dry_run, quiet=quiet, verbose=verbose, color=color)
    request, sink = _request(sources, kind, deck, tag, strict=strict)
    where = _places(request, str(target), output)
    reading = read(request, sink)
    products: list[Product] = []
    if not _failed(reading.judge(strict=strict)):
        products = render(reading, request, where)
    ready = not _failed(reading.judge(strict=strict))
    written = ready and not manners.dry_run and write(products, reading, request.cwd)
    found = reading.judge(strict=strict)
    _say_findings(found, reading, format, manners, sys.stderr if output == "-" else sys.stdout)
    if written and output == "-":
        emit(products[0].data)
    if not manners.quiet:
        _say_build(reading, products if written or (ready and manners.dry_run) else [], manners, found, request.cwd)
    raise typer.Exit(_status(found))


@app.command()
def check(
    context: typer.Context,
    sources: Sources = None,
    kind: Kinds = None,
    deck: Decks = None,
    tag: Tags = None,
    strict: Strict = False,
    format: How = Format.TEXT,  # noqa: A002 - the option's name
    dry_run: DryRun = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    color: When = None,
    version: Version = False,  # noqa: ARG001 - the same
) -> None:
    """Read the sources and say what is wrong with them."""
    manners = _manners(context, dry_run=dry_run, quiet=quiet, verbose=verbose, color=color)
    request, sink = _request(sources, kind, deck, tag, strict=strict)
    reading = read(request, sink)
    found = reading.judge(strict=strict)
    _say_findings(found, reading, format, manners, sys.stdout)
    if not manners.quiet:
        cards = sum(1 for _ in reading.collection.cards)
        files = len(reading.collection.decks)
        say(f"{_count(cards, 'card')} in {_count(files, 'file')}, {summary(found) or 'no findings'}.")
    raise typer.Exit(_status(found))


@app.command("list")
def list_cards(
    context: typer.Context,
    sources: Sources = None,
    kind: Kinds = None,
    deck: Decks = None,
    tag: Tags = None,
    strict: Strict = False,
    format: Annotated[ListFormat, typer.Option("--format", help="How cards are written.")] = ListFormat.TEXT,  # noqa: A002 - the option's name
    dry_run: DryRun = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    color: When = None,
    version: Version = False,  # noqa: ARG001 - the same
) -> None:
    """List the cards as the program understood them."""
    from cardforge.cli import listing

    manners = _manners(context, dry_run=dry_run, quiet=quiet, verbose=verbose, color=color)
    request, sink = _request(sources, kind, deck, tag, strict=strict)
    reading = read(request, sink)
    found = reading.judge(strict=strict)
    _say_findings(found, reading, Format.TEXT, manners, sys.stderr)
    write_out = listing.as_json if format is ListFormat.JSON else listing.as_text
    emit(write_out(reading.collection))
    raise typer.Exit(_status(found))


# ---- arguments → request


def _request(
    sources: list[str] | None,
    kinds: list[Kind] | None,
    decks: list[str] | None,
    tags: list[str] | None,
    *,
    strict: bool,
) -> tuple[Request, Sink]:
    """What to do, and the findings about the config, which the run goes on collecting into."""
    cwd = Path.cwd()
    sink = Sink()
    settings = load_settings(cwd, os.environ, sink)
    stdin = read_stdin(sink) if "-" in (sources or ()) else b""
    choice = Choice(tuple(kinds or ()), tuple(decks or ()), tuple(tags or ()))
    return Request(settings, cwd, _clock(), tuple(sources or ()), stdin, choice, strict), sink


def _clock() -> int:
    told = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if not told:
        return int(time.time())
    if not told.isascii() or not told.isdigit() or int(told) > _LATEST:
        refuse(f"SOURCE_DATE_EPOCH is {told!r}; it has to be whole seconds since 1970, before the year 10000.")
    return max(int(told), _EARLIEST)


def _places(request: Request, target: str, output: str | None) -> Places:
    """Where each product goes, or the end of the run where the command makes no sense."""
    cwd, settings = request.cwd, request.settings
    targets = list(TARGETS) if target == "all" else [target]
    name = product_name(request.sources, settings.name, cwd=cwd, root=settings.root)
    found = places(targets, output, name, cwd=cwd, root=settings.root)
    if isinstance(found, Refusal):
        refuse(visible(found.message))
    return found


# ---- result → report


def _failed(found: Sequence[Diagnostic]) -> bool:
    return any(d.severity is Severity.ERROR for d in found)


def _status(found: Sequence[Diagnostic]) -> int:
    errors = [d for d in found if d.severity is Severity.ERROR]
    if not errors:
        return FINE
    return ENVIRONMENT_TROUBLE if any(d.code in ENVIRONMENT for d in errors) else FINDINGS


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _say_findings(found: list[Diagnostic], reading: Reading, how: Format, manners: Manners, machine: TextIO) -> None:
    if manners.quiet and how is Format.TEXT:
        found = [d for d in found if d.severity is Severity.ERROR]
    colour = manners.colour is Colour.ALWAYS or (
        manners.colour is Colour.AUTO and machine.isatty() and not os.environ.get("NO_COLOR")
    )
    emit(write_findings(found, reading.texts, how, colour=colour), machine)


def _say_build(reading: Reading, products: list[Product], manners: Manners, found: list[Diagnostic], cwd: Path) -> None:
    if manners.verbose:
        for deck in reading.collection.decks:
            say(f"{visible(deck.file)}: {_count(sum(1 for _ in deck.cards), 'card')}")
    cards = _count(sum(1 for _ in reading.collection.cards), "card")
    for product in products:
        place = visible(show_path(product.path, cwd)) if product.path else "standard output"
        arrow = "would go to" if manners.dry_run else "→"
        say(f"{product.target}: {cards} {arrow} {place} ({len(product.data):,} bytes)")
    if not products:
        say(f"Nothing was written: {summary(found)}.")
    elif reading.one_off and any(product.target == "anki" for product in products):
        say(
            "These cards belong to no project: a reworded question becomes a new note in Anki. "
            "To make one, put a cardforge.toml (it may be empty) into the folder above them."
        )


def run(arguments: Sequence[str]) -> int:
    """Run the command line on ``arguments``; returns the exit status."""
    prepare()
    try:
        app(list(arguments), prog_name="cardforge", standalone_mode=True)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else FINE
    except OSError as error:
        place = f"{visible(os.fsdecode(error.filename))}: " if error.filename else ""
        say(f"cardforge: {place}{error.strerror or error}.")
        return ENVIRONMENT_TROUBLE
    except ImportError as error:
        name = error.name or "a component"
        say(f"cardforge: {name} is needed and cannot be loaded: {error}. Install it: python -m pip install {name}")
        return ENVIRONMENT_TROUBLE
    return FINE
