"""discover → read → identify → check → select → render → write. Returns a result, prints nothing."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from cardforge.cache.witness import Witness
from cardforge.config import Settings
from cardforge.diagnostics import Diagnostic, Severity, Sink, Span
from cardforge.model import Card, Collection, Deck
from cardforge.pipeline.hearing import Hearing
from cardforge.pipeline.select import Choice
from cardforge.values import dataclass

if TYPE_CHECKING:  # what a run does not need is not loaded, so that one without a change takes no time
    from cardforge.backends import Written
    from cardforge.identity import Kept, Note
    from cardforge.pipeline.discover import Source
    from cardforge.pipeline.lockfile import Ledger
    from cardforge.pipeline.media import Listings
    from cardforge.pipeline.render import Product
    from cardforge.pipeline.texts import Texts


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
    keeps: bool = False
    """Whether the run moves times and writes the lock; else it only reads it."""
    locked: bool = False
    """Whether a lock that would change is an error."""
    lock: Path | None = None
    """The lock to use, also for sources of no project; None is the project's own."""
    thorough: bool = False
    """Whether to ask the rules of quality as well."""
    previous: Path | None = None
    """The package a one-off build would replace: its record is the last build."""
    since: Path | None = None
    """The lock or the package of the build after which print shows what is new and changed; None for all cards."""
    tell: Callable[[int, int], None] = field(default=lambda _done, _all: None, compare=False)
    """Hears how many of how many files are read."""
    trees: bool = True
    """Whether the run needs the trees of fields; the package is made of notes alone."""
    caches: bool = True
    """Whether the run may write into the project's cache; it reads from it in any case."""
    witness: Witness = field(default_factory=Witness, compare=False)
    """What the run sees of the file system."""


@dataclass(slots=True)
class Reading:
    """What was read: the chosen collection, the findings and the texts they point into, by file.

    ``left_out`` is how many cards of the sources kind, deck and tag did not choose.
    ``files`` are those a product must not take the place of. ``one_off`` says that some source belongs to no project,
    so that no identity is kept for it. ``kept`` is what became of the notes of ``ledger``; ``notes`` are all, by GUID.
    ``fresh`` are the places of the cards to print, None for all.
    """

    collection: Collection
    sink: Sink
    texts: "Texts"
    files: tuple[Path, ...]
    one_off: bool
    kept: "Kept"
    ledger: "Ledger"
    notes: "Mapping[str, Note]"
    hearing: Hearing
    left_out: int = 0
    fresh: "frozenset[Span] | None" = None
    """The places of the cards that are new or changed since ``Request.since``, None where it is not asked."""
    sources: Mapping[str, Path] = field(default_factory=dict)
    """The files that were read, by the name they are shown under."""
    written: "Callable[[Card], Written | None]" = field(default=lambda _: None)
    """The note of Anki that a card is, where it was written."""
    cached: bool = False
    """Whether the project's cache could be used."""

    def judge(self, *, strict: bool) -> list[Diagnostic]:
        """The findings, file by file in the order of their places, warnings as errors when ``strict``."""
        told = self.hearing.of(self.sink, self.texts.held)
        files = {file: at for at, file in enumerate(dict.fromkeys(d.span.file for d in told))}
        found = sorted(told, key=lambda d: (files[d.span.file], d.span.line, d.span.column))
        if not strict:
            return found
        warning = Severity.WARNING
        return [dataclasses.replace(d, severity=Severity.ERROR) if d.severity is warning else d for d in found]


def read(request: Request, sink: Sink) -> Reading:
    """Read and check the sources, and give every card its identity."""
    from cardforge.pipeline import reading

    return reading.read(request, sink)


def read_one(source: "Source", text: str, settings: Settings, sink: Sink, listings: "Listings | None" = None) -> Deck:
    """The deck of a source's text. ``listings`` are those of the run, so that no folder is listed for each source."""
    from cardforge.pipeline import reading

    return reading.read_one(source, text, settings, sink, listings)


def write_products(products: "list[Product]", reading: Reading, request: Request) -> bool:
    """Write the products that have a place, all or none, and the lock last."""
    from cardforge.pipeline.write import behind, write_all

    files: dict[Path, bytes | Iterable[bytes]] = {each.path: each.data for each in products if each.path}
    if request.keeps and reading.ledger.path is not None:
        lock = reading.ledger.update(reading.kept.notes)
        if lock is not None:
            files[behind(reading.ledger.path)] = lock
    return write_all(files, reading.files, request.cwd, reading.sink)
