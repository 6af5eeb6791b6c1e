"""Reads one file into an entry: the only place where a source is parsed."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cardforge.backends import Written
from cardforge.cache.witness import Folders, Look, look
from cardforge.checks import check
from cardforge.diagnostics import Diagnostic, Severity, Sink, Span
from cardforge.identity.told import Told, told_of
from cardforge.model import Deck
from cardforge.pipeline.entries import Entry, Job
from cardforge.pipeline.media import Finder, Listings
from cardforge.pipeline.witnessed import UNCERTAIN, is_older, media_paths
from cardforge.reader import Defaults, read_deck
from cardforge.source.helping import what_would_help


@dataclass(slots=True)
class _Consulted(Listings):
    """The listings of a run, and what one file asked of them."""

    shared: Listings = field(default_factory=Listings)
    asked: dict[Path, "_Names"] = field(default_factory=dict)

    def names(self, folder: Path) -> dict[str, str] | None:
        """The names in a folder."""
        names = self.shared.names(folder)
        if folder not in self.asked:
            self.asked[folder] = _Names(names or {})
        return None if names is None else self.asked[folder]


class _Names(dict[str, str]):
    """The names in a folder. Who asks for one that is there learns of no other; all else is to see the whole folder."""

    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__(names)
        self.found: set[str] = set()
        self.whole = not names

    def get(self, name: str, default: Any = None) -> Any:
        """The name as the system keeps it."""
        kept = super().get(name, default)
        if kept is None or not name.isascii():  # accents have several forms, of which the last one counts
            self.whole = True
        else:
            self.found.add(kept)
        return kept

    def __iter__(self) -> Iterator[str]:
        self.whole = True
        return super().__iter__()


def make(job: Job, listings: Listings | None = None, folders: Folders | None = None) -> Entry:
    """Read a file. ``listings`` and ``folders`` are those of the run, so that no folder is listed for each source."""
    sink, checks = Sink(), Sink()
    consulted = _Consulted(shared=Listings() if listings is None else listings)
    deck = read_text_of(job, sink, consulted)
    check([deck], checks)
    seen, certain = _seen(deck, consulted, job.began, {} if folders is None else folders)
    certain = certain and not any(found.code in UNCERTAIN for found in sink)
    empty = not any(deck.cards) and not _is_broken(sink, job.source.shown)
    told = {card.head.span: told_of(card) for card in deck.cards}
    helped = what_would_help(job.source.shown, job.text, job.vocabulary) if empty else ""
    return completed(job, Entry(deck, tuple(sink), tuple(checks), told, seen, helped or "", certain=certain))


def completed(job: Job, entry: Entry) -> Entry:
    """The entry with what is asked for and can be made of its trees: notes, and the opinion of the rules of quality."""
    if job.notes and entry.written is None:
        notes = notes_of(entry.deck, entry.told)
        entry = replace(entry, written=lambda: notes)
    if job.profile is not None and entry.opinion is None:
        from cardforge.checks.quality import opinion_of

        entry = replace(entry, opinion=opinion_of(entry.deck, job.profile))
    return entry


def read_text_of(job: Job, sink: Sink, listings: Listings) -> Deck:
    """The deck of a file's text."""
    source = job.source
    folder = source.path.parent if source.path else source.folder
    finder = Finder(folder, source.folder, sink, listings)
    defaults = Defaults(language=job.language)
    return read_deck(source.shown, source.stem, job.text, job.vocabulary, defaults, finder, sink)


def notes_of(deck: Deck, told: Mapping[Span, Told]) -> Mapping[Span, Written]:
    """The notes of a deck's cards, of which identity holds what is ``told``."""
    from cardforge.backends.anki.notes import content

    return {card.head.span: content(card, told.get(card.head.span)) for card in deck.cards}


def _is_broken(found: Iterable[Diagnostic], shown: str) -> bool:
    return any(each.span.file == shown and each.severity is Severity.ERROR for each in found)


def _seen(deck: Deck, listings: _Consulted, began: int, folders: Folders) -> tuple[dict[tuple[Look, str], bytes], bool]:
    """What was seen beside the file; and whether it still is as it was when it was read."""
    seen: dict[tuple[Look, str], bytes] = {}
    certain = True
    for folder, names in listings.asked.items():
        looks = [(Look.NAMES, folder)] if names.whole else [(Look.NAME, folder / name) for name in names.found]
        for how, place in looks:
            seen[how, str(place)] = look(how, str(place), (), folders)
        certain = certain and set(dict.keys(names)) == _normal(folders.get(str(folder), {}))
    for path in media_paths(media.path for media in deck.media):
        seen[Look.FILE, path] = look(Look.FILE, path, (), folders)
        seen[Look.REAL, path] = look(Look.REAL, path, (), folders)
        certain = certain and is_older(path, began)
    return seen, certain


def _normal(names: Iterable[str]) -> set[str]:
    return {unicodedata.normalize("NFC", name) for name in names}
