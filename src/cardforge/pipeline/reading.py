"""Sources to a collection: found, read, given their identity, checked and chosen from."""

import time
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cardforge.config import DEFAULT_NAMESPACE, Settings
from cardforge.diagnostics import Code, Severity, Sink, Span
from cardforge.identity import FILE_NAME, Kept, keep
from cardforge.identity.told import Told
from cardforge.model import Card, Collection, Deck, bodies_of
from cardforge.pipeline import Reading, Request
from cardforge.pipeline.discover import ENDINGS, Source, discover, discover_own, show_path
from cardforge.pipeline.entries import Entry, Job
from cardforge.pipeline.entries.gather import gather, open_shelf
from cardforge.pipeline.entries.shelf import Shelf
from cardforge.pipeline.hearing import Hearing, is_heard_in
from cardforge.pipeline.lockfile import Ledger, ledger_in, open_ledger
from cardforge.pipeline.select import Choice, select
from cardforge.pipeline.since import changed_since, notes_at
from cardforge.pipeline.texts import Texts, read_text
from cardforge.pipeline.witnessed import look_at_sources

if TYPE_CHECKING:
    from cardforge.backends import Written
    from cardforge.pipeline.media import Listings

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
_WHAT_A_CARD_IS = (
    "A card is a question with a fold “Show answer”, Q: and A: lines, a task list, a {{c1::gap}} or a <Flashcard>; "
    "docs/shapes.md shows all."
)


def read(request: Request, sink: Sink) -> Reading:
    """Read and check the sources, and give every card its identity."""
    settings, cwd = request.settings, request.cwd
    texts = Texts()
    began = time.time_ns()
    look_at_sources(request)
    own = discover_own(settings.sources, settings.root, cwd, Sink() if request.sources else sink)
    chosen = discover(request.sources, cwd, settings.root, cwd, sink) if request.sources else own
    wanted = {source.shown for source in chosen}
    inside = {source.shown: source for source in (*own, *chosen) if source.in_project}
    ledger = _ledger(request, chosen, sink)
    sources = sorted({**inside, **{s.shown: s for s in chosen}}.values(), key=lambda s: s.order)
    heard = {source.shown: Sink() for source in sources}
    shelf = open_shelf(settings.root, writes=request.caches)
    entries = _gathered(sources, heard, texts, shelf, request, began)
    for source in sources:
        # A build that writes the lock must not take a file it could not read for one whose cards were removed.
        if source.shown in wanted or (request.keeps and ledger.path):
            sink.extend(heard[source.shown])
            sink.extend(entries[source.shown].findings if source.shown in entries else ())
    decks = {shown: entry.deck for shown, entry in entries.items()}
    mine = {**inside, **{s.shown: s for s in chosen}} if request.lock else inside
    kept, others = _identify(entries, mine, ledger, request, sink)
    if not request.trees:  # their Markdown was asked for the names of new notes
        for body in (body for deck in decks.values() for card in deck.cards for body in bodies_of(card)):
            body.let_go()
    if request.locked and ledger.update(kept.notes) is not None and not sink.has_errors:
        _report_locked(ledger, kept, cwd, sink)
    _report_empty(chosen, entries, sink)
    read_decks = [decks[shown] for shown in decks if shown in wanted]
    for deck in read_decks:
        sink.extend(entries[deck.file].checks)
    if request.thorough:
        from cardforge.checks import quality

        # Another run may have put its own on the shelf since, by other measures.
        opinions = [entries[deck.file].opinion or quality.opinion_of(deck, settings.profile) for deck in read_decks]
        quality.judge(opinions, sink)
    shown = select((decks[source.shown] for source in chosen if source.shown in decks), request.choice)
    if not shown and not sink.has_errors:
        _report_nothing(chosen, request.choice, sink)
    collection = Collection(_title(request, shown), settings.language, shown, _both(kept.identities, others.identities))
    one_off = request.lock is None and any(not source.in_project for source in chosen)
    files = [source.path for source in (*inside.values(), *chosen) if source.path]
    files += [Path(media.path) for media in collection.media.values()]
    if settings.root is not None:
        files.append(cwd / settings.file)
        with suppress(OSError):  # a config that cannot be read was reported when it was loaded
            data = files[-1].read_bytes()
            texts.add(settings.file, data.decode("utf-8", "replace").removeprefix("\ufeff"), data, None)
    notes = _both(others.notes, kept.notes)
    hearing = Hearing(settings.profile, cwd, settings.root, request.thorough)
    left_out = sum(1 for deck in read_decks for _ in deck.cards) - sum(1 for _ in collection.cards)
    before = notes_at(request.since, show_path(request.since, cwd), sink) if request.since else None
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
        None if before is None else changed_since(before, collection, notes),
        {source.shown: source.path for source in (*inside.values(), *chosen) if source.path and source.shown in texts},
        _written(entries),
        shelf.is_open,
    )


