"""The entries of a project's files in its cache, each under a key of all that its reading depends on."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from cardforge.backends import Written
from cardforge.cache import store
from cardforge.cache.program import program
from cardforge.cache.seal import opened, pack, sealed, unpack
from cardforge.cache.witness import Look, Witness
from cardforge.diagnostics import Span
from cardforge.identity.told import Told
from cardforge.model import Deck
from cardforge.pipeline.discover import bytes_of
from cardforge.pipeline.entries import Entry, Job
from cardforge.pipeline.entries.rows import deck_of, deck_row, finding_of, finding_row, opinion_of_row, opinion_row
from cardforge.pipeline.entries.trees import Trees, from_bytes, parts_of, to_bytes
from cardforge.vocabulary import Vocabulary

FILES: Final = "files"
_DECK, _TREES, NOTES, ADVICE = "deck", "trees", "notes", "advice"
_BROKEN: Final = (ValueError, KeyError, TypeError, IndexError, RecursionError, AttributeError)
Parts = dict[str, list[bytes]]
"""An entry as parts of bytes, each by its name."""


def parts_asked(job: Job) -> list[str]:
    """The parts of an entry that are asked for."""
    return [_DECK, *[_TREES] * job.trees, *[NOTES] * job.notes, *[ADVICE] * (job.profile is not None)]


def encode(entry: Entry, names: Sequence[str]) -> Parts | None:
    """The parts of an entry that have these names; None for one that cannot be kept."""
    parts: Parts = {}
    try:
        if _DECK in names:
            told = deck_row(entry.deck, entry.told)
            findings = [[finding_row(each) for each in some] for some in (entry.findings, entry.checks)]
            seen = [[how.value.decode(), path, digest.hex()] for (how, path), digest in entry.seen.items()]
            parts[_DECK] = [to_bytes([told, *findings, seen, entry.help]), b"%d" % entry.certain]
        if _TREES in names:
            parts[_TREES] = parts_of(entry.deck)
        if NOTES in names and entry.written is not None:
            written = entry.written()
            notes = [written[card.head.span] for card in entry.deck.cards]
            rows = [[each.cloze, each.fields, each.ordinals, sorted(each.media), each.telling] for each in notes]
            parts[NOTES] = [to_bytes(rows)]
        if ADVICE in names and entry.opinion is not None:
            parts[ADVICE] = [to_bytes(opinion_row(entry.opinion))]
    except _BROKEN:
        return None
    return parts


def decode(shown: str, parts: Parts, trees: Trees, notes: Callable[[], list[bytes] | None] | None = None) -> Entry:
    """The entry of its bytes. Raises one of the errors that a wrong encoding raises.

    ``notes`` gives the bytes of its notes, for an entry that has some.
    """
    row, findings, checks, seen, helped = from_bytes(parts[_DECK][0])
    deck, told = deck_of(shown, row, trees)
    looked = {(Look(how.encode()), path): bytes.fromhex(digest) for how, path, digest in seen}
    written = None if notes is None else partial(_notes, deck, told, notes)
    found, checked = (tuple(map(finding_of, some)) for some in (findings, checks))
    opinion = opinion_of_row(deck, from_bytes(parts[ADVICE][0])) if ADVICE in parts else None
    return Entry(deck, found, checked, told, looked, helped, written, opinion, is_certain(parts))


def is_certain(parts: Parts) -> bool:
    """Whether an equal file in an equal place gives the same. Raises IndexError where that is not said."""
    return parts[_DECK][1] == b"1"


def _notes(deck: Deck, told: Mapping[Span, Told], load: Callable[[], list[bytes] | None]) -> Mapping[Span, Written]:
    """The notes of their bytes; those that are gone or broken are made anew."""
    try:
        parts = load()
        if parts is not None:
            rows = [_written(each) for each in from_bytes(parts[0])]
            return {card.head.span: each for card, each in zip(deck.cards, rows, strict=True)}
    except _BROKEN:
        pass
    from cardforge.pipeline.entries.making import notes_of  # here, for hardly a run needs it

    return notes_of(deck, told)


def _written(row: list[Any]) -> Written:
    cloze, values, ordinals, media, telling = row
    return Written(cloze, tuple(values), tuple(ordinals), frozenset(media), telling)


def key_of(job: Job, root: Path | None) -> str:
    """The name of a file's entry: what its reading depends on, but for what it looks up in folders."""
    source = job.source
    told = [source.shown, str(source.path), str(source.folder), job.language, _words_of(job.vocabulary), str(root)]
    parts = [program(), pack(part.encode("utf-8", "surrogatepass") for part in told)]
    return sha256(pack([*parts, job.text.encode("utf-8", "surrogatepass")])).hexdigest()[:40]


_last: list[tuple[Vocabulary, str]] = []


def _words_of(vocabulary: Vocabulary) -> str:
    """What a vocabulary is, told once for all files of a run."""
    if not _last or _last[0][0] is not vocabulary:
        _last[:] = [(vocabulary, canonical(vocabulary))]
    return _last[0][1]


def canonical(value: Any) -> str:
    """A text that says what a setting is, whatever the order of its parts."""
    if is_dataclass(value) and not isinstance(value, type):
        return f"({','.join(f'{each.name}={canonical(getattr(value, each.name))}' for each in fields(value))})"
    if isinstance(value, Mapping):
        return f"{{{','.join(f'{str(key)!r}:{canonical(value[key])}' for key in sorted(value, key=str))}}}"
    if isinstance(value, frozenset):
        return f"<{','.join(sorted(map(canonical, value)))}>"
    if isinstance(value, tuple):
        return f"[{','.join(map(canonical, value))}]"
    return repr(str(value)) if isinstance(value, str) else repr(value)


