"""discover → read → identify → check → select → render → write. Returns a result, prints nothing."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cardforge.backends import Context
from cardforge.backends.targets import TARGETS
from cardforge.checks import check
from cardforge.config import DEFAULT_NAMESPACE, Settings
from cardforge.diagnostics import Code, Diagnostic, Severity, Sink, Span
from cardforge.identity import assign
from cardforge.model import Collection, Deck, Identity, Media
from cardforge.pipeline.discover import Source, discover, read_text
from cardforge.pipeline.media import Finder
from cardforge.pipeline.select import Choice, select
from cardforge.pipeline.write import write_all
from cardforge.reader import Defaults, read_deck
from cardforge.source import Vocabulary


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

    ``one_off`` says that some source belongs to no project, so that no identity is kept for it.
    """

    collection: Collection
    sink: Sink
    texts: dict[str, str]
    one_off: bool

    def judge(self, *, strict: bool) -> list[Diagnostic]:
        """The findings, warnings as errors when ``strict``."""
        if not strict:
            return list(self.sink)
        warning = Severity.WARNING
        return [dataclasses.replace(d, severity=Severity.ERROR) if d.severity is warning else d for d in self.sink]


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
    base = settings.root or cwd
    own = discover(settings.sources, base, settings.root, cwd, sink if not request.sources else Sink())
    chosen = discover(request.sources, cwd, settings.root, cwd, sink) if request.sources else own
    wanted = {source.shown for source in chosen}
    inside = {source.shown: source for source in (*own, *chosen) if source.in_project}
    decks: dict[str, Deck] = {}
    for source in sorted({**inside, **{s.shown: s for s in chosen}}.values(), key=lambda s: s.shown.encode()):
        told = sink if source.shown in wanted else Sink()
        text = read_text(source, request.stdin, told)
        if text is not None:
            texts[source.shown] = text
            decks[source.shown] = _read_one(source, text, settings, told)
    identities = _identify(decks, inside, settings, request.clock, sink)
    _report_empty(chosen, decks, sink)
    check((decks[shown] for shown in decks if shown in wanted), sink)
    kept = select((decks[source.shown] for source in chosen if source.shown in decks), request.choice)
    if not kept and not sink.has_errors:
        what = "The choice of kinds, decks and tags leaves no card." if request.choice else "No source has a card."
        sink.add(Code.NO_CARDS, Span(chosen[0].shown if chosen else ""), what, "cardforge list shows what there is.")
    collection = Collection(_title(request, kept), settings.language, kept, identities)
    one_off = any(not source.in_project for source in chosen)
    return Reading(collection, sink, {name: text for name, text in texts.items() if name in wanted}, one_off)


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
    identities.update(assign(others, namespace=DEFAULT_NAMESPACE, clock=clock, sink=sink))
    return identities


def _report_empty(chosen: list[Source], decks: Mapping[str, Deck], sink: Sink) -> None:
    for source in chosen:
        deck = decks.get(source.shown)
        broken = any(d.span.file == source.shown and d.severity is Severity.ERROR for d in sink)
        if deck is None or broken or any(deck.cards):
            continue
        place = Span(source.shown)
        hint = "A card is a question with a fold labelled “Show answer”, or a Q: line with an A: line; see the README."
        if source.named:
            sink.add(Code.NO_CARDS, place, "This file has no card.", hint)
        else:
            sink.add(Code.FILE_WITHOUT_CARDS, place, "This file has no card and enters no product.", hint)


def _title(request: Request, decks: tuple[Deck, ...]) -> str:
    settings = request.settings
    if request.sources and len(decks) == 1:
        return decks[0].title
    return settings.title or settings.name or (settings.root.name if settings.root else "Cards")


def product_name(request: Request) -> str:
    """The products' name: the first source's stem when sources are given, else the project's name."""
    if request.sources:
        first = request.sources[0]
        return "stdin" if first == "-" else Path(first).stem or Path(first).resolve().name
    return request.settings.name or (request.settings.root or request.cwd).name


def render(reading: Reading, request: Request, targets: Mapping[str, Path | None]) -> list[Product]:
    """The products of the targets, with what the back ends have to say added to the findings."""

    def load(media: Media) -> bytes:
        return Path(media.path).read_bytes()

    products = []
    for target, path in targets.items():
        options = request.settings.targets.get(target, {})
        context = Context(request.clock, load, reading.sink, options)
        products.append(Product(target, TARGETS[target].load()(reading.collection, context), path))
    return products


def write(products: list[Product], cwd: Path, sink: Sink) -> bool:
    """Write the products that have a place, all or none."""
    return write_all({product.path: product.data for product in products if product.path}, cwd, sink)
