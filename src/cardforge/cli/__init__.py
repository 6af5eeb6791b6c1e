"""The command line: arguments → settings → pipeline → report → exit status."""

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import typer

from cardforge.cache.record import start
from cardforge.cli import identity, project
from cardforge.cli.options import (
    Accent,
    Assets,
    BackOffset,
    Bleed,
    Calibrate,
    ChangedSince,
    Colour,
    CornerMark,
    Decks,
    DryRun,
    Flip,
    Font,
    Format,
    Fragment,
    Gutter,
    How,
    Hyphenate,
    Icc,
    Ignore,
    Kinds,
    LargePrint,
    Layout,
    ListFormat,
    Lock,
    Locked,
    Manners,
    Marks,
    Orientation,
    Output,
    PrintProfile,
    Quiet,
    Select,
    Sheet,
    Sides,
    Size,
    Sources,
    SourceUrl,
    Split,
    Strict,
    Tags,
    Target,
    Verbose,
    Version,
    When,
    fonts_told,
    manners_of,
)
from cardforge.cli.streams import ENVIRONMENT_TROUBLE, FINE, emit, prepare, refuse, say
from cardforge.interruption import until_interrupted

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Write questions once, in Markdown; study them in Anki, on paper and in a browser.",
)


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


@app.command()
def build(
    context: typer.Context,
    target: Annotated[Target, typer.Argument(metavar="|".join(Target), help="What to build.")],
    sources: Sources = None,
    output: Output = None,
    kind: Kinds = None,
    deck: Decks = None,
    tag: Tags = None,
    split: Split = False,
    fragment: Fragment = False,
    assets: Assets = None,
    source_url: SourceUrl = None,
    layout: Layout = None,
    size: Size = None,
    orientation: Orientation = None,
    sides: Sides = None,
    flip: Flip = None,
    sheet: Sheet = None,
    gutter: Gutter = None,
    back_offset: BackOffset = None,
    marks: Marks = None,
    large_print: LargePrint = None,
    profile: PrintProfile = None,
    icc: Icc = None,
    bleed: Bleed = None,
    accent: Accent = None,
    corner_mark: CornerMark = None,
    calibrate: Calibrate = False,
    changed_since: ChangedSince = None,
    font: Font = None,
    hyphenate: Hyphenate = None,
    lock: Lock = None,
    locked: Locked = False,
    strict: Strict = False,
    select: Select = None,
    ignore: Ignore = None,
    format: How = Format.TEXT,  # noqa: A002 - the option's name
    dry_run: DryRun = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    color: When = None,
    version: Version = False,  # noqa: ARG001 - its callback answers
) -> None:
    """Build an Anki package, a PDF, a practice page, or all."""
    from cardforge.cli import calibrating
    from cardforge.cli.progress import progress
    from cardforge.cli.session import (
        failed,
        places_of,
        print_options,
        print_told,
        remember,
        request_of,
        say_build,
        say_findings,
        shelf_of,
        since_of,
        status_of,
    )
    from cardforge.pipeline import read, write_products
    from cardforge.pipeline.lockfile import one_build_at_a_time
    from cardforge.pipeline.render import Order, Page, Product, render

    manners = manners_of(context, dry_run=dry_run, quiet=quiet, verbose=verbose, color=color)
    wishes = (*(select or ()),), (*(ignore or ()),)
    request, sink = request_of(sources, kind, deck, tag, strict=strict, lock=lock, wishes=wishes)
    told: dict[str, object] = {
        "layout": layout,
        "size": size,
        "orientation": orientation,
        "sides": sides,
        "flip": flip,
        "sheet": sheet,
    }
    told |= {"gutter": gutter, "back_offset": back_offset, "marks": marks, "large_print": large_print}
    told |= {"profile": profile, "icc": icc, "bleed": bleed, "accent": accent, "corner_mark": corner_mark}
    told |= {"hyphenate": hyphenate, **fonts_told(font)}
    if calibrate:
        if target != "pdf" or sources or kind or deck or tag or split or changed_since is not None:
            refuse("--calibrate measures a printer and shows no cards: build pdf with it, and choose none.")
        raise typer.Exit(calibrating.write_calibration(request, sink, told, output, format, manners))
    where = places_of(request, str(target), output, split=split)
    keeps = "anki" in where
    since = since_of(request, where, changed_since)
    previous = None if split else where.get("anki")
    request = replace(request, keeps=keeps, locked=locked, previous=previous, since=since, trees=set(where) != {"anki"})
    page = Page(fragment, request.cwd / assets if assets else None, source_url or request.settings.source_url)
    asked = print_options(request.settings, told)
    order = Order(where, request.clock, split, page, asked, shelf=shelf_of(request, told))
    # What print takes from outside of the project is not compared: such a run is never told again unrun.
    request.witness.spoilt |= bool(since or any(order.print.get(key) for key in ("icc", "font", "code_font")))
    held = (request.settings.root, request.lock) if keeps and not (manners.dry_run or locked) else (None, None)
    with one_build_at_a_time(*held, sink), progress(manners) as meter:
        reading = read(replace(request, tell=meter.files), sink)
        products: list[Product] = []
        if not failed(reading.judge(strict=strict)):
            meter.line(f"building: {', '.join(where)}")
            order = replace(order, written=reading.written, only=reading.fresh)
            products = render(reading.collection, reading.notes, order, sink)
        ready = not failed(reading.judge(strict=strict))
        written = ready and not manners.dry_run and write_products(products, reading, request)
    found = reading.judge(strict=strict)
    say_findings(found, reading, format, manners, sys.stderr if output == "-" else sys.stdout)
    if written and output == "-":
        emit(b"".join(product.data for product in products))
    if not manners.quiet:
        done = products if written or (ready and manners.dry_run) else None
        say_build(reading, done, manners, found, request, print_told(order.print))
    raise typer.Exit(remember(request, reading, status_of(found), products, written=written))