@dataclass(slots=True)
class Shelf:
    """The entries of a project; ``key`` is None where there is no cache, and then nothing is kept or found.

    Without ``writes`` what is there is used, and nothing is kept.
    """

    root: Path | None = None
    key: bytes | None = None
    writes: bool = True

    @property
    def is_open(self) -> bool:
        """Whether entries are kept."""
        return self.writes and self.root is not None and self.key is not None

    def take(self, job: Job, witness: Witness) -> Entry | None:
        """The entry of a file if all it looked up is as it was, and what is asked for is kept or its trees are."""
        entry = self.fetch(job)
        if entry is None or not self._serves(job, entry):
            return None
        for how, path in entry.seen:
            witness.look(how, path)
        return entry if all(witness.seen[looked] == what for looked, what in entry.seen.items()) else None

    def _serves(self, job: Job, entry: Entry) -> bool:
        return (not job.trees and is_complete(job, entry)) or _TREES in self._kept(key_of(job, self.root))

    def fetch(self, job: Job) -> Entry | None:
        """The entry of a file if it is kept, whatever has become of what it looked up."""
        name = key_of(job, self.root)
        kept = self._kept(name)
        deck = self._open(kept, name, _DECK)
        if deck is None:
            return None
        mark = _mark(deck)
        notes = partial(self._load, name, NOTES, mark) if job.notes and NOTES in kept else None
        parts = {_DECK: deck}
        advice = self._open(kept, name, ADVICE, f"{mark}{_measures(job)}") if job.profile is not None else None
        if advice is not None:
            parts[ADVICE] = advice
        try:
            return decode(job.source.shown, parts, self.trees(job, name, mark), notes)
        except _BROKEN:
            return None

    def trees(self, job: Job, name: str, mark: str) -> Trees:
        """The trees of a file, from its entry or else from the source, whose text is not held until then."""
        again = job.source.path is not None and job.source.path.is_file()  # a pipe is read once
        source = replace(job, text="") if again else job
        return Trees(lambda: self._load(name, _TREES, mark), lambda: _again(source, name, self.root))

    def put(self, job: Job, parts: Parts) -> bool:
        """Keep the parts of an entry beside those that are kept; whether that was done."""
        if not self.writes or self.root is None or self.key is None:
            return False
        name = key_of(job, self.root)
        kept = self._kept(name)
        deck = parts.get(_DECK) or self._open(kept, name, _DECK)
        if deck is None:
            return False
        mark = _mark(deck)
        for part, told in parts.items():
            measures = _measures(job) if part == ADVICE else ""
            kept[part] = sealed(self.key, _purpose(name, part, f"{mark}{measures}"), told)
        # One file for all parts: making a file costs more than what is in it.
        data = pack(each for part, told in kept.items() for each in (part.encode(), told))
        return store.write(str(self.root), FILES, name, data)

    def _kept(self, name: str) -> dict[str, bytes]:
        """The parts of an entry, under their seals."""
        if self.root is None or self.key is None:
            return {}
        data = store.read_plain(os.path.join(store.room(str(self.root), FILES), name))  # noqa: PTH118 - as in `store`
        try:
            told = unpack(data or b"")
            return {part.decode(): kept for part, kept in zip(told[::2], told[1::2], strict=True)}
        except ValueError:
            return {}

    def _open(self, kept: Mapping[str, bytes], name: str, part: str, mark: str = "") -> list[bytes] | None:
        """A part of an entry; of one that is not the deck itself, the part that goes with the deck of this mark."""
        if self.key is None or part not in kept:
            return None
        return opened(self.key, _purpose(name, part, mark), kept[part])

    def _load(self, name: str, part: str, mark: str) -> list[bytes] | None:
        return self._open(self._kept(name), name, part, mark)


def is_complete(job: Job, entry: Entry) -> bool:
    """Whether an entry has the notes and the opinion that are asked for."""
    return (not job.notes or entry.written is not None) and (job.profile is None or entry.opinion is not None)


def _measures(job: Job) -> str:
    """What an opinion depends on beside the file."""
    profile = job.profile
    return "" if profile is None else f" {profile.question_words} {profile.answer_words} {profile.list_items}"


def _mark(deck: Sequence[bytes]) -> str:
    return sha256(pack(deck)).hexdigest()


def _purpose(name: str, part: str, mark: str) -> str:
    """What a seal is for. An entry that is made anew has other pictures: notes and trees belong to one deck."""
    return f"file {name} {part} {'' if part == _DECK else mark}"


def _again(job: Job, name: str, root: Path | None) -> Deck:
    from cardforge.diagnostics import Sink
    from cardforge.pipeline.entries.making import read_text_of
    from cardforge.pipeline.media import Listings

    if not job.text and job.source.path is not None:
        text = bytes_of(job.source.path).decode("utf-8", "replace").removeprefix("\ufeff")
        job = replace(job, text=text)
        if key_of(job, root) != name:
            raise OSError(None, "The file was changed while it was read: run the command again", job.source.shown)
    return read_text_of(job, Sink(), Listings())
