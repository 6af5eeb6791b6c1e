"""All files of a run as entries: those that are kept, then the others, read here and in other processes."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from cardforge.cache import store
from cardforge.cache.program import program
from cardforge.cache.seal import read_key, the_key
from cardforge.cache.witness import Witness
from cardforge.pipeline.entries import Entry, Job
from cardforge.pipeline.entries.shelf import ADVICE, FILES, NOTES, Shelf, encode, is_complete, key_of, parts_asked

_MOST_OTHERS = 4
"""How many times as many old files as used ones the cache may hold, and some more."""


def open_shelf(root: Path | None, *, writes: bool) -> Shelf:
    """The shelf of a project; one that keeps nothing where there is no project, no key or no room."""
    if root is None or not program():
        return Shelf()
    if not writes:
        with suppress(OSError):
            return Shelf(root, read_key(str(root)) if store.is_ours(str(root), FILES) else None, writes=False)
        return Shelf()
    key = the_key(str(root))
    return Shelf(root, key) if key is not None and store.make(str(root), FILES) else Shelf()


def gather(jobs: Sequence[Job], shelf: Shelf, witness: Witness, tell: Callable[[int, int], None]) -> dict[str, Entry]:
    """The entries of files by the name they are shown under, in the order of the files.

    ``tell`` hears how many of how many are done.
    """
    entries: dict[str, Entry] = {}
    missing: list[Job] = []
    for job in jobs:
        entry = shelf.take(job, witness)
        if entry is None:
            missing.append(job)
        else:
            entries[job.source.shown] = entry if is_complete(job, entry) else _completed(job, entry, shelf)
    if missing:
        from cardforge.pipeline.entries.reading import read_all

        for job, entry in read_all(missing, shelf, lambda done: tell(len(entries) + done, len(jobs))):
            entries[job.source.shown] = entry
            for looked, what in entry.seen.items():
                witness.seen.setdefault(looked, what)
        if shelf.is_open:
            used = frozenset(key_of(job, shelf.root) for job in jobs)
            store.prune(str(shelf.root), FILES, used, _MOST_OTHERS * len(used) + 64)
    if any(not entry.certain for entry in entries.values()):
        witness.spoilt = True
    return {job.source.shown: entries[job.source.shown] for job in jobs}


def _completed(job: Job, entry: Entry, shelf: Shelf) -> Entry:
    """The entry with what was not asked for before."""
    from cardforge.pipeline.entries.making import completed

    entry = completed(job, entry)
    parts = encode(entry, [each for each in parts_asked(job) if each in (NOTES, ADVICE)])
    if parts is not None:
        shelf.put(job, parts)
    return entry
