"""Sources to a collection: found, read, given their identity, checked and chosen from."""

import time
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from cardforge.checks import check
from cardforge.config import DEFAULT_NAMESPACE, Settings
from cardforge.diagnostics import Code, Severity, Sink, Span
from cardforge.identity import FILE_NAME, Kept, keep
from cardforge.model import Collection, Deck
from cardforge.pipeline import Reading, Request
from cardforge.pipeline.discover import ENDINGS, Source, discover, discover_own, read_text, show_path
from cardforge.pipeline.hearing import Hearing
from cardforge.pipeline.lockfile import Ledger, ledger_in, open_ledger
from cardforge.pipeline.media import Finder, Listings
from cardforge.pipeline.select import Choice, select
from cardforge.pipeline.witnessed import look_at_sources, media_paths
from cardforge.reader import Defaults, read_deck
from cardforge.source.helping import what_would_help

_WHAT_A_CARD_IS = (
    "A card is a question with a fold “Show answer”, Q: and A: lines, a task list, a {{c1::gap}} or a <Flashcard>; "
    "docs/shapes.md shows all."
)


def read(request: Request, sink: Sink) -> Reading:
    """Read and check the sources, and give every card its identity."""
    settings, cwd, began = request.settings, request.cwd, time.time_ns()
    look_at_sources(request)
    texts: dict[str, str] = {}
    own = discover_own(settings.sources, settings.root, cwd, Sink() if request.sources else sink)
    chosen = discover(request.sources, cwd, settings.root, cwd, sink) if request.sources else own
    wanted = {source.shown for source in chosen}
    inside = {source.shown: source for source in (*own, *chosen) if source.in_project}
    decks: dict[str, Deck] = {}
    listings = Listings()
    ledger = _ledger(request, chosen, sink)
    for source in sorted({**inside, **{s.shown: s for s in chosen}}.values(), key=lambda s: s.order):
        # A build that writes the lock must not take a file it could not read for one whose cards were removed.
        told = sink if source.shown in wanted or (request.keeps and ledger.path) else Sink()
        text = read_text(source, request.stdin, texts, told)
        if text is not None:
            decks[source.shown] = read_one(source, text, settings, told, listings)
    mine = {**inside, **{s.shown: s for s in chosen}} if request.lock else inside
    kept, others = _identify(decks, mine, ledger, request, sink)
    if request.locked and ledger.update(kept.notes) is not None and not sink.has_errors:
        _report_locked(ledger, kept, cwd, sink)
    _report_empty(chosen, decks, texts, settings, sink)
    read_decks = [decks[shown] for shown in decks if shown in wanted]
    check(read_decks, sink, settings.profile if request.thorough else None)
    shown = select((decks[source.shown] for source in chosen if source.shown in decks), request.choice)
    if not shown and not sink.has_errors:
        _report_nothing(chosen, request.choice, sink)
    collection = Collection(_title(request, shown), settings.language, shown, {**kept.identities, **others.identities})
    one_off = request.lock is None and any(not source.in_project for source in chosen)
    files = [source.path for source in (*inside.values(), *chosen) if source.path]
    files += [Path(media.path) for media in collection.media.values()]
    if settings.root is not None:
        files.append(cwd / settings.file)
        with suppress(OSError):  # a config that cannot be read was reported when it was loaded
            texts[settings.file] = files[-1].read_bytes().decode("utf-8", "replace").removeprefix("\ufeff")
    notes = {**others.notes, **kept.notes}
    hearing = Hearing(settings.profile, cwd, settings.root, request.thorough)
    left_out = sum(1 for deck in read_decks for _ in deck.cards) - sum(1 for _ in collection.cards)
    return Reading(
        collection,
        sink,
        texts,
        tuple(files),
        one_off,
        kept,
        ledger,
        notes,
        hearing,
        left_out,
        {source.shown: source.path for source in (*inside.values(), *chosen) if source.path and source.shown in texts},
        listings.read,
        media_paths(media.path for deck in decks.values() for media in deck.media),
        began,
    )