def _gathered(
    sources: Iterable[Source], heard: Mapping[str, Sink], texts: Texts, shelf: Shelf, request: Request, began: int
) -> dict[str, Entry]:
    """The entries of the sources that can be read. ``texts`` keeps those of which the rest of the run needs more."""
    settings, jobs = request.settings, []
    profile = settings.profile if request.thorough else None
    for source in sources:
        text = read_text(source, request.stdin, texts, heard[source.shown])
        if text is not None:
            jobs.append(
                Job(source, text, settings.vocabulary, settings.language, began, request.keeps, request.trees, profile)
            )
    entries = gather(jobs, shelf, request.witness, request.tell)
    del jobs
    texts.let_go(is_heard_in)
    return entries


def read_one(source: Source, text: str, settings: Settings, sink: Sink, listings: "Listings | None" = None) -> Deck:
    """The deck of a source's text. ``listings`` are those of the run, so that no folder is listed for each source."""
    from cardforge.pipeline.entries.making import read_text_of
    from cardforge.pipeline.media import Listings

    job = Job(source, text, settings.vocabulary, settings.language, 0)
    return read_text_of(job, sink, Listings() if listings is None else listings)


def _both(one: Mapping[_Key, _Value], other: Mapping[_Key, _Value]) -> Mapping[_Key, _Value]:
    """Two mappings as one; the one itself where the other is empty, for a large collection's takes much room."""
    return {**one, **other} if one and other else one or other


def _written(entries: Mapping[str, Entry]) -> "Callable[[Card], Written | None]":
    """The note that a card is. Those of one file are held at a time, for cards are asked for in order."""
    notes = {shown: entry.written for shown, entry in entries.items()}
    held: dict[str, Mapping[Span, Written]] = {}

    def written(card: Card) -> "Written | None":
        file = card.head.span.file
        if file not in held:
            held.clear()
            give = notes[file]
            held[file] = {} if give is None else give()
        return held[file].get(card.head.span)

    return written


def _ledger(request: Request, chosen: list[Source], sink: Sink) -> Ledger:
    """The lock in force: the named one, or the project's if a source is the project's."""
    path = request.lock
    if path is None and request.settings.root and any(source.in_project for source in chosen):
        path = request.settings.root / FILE_NAME
    return open_ledger(path, show_path(path, request.cwd), sink) if path else Ledger()


def _identify(
    entries: Mapping[str, Entry], mine: Mapping[str, Source], ledger: Ledger, request: Request, sink: Sink
) -> tuple[Kept, Kept]:
    """What became of the project's notes, and of those of other files, which have a namespace of their own.

    Identity looks at all of the project's sources, whatever enters the product.
    """
    settings, root = request.settings, request.settings.root
    own = [card for shown, entry in entries.items() if shown in mine for card in entry.deck.cards]
    foreign = [card for shown, entry in entries.items() if shown not in mine for card in entry.deck.cards]

    def told(card: Card) -> Told:
        return entries[card.head.span.file].told[card.head.span]

    places = {shown: _stored(source, root) for shown, source in mine.items()}
    doubt = Severity.ERROR if request.keeps else Severity.WARNING
    kept = keep(
        own,
        ledger.notes,
        namespace=settings.namespace,
        clock=request.clock,
        doubt=doubt,
        sink=sink,
        places=places,
        told=told,
    )
    before = ledger_in(request.previous) if request.previous and foreign else {}
    elsewhere = DEFAULT_NAMESPACE if root else settings.namespace
    stems = {shown: _plain(Path(shown).name) for shown in entries}
    others = keep(
        foreign,
        before,
        namespace=elsewhere,
        clock=request.clock,
        doubt=Severity.WARNING,
        sink=sink,
        places=stems,
        told=told,
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


def _report_empty(chosen: list[Source], entries: Mapping[str, Entry], sink: Sink) -> None:
    for source in chosen:
        entry = entries.get(source.shown)
        broken = any(d.span.file == source.shown and d.severity is Severity.ERROR for d in sink)
        if entry is None or broken or any(entry.deck.cards):
            continue
        place = Span(source.shown)
        hint = entry.help or _WHAT_A_CARD_IS
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
