"""What every verb does around its own work: arguments to a request before, findings to a report and a status after."""

import os
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from cardforge.cli.options import Colour, Format, Manners
from cardforge.cli.report import Frame, summary, visible, write_findings
from cardforge.cli.streams import ENVIRONMENT_TROUBLE, FINDINGS, FINE, emit, read_stdin, refuse, say
from cardforge.config import DEFAULT_NAMESPACE, Settings, load_settings
from cardforge.diagnostics import ENVIRONMENT, Code, Diagnostic, Severity, Sink
from cardforge.model import Kind
from cardforge.printing import FILES, Profile, read_options
from cardforge.profile import Slip, told_by_flags

if TYPE_CHECKING:
    from cardforge.pipeline import Reading, Request
    from cardforge.pipeline.places import Places
    from cardforge.pipeline.render import Product
    from cardforge.pipeline.typefaces import Shelf

_EARLIEST = 315_532_800  # 1980: a zip holds no time before it, and ids made from the clock stay above 0
_LATEST = 253_402_300_799  # the end of the year 9999, the last a PDF's date can say


def request_of(
    sources: list[str] | None,
    kinds: list[Kind] | None,
    decks: list[str] | None,
    tags: list[str] | None,
    *,
    strict: bool,
    lock: str | None = None,
    wishes: tuple[Sequence[str], Sequence[str]] = ((), ()),
) -> "tuple[Request, Sink]":
    """What to do, and the findings about the config, which the run goes on collecting into.

    ``wishes`` are the findings to select and to ignore, as the command line has them.
    """
    from cardforge.pipeline import Request
    from cardforge.pipeline.select import Choice
    from cardforge.pipeline.witnessed import witness_in

    cwd = Path.cwd()
    witness = witness_in(cwd)
    sink = Sink()
    settings = settings_of(cwd, sink, wishes)
    stdin = read_stdin(sink) if "-" in (sources or ()) else b""
    choice = Choice(tuple(kinds or ()), tuple(decks or ()), tuple(tags or ()))
    named = cwd / lock if lock else None
    request = Request(settings, cwd, _clock(), tuple(sources or ()), stdin, choice, strict, lock=named, witness=witness)
    return request, sink


def settings_of(cwd: Path, sink: Sink, wishes: tuple[Sequence[str], Sequence[str]]) -> Settings:
    """The settings in force in a folder, what the command line selects and ignores among them."""
    settings = load_settings(cwd, os.environ, sink)
    profile = told_by_flags(settings.profile, *wishes)
    if isinstance(profile, Slip):
        refuse(visible(f"{profile.message} {profile.hint}"))
    origins = {f"check.{key}": f"--{key}" for key, told in zip(("select", "ignore"), wishes, strict=True) if told}
    return replace(settings, profile=profile, origins={**settings.origins, **origins})


def _clock() -> int:
    told = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if not told:
        return int(time.time())
    if not told.isascii() or not told.isdigit() or int(told) > _LATEST:
        refuse(f"SOURCE_DATE_EPOCH is {told!r}; it has to be whole seconds since 1970, before the year 10000.")
    return max(int(told), _EARLIEST)


def places_of(request: "Request", target: str, output: str | None, *, split: bool = False) -> "Places":
    """Where each product goes, or the end of the run where the command makes no sense."""
    from cardforge.backends.targets import TARGETS
    from cardforge.pipeline.places import Refusal, places, product_name

    cwd, settings = request.cwd, request.settings
    targets = list(TARGETS) if target == "all" else [target]
    name = product_name(request.sources, settings.name, cwd=cwd, root=settings.root)
    found = places(targets, output, name, cwd=cwd, root=settings.root, split=split)
    if isinstance(found, Refusal):
        refuse(visible(found.message))
    return found


def since_of(request: "Request", where: "Places", told: str | None) -> Path | None:
    """The file ``--changed-since`` names, or the end of the run where no PDF is made."""
    if told is None:
        return None
    if "pdf" not in where:
        refuse("--changed-since chooses what is printed: build pdf or all with it.")
    return request.cwd / told


def print_options(settings: Settings, told: Mapping[str, object]) -> Mapping[str, object]:
    """The options of print: those of the command over the project's; the end of the run where one makes no sense."""
    asked = {**settings.pdf, **{key: value for key, value in told.items() if value is not None}}
    for key in FILES:  # a file is named from where its name stands
        above = settings.root if told.get(key) is None else Path.cwd()
        if isinstance(asked.get(key), str) and asked[key] and above:
            asked[key] = os.path.relpath(above / asked[key])

    def wrong(key: str, message: str, hint: str) -> None:
        refuse(visible(f"--{key.replace('_', '-')}: {message} {hint}"))

    read_options(asked, wrong)
    return asked


def shelf_of(request: "Request", told: Mapping[str, object]) -> "Shelf":
    """Where the named fonts are: what the config names counts from its folder, what the command names from here."""
    from cardforge.pipeline.typefaces import Shelf, system_folders

    root = request.settings.root or request.cwd
    text, code = (request.cwd if told.get(key) else root for key in ("font", "code_font"))
    return Shelf(text, code, system_folders(os.environ, sys.platform))


