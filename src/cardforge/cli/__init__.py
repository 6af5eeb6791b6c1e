"""The command line: arguments → settings → pipeline → report → exit status."""

import os
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from cardforge import __version__
from cardforge.backends.targets import TARGETS
from cardforge.cli.report import Format, summary, visible, write_findings
from cardforge.config import load_settings
from cardforge.diagnostics import ENVIRONMENT, Diagnostic, Severity, Sink
from cardforge.model import Kind
from cardforge.pipeline import Product, Reading, Request, product_name, read, render, write
from cardforge.pipeline.select import Choice

FINE, FINDINGS, USAGE, ENVIRONMENT_TROUBLE = 0, 1, 2, 3


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
        typer.echo(f"cardforge {__version__}")
        raise typer.Exit


@app.callback()
def main(
    context: typer.Context,
    dry_run: DryRun = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    color: When = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Keep the options that may stand before the verb."""
    del version
    context.obj = Manners(dry_run, quiet, verbose, color or Colour.AUTO)


def _manners(context: typer.Context, *, dry_run: bool, quiet: bool, verbose: bool, color: Colour | None) -> Manners:
    before: Manners = context.obj
    return Manners(before.dry_run or dry_run, before.quiet or quiet, before.verbose or verbose, color or before.colour)


@app.command()
def build(
    context: typer.Context,
    target: Annotated[Target, typer.Argument(help="What to build.")],
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
) -> None:
    """Build a target from the sources: an Anki package, a PDF, or all of them."""
    manners = _manners(context, dry_run=dry_run, quiet=quiet, verbose=verbose, color=color)
    request, sink = _request(sources, kind, deck, tag, strict=strict)
    places = _places(request, str(target), output)
    machine = sys.stderr if output == "-" else sys.stdout
    reading = read(request, sink)
    products: list[Product] = []
    if not _failed(reading.judge(strict=strict)):
        products = render(reading, request, places)
    ready = not _failed(reading.judge(strict=strict))
    written = ready and not manners.dry_run and write(products, request.cwd, sink)
    found = reading.judge(strict=strict)
    _say_findings(found, reading, format, manners, machine)
    if written and output == "-":
        sys.stdout.buffer.write(products[0].data)
        sys.stdout.buffer.flush()
    if not manners.quiet:
        _say_build(reading, products if ready else [], manners, request.cwd, written=written)
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
) -> None:
    """Read the sources and say what is wrong with them."""
    manners = _manners(context, dry_run=dry_run, quiet=quiet, verbose=verbose, color=color)
    request, sink = _request(sources, kind, deck, tag, strict=strict)
    reading = read(request, sink)
    found = reading.judge(strict=strict)
    _say_findings(found, reading, format, manners, sys.stdout)
    if not manners.quiet:
        cards = sum(1 for _ in reading.collection.cards)
        _say(f"{_count(cards, 'card')} in {_count(len(reading.texts), 'file')}: {summary(found) or 'nothing to say'}.")
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
) -> None:
    """List the cards as the program understood them."""
    from cardforge.cli import listing

    manners = _manners(context, dry_run=dry_run, quiet=quiet, verbose=verbose, color=color)
    request, sink = _request(sources, kind, deck, tag, strict=strict)
    reading = read(request, sink)
    found = reading.judge(strict=strict)
    _say_findings(found, reading, Format.TEXT, manners, sys.stderr)
    write_out = listing.as_json if format is ListFormat.JSON else listing.as_text
    sys.stdout.write(write_out(reading.collection))
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
    stdin = sys.stdin.buffer.read() if "-" in (sources or ()) else b""
    choice = Choice(tuple(kinds or ()), tuple(decks or ()), tuple(tags or ()))
    return Request(settings, cwd, _clock(), tuple(sources or ()), stdin, choice, strict), sink


def _clock() -> int:
    told = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if not told:
        return int(time.time())
    if not told.isascii() or not told.isdigit() or not 0 < int(told) < 1 << 40:
        _usage(f"SOURCE_DATE_EPOCH is {told!r}; it has to be whole seconds since 1970.")
    return int(told)


def _places(request: Request, target: str, output: str | None) -> dict[str, Path | None]:
    """Where each product goes; None is standard output."""
    targets = list(TARGETS) if target == "all" else [target]
    name = product_name(request)
    if output == "-":
        if len(targets) > 1:
            _usage("build all makes several products: -o needs a folder.")
        return {targets[0]: None}
    if output is None:
        folder = (request.settings.root or request.cwd) / "build"
    elif output.endswith(("/", os.sep)) or Path(output).is_dir():
        folder = request.cwd / output
    elif len(targets) > 1:
        _usage(f"build all makes several products: write -o {output}/ for a folder.")
    else:
        return {targets[0]: _harmless(request.cwd / output)}
    return {each: _harmless(folder / f"{name}.{TARGETS[each].ending}") for each in targets}


def _harmless(path: Path) -> Path:
    """Refuse the names that make Anki replace a whole collection instead of importing a package."""
    lowered = path.name.lower()
    if lowered == "collection.apkg" or (lowered.startswith("backup-") and lowered.endswith(".apkg")):
        _usage(f"Anki takes {path.name} for a backup and would replace the whole collection: choose another name.")
    return path


def _usage(message: str) -> NoReturn:
    _say(f"cardforge: {message}")
    raise typer.Exit(USAGE)


# ---- result → report


def _failed(found: Sequence[Diagnostic]) -> bool:
    return any(d.severity is Severity.ERROR for d in found)


def _status(found: Sequence[Diagnostic]) -> int:
    errors = [d for d in found if d.severity is Severity.ERROR]
    if not errors:
        return FINE
    return ENVIRONMENT_TROUBLE if any(d.code in ENVIRONMENT for d in errors) else FINDINGS


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _say_findings(found: list[Diagnostic], reading: Reading, how: Format, manners: Manners, machine: Any) -> None:
    if manners.quiet:
        found = [d for d in found if d.severity is Severity.ERROR]
    stream = sys.stderr if how is Format.TEXT and machine is not sys.stdout else machine
    colour = manners.colour is Colour.ALWAYS or (
        manners.colour is Colour.AUTO and stream.isatty() and "NO_COLOR" not in os.environ
    )
    stream.write(write_findings(found, reading.texts, how, colour=colour))
    stream.flush()


def _say_build(reading: Reading, products: list[Product], manners: Manners, cwd: Path, *, written: bool) -> None:
    from cardforge.pipeline.discover import show_path

    if manners.verbose:
        for deck in reading.collection.decks:
            _say(f"{visible(deck.file)}: {_count(sum(1 for _ in deck.cards), 'card')}")
    for product in products:
        cards = sum(1 for _ in reading.collection.cards)
        place = show_path(product.path, cwd) if product.path else "standard output"
        verb = "→" if written else "would go to"
        _say(f"{product.target}: {_count(cards, 'card')} {verb} {visible(place)} ({len(product.data):,} bytes)")
    if not products:
        _say(f"Nothing was written: {summary(reading.judge(strict=False)) or 'no card'}.")
    elif reading.one_off:
        _say("No project here: a reworded question becomes a new note. A cardforge.toml beside the cards keeps more.")


def run(arguments: Sequence[str]) -> int:
    """Run the command line on ``arguments``; returns the exit status."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr] # text streams
    try:
        app(list(arguments), prog_name="cardforge", standalone_mode=True)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else FINE
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    return FINE
