"""discover → read → identify → check → select → render → write. Returns a result, prints nothing."""

import dataclasses
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cardforge.backends import Context
from cardforge.backends.targets import TARGETS
from cardforge.checks import check
from cardforge.config import DEFAULT_NAMESPACE, Settings
from cardforge.diagnostics import Code, Diagnostic, Severity, Sink, Span
from cardforge.identity import assign
from cardforge.model import Collection, Deck, Identity, Media
from cardforge.pipeline.discover import ENDINGS, Source, discover, discover_own, read_text
from cardforge.pipeline.media import Finder
from cardforge.pipeline.select import Choice, select
from cardforge.pipeline.write import write_all
from cardforge.reader import Defaults, read_deck
from cardforge.source import Vocabulary

_WHAT_A_CARD_IS = (
    "A card is a question followed by a fold labelled “Show answer”, or a Q: line with an A: line; see the README."
)


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is asked to do. ``sources`` as on the command line; empty means the project's."""

    settings: Settings
    cwd: Path
    clock: int
    sources: tuple[str, ...] = ()
    stdin: bytes = b""
    choice: Choice = field(default_factory=Choice)
    strict: bool = False


@dataclass(slots=True)
class Reading:
    """What was read: the chosen collection, the findings and the texts they point into, by file.

    ``files`` are those a product must not take the place of. ``one_off`` says that some source belongs to no project,
    so that no identity is kept for it.
    """

    collection: Collection
    sink: Sink
    texts: dict[str, str]
    files: tuple[Path, ...]
    one_off: bool

    def judge(self, *, strict: bool) -> list[Diagnostic]:
        """The findings, file by file in the order of their places, warnings as errors when ``strict``."""
        files = {file: at for at, file in enumerate(dict.fromkeys(d.span.file for d in self.sink))}
        found = sorted(self.sink, key=lambda d: (files[d.span.file], d.span.line, d.span.column))
        if not strict:
            return found
        warning = Severity.WARNING
        return [dataclasses.replace(d, severity=Severity.ERROR) if d.severity is warning else d for d in found]


@dataclass(frozen=True, slots=True)
class Product:
    """A product of a build: the target, its bytes and where it belongs (None: standard output)."""

    target: str
    data: bytes
    path: Path | None


def read(request: Request, sink: Sink) -> Reading:
    """Read and check the sources, and give every card its identity."""
    settings, cwd = request.settings, request.cwd
    texts: dict[str, str] = {}
    own = discover_own(settings.sources, settings.root, cwd, Sink() if request.sources else sink)
    chosen = discover(request.sources, cwd, settings.root, cwd, sink) if request.sources else own
    wanted = {source.shown for source in chosen}
    inside = {source.shown: source for source in (*own, *chosen) if source.in_project}
    decks: dict[str, Deck] = {}
    for source in sorted({**inside, **{s.shown: s for s in chosen}}.values(), key=lambda s: s.order):
        told = sink if source.shown in wanted else Sink()
        text = read_text(source, request.stdin, texts, told)
        if text is not None:
            decks[source.shown] = _read_one(source, text, settings, told)
    identities = _identify(decks, inside, settings, request.clock, sink)
    _report_empty(chosen, decks, sink)
    check((decks[shown] for shown in decks if shown in wanted), sink)
    kept = select((decks[source.shown] for source in chosen if source.shown in decks), request.choice)
    if not kept and not sink.has_errors:
        _report_nothing(chosen, request.choice, sink)
    collection = Collection(_title(request, kept), settings.language, kept, identities)
    one_off = any(not source.in_project for source in chosen)
    files = [source.path for source in (*inside.values(), *chosen) if source.path]
    files += [Path(media.path) for media in collection.media.values()]
    if settings.root is not None:
        files.append(cwd / settings.file)
        with suppress(OSError):  # a config that cannot be read was reported when it was loaded
            texts[settings.file] = files[-1].read_bytes().decode("utf-8", "replace").removeprefix("\ufeff")
    return Reading(collection, sink, texts, tuple(files), one_off)


def _read_one(source: Source, text: str, settings: Settings, sink: Sink) -> Deck:
    folder = source.path.parent if source.path else source.folder
    finder = Finder(folder, source.folder, sink)
    defaults = Defaults(language=settings.language)
    return read_deck(source.shown, source.stem, text, Vocabulary(), defaults, finder, sink)


def _identify(
    decks: Mapping[str, Deck], inside: Mapping[str, Source], settings: Settings, clock: int, sink: Sink
) -> dict[Span, Identity]:
    """Identity looks at all of the project's sources; files outside of it have a namespace of their own."""
    mine = [card for shown, deck in decks.items() if shown in inside for card in deck.cards]
    others = [card for shown, deck in decks.items() if shown not in inside for card in deck.cards]
    identities = assign(mine, namespace=settings.namespace, clock=clock, sink=sink)
    elsewhere = DEFAULT_NAMESPACE if settings.root else settings.namespace
    identities.update(assign(others, namespace=elsewhere, clock=clock, sink=sink))
    return identities


def _report_empty(chosen: list[Source], decks: Mapping[str, Deck], sink: Sink) -> None:
    for source in chosen:
        deck = decks.get(source.shown)
        broken = any(d.span.file == source.shown and d.severity is Severity.ERROR for d in sink)
        if deck is None or broken or any(deck.cards):
            continue
        place = Span(source.shown)
        if source.named:
            sink.add(Code.NO_CARDS, place, "This file has no card.", _WHAT_A_CARD_IS)
        else:
            sink.add(Code.FILE_WITHOUT_CARDS, place, "This file has no card and enters no product.", _WHAT_A_CARD_IS)


def _report_nothing(chosen: list[Source], choice: Choice, sink: Sink) -> None:
    """Nothing to build from is a finding of the whole run, which has no place."""
    if choice:
        told, hint = (
            "No card is of the chosen kind, deck and tag.",
            "cardforge list, without them, shows what there is.",
        )
    elif chosen:
        told, hint = "None of the files has a card.", _WHAT_A_CARD_IS
    else:
        told, hint = "No file was found.", f"Folders are searched for {', '.join(f'*{end}' for end in ENDINGS)}."
    sink.add(Code.NO_CARDS, Span(""), told, hint)


def _title(request: Request, decks: tuple[Deck, ...]) -> str:
    settings = request.settings
    if request.sources and len(decks) == 1:
        return decks[0].title
    return settings.title or settings.name or (settings.root.name if settings.root else "Cards")


def render(reading: Reading, request: Request, targets: Mapping[str, Path | None]) -> list[Product]:
    """The products of the targets, with what the back ends have to say added to the findings."""

    def load(media: Media) -> bytes:
        return Path(media.path).read_bytes()

    products = []
    for target, path in targets.items():
        options = request.settings.targets.get(target, {})
        context = Context(request.clock, load, reading.sink, options)
        try:
            data = TARGETS[target].load()(reading.collection, context)
        except ImportError as error:
            told = f"The target {target} needs {error.name or 'a component'}, which cannot be loaded: {error}."
            hint = f"Install it (python -m pip install {error.name or 'cardforge'}), or build another target."
            reading.sink.add(Code.MISSING_COMPONENT, Span(""), told, hint)
            continue
        products.append(Product(target, data, path))
    return products


def write(products: list[Product], reading: Reading, cwd: Path) -> bool:
    """Write the products that have a place, all or none."""
    files = {product.path: product.data for product in products if product.path}
    return write_all(files, reading.files, cwd, reading.sink)