def print_told(asked: Mapping[str, object]) -> list[str]:
    """What whoever prints has to know of what these options of print make."""
    from cardforge.backends.pdf.pages.imposition import edge_of  # here, for most runs print nothing

    options = read_options(asked, lambda *_: None)
    told = []
    if edge := edge_of(options):
        told.append(f"print both sides at actual size, and let the printer turn the sheets about their {edge} edge.")
    if options.profile is Profile.PRESS and not options.icc:
        told.append("without --icc it names no printing condition, so it is no PDF/X-4. Your print shop has a profile.")
    return told


def failed(found: Sequence[Diagnostic]) -> bool:
    """Whether anything found forbids a product."""
    return any(d.severity is Severity.ERROR for d in found)


def status_of(found: Sequence[Diagnostic]) -> int:
    """The exit status that findings ask for."""
    errors = [d for d in found if d.severity is Severity.ERROR]
    if not errors:
        return FINE
    return ENVIRONMENT_TROUBLE if any(d.code in ENVIRONMENT for d in errors) else FINDINGS


def remember(
    request: "Request",
    reading: "Reading",
    status: int,
    products: "Sequence[Product]" = (),
    *,
    written: bool = False,
) -> int:
    """Keep what the run said, to be said again while nothing changes; the exit status, for a verb to end with."""
    from cardforge.cache.record import keep
    from cardforge.pipeline.witnessed import is_settled

    root = request.settings.root
    with suppress(OSError):  # what cannot be looked at again is not kept
        if root is not None and is_settled(request, reading, products, written=written):
            keep(str(request.cwd), str(root), request.witness, status)
    return status


def count(number: int, noun: str) -> str:
    """A number and its noun: "1 card", "2 cards"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def say_findings(
    found: list[Diagnostic], reading: "Reading | None", how: Format, manners: Manners, machine: TextIO
) -> None:
    """Write findings where the format wants them; a quiet run says errors only."""
    if manners.quiet and how is Format.TEXT:
        found = [d for d in found if d.severity is Severity.ERROR]
    colour = manners.colour is Colour.ALWAYS or (
        manners.colour is Colour.AUTO and machine.isatty() and not os.environ.get("NO_COLOR")
    )
    frame = Frame(colour=colour)
    if reading is not None:
        hearing = reading.hearing
        full = frozenset(Code) if manners.verbose else hearing.profile.explicit
        frame = Frame(reading.texts, colour, full, hearing.path_of)
    emit(write_findings(found, how, frame), machine)


def say_build(
    reading: "Reading",
    products: "list[Product] | None",
    manners: Manners,
    found: list[Diagnostic],
    request: "Request",
    printer: list[str],
) -> None:
    """Close a build: what was made, where it is and what became of the notes; ``printer`` is told who prints.

    ``products`` is None where nothing was to be written.
    """
    from cardforge.cli.changes import closing_lines
    from cardforge.pipeline.discover import show_path

    if manners.verbose:
        if request.settings.root and not reading.cached:
            say("The project's cache cannot be used: this run read every file. docs/cache.md says what it needs.")
        for deck in reading.collection.decks:
            say(f"{visible(deck.file)}: {count(sum(1 for _ in deck.cards), 'card')}")
    since = visible(show_path(request.since, request.cwd)) if request.since else ""
    if products is not None and reading.fresh is not None and not reading.fresh:
        say(f"pdf: No card changed since {since}: there is nothing to print, and an earlier PDF stays as it is.")
    for product in products or ():
        if not product.cards:
            continue
        place = visible(show_path(product.path, request.cwd)) if product.path else "standard output"
        arrow = "would go to" if manners.dry_run else "→"
        cards = count(product.cards, "card")
        if product.target == "pdf" and since:
            cards = f"{product.cards:,} of {count(product.among, 'card')}, new or changed since {since},"
        say(f"{product.target}: {cards} {arrow} {place} ({len(product.data):,} bytes)")
        if product.target == "pdf":
            for line in printer:
                say(f"pdf: {line}")
    if products and reading.ledger.path is not None:
        for line in closing_lines(reading.kept):
            say(line)
    if reading.left_out and any(product.cards for product in products or ()):
        chosen = sum(1 for _ in reading.collection.cards)
        say(f"Only {chosen:,} of {chosen + reading.left_out:,} cards were chosen: these products lack the others.")
    settings = request.settings
    if settings.root and settings.namespace == DEFAULT_NAMESPACE and any(p.target == "anki" for p in products or ()):
        say(
            "No namespace is set: an equal question of another author would be the same note in Anki. "
            f'Write namespace = "your-name/course" into {visible(settings.file)}; notes the lock has stay as they are.'
        )
    if products is None:
        say(f"Nothing was written: {summary(found)}.")
    elif reading.one_off and any(product.target == "anki" for product in products):
        say(
            "These cards belong to no project: a reworded question becomes a new note in Anki. "
            "For a project, run cardforge new, or put a cardforge.toml (it may be empty) into the folder above them."
        )