@app.command()
def check(
    context: typer.Context,
    sources: Sources = None,
    kind: Kinds = None,
    deck: Decks = None,
    tag: Tags = None,
    strict: Strict = False,
    select: Select = None,
    ignore: Ignore = None,
    format: How = Format.TEXT,  # noqa: A002 - the option's name
    dry_run: DryRun = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    color: When = None,
    version: Version = False,  # noqa: ARG001 - the same
) -> None:
    """Read the sources and say what is wrong with them."""
    from cardforge.cli.progress import progress
    from cardforge.cli.report import summary
    from cardforge.cli.session import count, remember, request_of, say_findings, status_of
    from cardforge.pipeline import read

    manners = manners_of(context, dry_run=dry_run, quiet=quiet, verbose=verbose, color=color)
    wishes = (*(select or ()),), (*(ignore or ()),)
    request, sink = request_of(sources, kind, deck, tag, strict=strict, wishes=wishes)
    with progress(manners) as meter:
        reading = read(replace(request, thorough=True, trees=False, tell=meter.files), sink)
    found = reading.judge(strict=strict)
    say_findings(found, reading, format, manners, sys.stdout)
    if not manners.quiet:
        cards = sum(1 for _ in reading.collection.cards)
        files = len(reading.collection.decks)
        where = f"{count(cards, 'card')} in {count(files, 'file')}" if cards else "No cards"
        say(f"{where}, {summary(found) or 'no findings'}.")
    raise typer.Exit(remember(request, reading, status_of(found)))


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
    from cardforge.cli.progress import progress
    from cardforge.cli.session import remember, request_of, say_findings, status_of
    from cardforge.pipeline import read

    manners = manners_of(context, dry_run=dry_run, quiet=quiet, verbose=verbose, color=color)
    request, sink = request_of(sources, kind, deck, tag, strict=strict)
    with progress(manners) as meter:
        reading = read(replace(request, tell=meter.files), sink)
    found = reading.judge(strict=strict)
    say_findings(found, reading, Format.TEXT, manners, sys.stderr)
    write_out = listing.as_json if format is ListFormat.JSON else listing.as_text
    emit(write_out(reading.collection))
    raise typer.Exit(remember(request, reading, status_of(found)))


app.command()(identity.diff)
app.command()(identity.ids)
app.command()(project.new)
app.command("config")(project.config)


def run(arguments: Sequence[str]) -> int:
    """Run the command line on ``arguments``; returns the exit status."""
    start(arguments)
    prepare()
    return until_interrupted(lambda: _run(arguments))


def _run(arguments: Sequence[str]) -> int:
    try:
        app(list(arguments), prog_name="cardforge", standalone_mode=True)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else FINE
    except OSError as error:
        from cardforge.cli.excerpt import visible

        place = f"{visible(os.fsdecode(error.filename))}: " if error.filename else ""
        say(f"cardforge: {place}{error.strerror or error}.")
        return ENVIRONMENT_TROUBLE
    except ImportError as error:
        name = error.name or "a component"
        say(f"cardforge: {name} is needed and cannot be loaded: {error}. Install it: python -m pip install {name}")
        return ENVIRONMENT_TROUBLE
    return FINE