def read_one(source: Source, text: str, settings: Settings, sink: Sink, listings: Listings | None = None) -> Deck:
    """The deck of a source's text. ``listings`` are those of the run, so that no folder is listed for each source."""
    folder = source.path.parent if source.path else source.folder
    finder = Finder(folder, source.folder, sink, Listings() if listings is None else listings)
    defaults = Defaults(language=settings.language)
    return read_deck(source.shown, source.stem, text, settings.vocabulary, defaults, finder, sink)


def _ledger(request: Request, chosen: list[Source], sink: Sink) -> Ledger:
    """The lock in force: the named one, or the project's if a source is the project's."""
    path = request.lock
    if path is None and request.settings.root and any(source.in_project for source in chosen):
        path = request.settings.root / FILE_NAME
    return open_ledger(path, show_path(path, request.cwd), sink) if path else Ledger()


def _identify(
    decks: Mapping[str, Deck], mine: Mapping[str, Source], ledger: Ledger, request: Request, sink: Sink
) -> tuple[Kept, Kept]:
    """What became of the project's notes, and of those of other files, which have a namespace of their own.

    Identity looks at all of the project's sources, whatever enters the product.
    """
    settings, root = request.settings, request.settings.root
    own = [card for shown, deck in decks.items() if shown in mine for card in deck.cards]
    foreign = [card for shown, deck in decks.items() if shown not in mine for card in deck.cards]
    places = {shown: _stored(source, root) for shown, source in mine.items()}
    doubt = Severity.ERROR if request.keeps else Severity.WARNING
    kept = keep(
        own, ledger.notes, namespace=settings.namespace, clock=request.clock, doubt=doubt, sink=sink, places=places
    )
    before = ledger_in(request.previous) if request.previous and foreign else {}
    elsewhere = DEFAULT_NAMESPACE if root else settings.namespace
    stems = {deck.file: _plain(Path(deck.file).name) for deck in decks.values()}
    others = keep(
        foreign, before, namespace=elsewhere, clock=request.clock, doubt=Severity.WARNING, sink=sink, places=stems
    )
    return kept, others


def _stored(source: Source, root: Path | None) -> str:
    """A file's name in the lock: its POSIX path from the project's root, in NFC."""
    inside = source.path is not None and root is not None and source.path.is_relative_to(root)
    name = source.path.relative_to(root).as_posix() if inside and source.path and root else source.shown
    return _plain(name)


def _plain(name: str) -> str:
    """A name the lock can hold: in NFC, bytes that are no UTF-8 as escapes."""
    return unicodedata.normalize("NFC", name.encode("utf-8", "backslashreplace").decode())


def _report_locked(ledger: Ledger, kept: Kept, cwd: Path, sink: Sink) -> None:
    told = [
        f"{len(changes)} {word}"
        for word, changes in (
            ("new", kept.new),
            ("changed", kept.changed),
            ("moved", kept.moved),
            ("removed", kept.removed),
        )
        if changes
    ]
    message = f"The lock would change: {', '.join(told) or 'notes are told by other names'}."
    place = Span(show_path(ledger.path, cwd) if ledger.path else "")
    sink.add(Code.LOCK_WOULD_CHANGE, place, message, "Run cardforge build anki and commit the lock with the sources.")


def _report_empty(
    chosen: list[Source], decks: Mapping[str, Deck], texts: Mapping[str, str], settings: Settings, sink: Sink
) -> None:
    for source in chosen:
        deck = decks.get(source.shown)
        broken = any(d.span.file == source.shown and d.severity is Severity.ERROR for d in sink)
        if deck is None or broken or any(deck.cards):
            continue
        place = Span(source.shown)
        hint = what_would_help(source.shown, texts.get(source.shown, ""), settings.vocabulary) or _WHAT_A_CARD_IS
        if source.named:
            sink.add(Code.NO_CARDS, place, "This file has no card.", hint)
        else:
            sink.add(Code.FILE_WITHOUT_CARDS, place, "This file has no card and enters no product.", hint)


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
