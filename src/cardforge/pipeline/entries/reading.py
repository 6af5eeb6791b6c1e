"""Reads many files: in this process, and where there is much to read in others beside it.

Another process gives exactly what the cache holds, so that reading at once and reading again are one mechanism. A
process that ends early, or cannot be started, leaves its files to this one.
"""

import gc
import os
import pickle
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from queue import SimpleQueue
from threading import Thread
from typing import IO, Final

from cardforge.cache.seal import pack, unpack
from cardforge.cache.witness import Folders
from cardforge.pipeline.entries import Entry, Job
from cardforge.pipeline.entries.making import make
from cardforge.pipeline.entries.processes import Helper, are_copies, start
from cardforge.pipeline.entries.shelf import Parts, Shelf, decode, encode, is_certain, parts_asked
from cardforge.pipeline.entries.trees import Trees
from cardforge.pipeline.media import Listings

WORTH: Final = 1 << 20
"""Characters to read for each process more: starting one takes as long as reading some of them."""
PORTION: Final = 1 << 15
"""Characters of files that are handed over at once."""
_AHEAD: Final = 2
"""Portions a helper has at once: while one is taken from it, it reads the next."""
_MOST_PROCESSES: Final = 8
_LENGTH: Final = 8
Done = tuple[Job, Entry]


def read_all(jobs: Sequence[Job], shelf: Shelf, tell: Callable[[int], None]) -> list[Done]:
    """The entries of files, in their order; those that an equal run would give again are put on the shelf."""
    done: dict[int, Entry | None] = {}
    waiting = deque(_portions(jobs))
    listings = Listings()
    folders: Folders = {}

    def read_portion() -> None:
        for at in _next(waiting):
            done[at] = read_here(jobs[at], shelf, listings, folders)
            tell(len(done))

    _settle()
    if are_copies():
        read_portion()  # what it loads the others need not load
        _settle()
    with ExitStack() as ended, _helpers(_processes(jobs) - 1) as helpers:
        threads = [Thread(target=_hand_over, args=(each, jobs, waiting, shelf, done), daemon=True) for each in helpers]
        ended.callback(_await, threads)
        for thread in threads:
            thread.start()
        while True:
            read_portion()
            if waiting:
                continue
            running = [thread for thread in threads if thread.is_alive()]
            if not running:
                if waiting:  # what a helper did not bring back
                    continue
                break
            for thread in running:
                thread.join(0.1)
            tell(len(done))
    # What is on the shelf comes in now that the other processes are gone: at one time there is less in memory.
    return [(job, done.pop(at) or shelf.fetch(job) or make(job)) for at, job in enumerate(jobs)]


def _await(threads: Sequence[Thread]) -> None:
    """Let threads end whose helpers are gone: one may be putting a file on the shelf, which is not left half done."""
    for thread in threads:
        if thread.ident is not None:
            thread.join()


def _next(waiting: deque[list[int]]) -> list[int]:
    """The next portion, or an empty one where there is none left: helpers take from the same."""
    try:
        return waiting.popleft()
    except IndexError:
        return []


def _processes(jobs: Sequence[Job]) -> int:
    """How many processes read: as many as ``CARDFORGE_JOBS`` says or there are cores, where there is work for them."""
    told = os.environ.get("CARDFORGE_JOBS", "")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    most = int(told) if told.isascii() and told.isdecimal() else cores
    worth = sum(len(job.text) for job in jobs) // WORTH
    return max(1, min(most, _MOST_PROCESSES, len(jobs), 1 + worth))


def _portions(jobs: Sequence[Job]) -> Iterator[list[int]]:
    """The positions of files that are handed over at once."""
    portion: list[int] = []
    length = 0
    for at, job in enumerate(jobs):
        portion.append(at)
        length += len(job.text)
        if length >= PORTION:
            yield portion
            portion, length = [], 0
    if portion:
        yield portion


def read_here(job: Job, shelf: Shelf, listings: Listings, folders: Folders) -> Entry | None:
    """The entry of a file that this process reads; None where it is on the shelf, and nobody asks for its trees."""
    entry: Entry | None = make(job, listings, folders)
    if shelf.is_open and entry is not None and entry.certain:
        parts = encode(entry, parts_asked(job))
        if parts is not None and shelf.put(job, parts) and job.notes:
            entry = None  # gone before circles are looked for: the search goes through all there is
    _tidy()
    return entry


def _settle() -> None:
    """What there is by now stays to the end, and need not be looked at again."""
    if not gc.isenabled():
        gc.freeze()


def _tidy() -> None:
    """Let go of the circles that reading one file made, where the process does not look for any by itself."""
    if not gc.isenabled():
        gc.collect(1)


@contextmanager
def _helpers(number: int) -> Iterator[list[Helper]]:
    """Processes that wait for files to read. They are gone with the block, however it ends."""
    helpers: list[Helper] = []
    try:
        for _ in range(number):
            with suppress(OSError):
                helpers.append(start(serve))
        yield helpers
    finally:
        for helper in helpers:
            helper.kill()
        for helper in helpers:
            helper.wait()


def _hand_over(
    helper: Helper,
    jobs: Sequence[Job],
    waiting: deque[list[int]],
    shelf: Shelf,
    done: dict[int, Entry | None],
) -> None:
    """Give a helper portion after portion; one that it does not bring back waits again."""
    given: deque[list[int]] = deque()
    try:
        while True:
            while len(given) < _AHEAD and (portion := _next(waiting)):
                given.append(portion)
                _send(helper.questions, pickle.dumps([jobs[at] for at in portion]))
            if not given:
                return
            for at, data in zip(given[0], unpack(_receive(helper.answers)), strict=True):
                done[at] = take_over(jobs[at], _parts(data), shelf)
            given.popleft()
    except (OSError, EOFError, ValueError, LookupError, TypeError):
        waiting.extend([at for at in portion if at not in done] for portion in given)


def take_over(job: Job, parts: Parts, shelf: Shelf) -> Entry | None:
    """The entry that a helper made; None where it is on the shelf."""
    if shelf.is_open and is_certain(parts) and shelf.put(job, parts):
        return None
    kept = parts.get("trees", [])
    notes = (lambda: parts["notes"]) if "notes" in parts else None
    return decode(job.source.shown, parts, Trees(lambda: kept, lambda: make(job).deck), notes)


def serve(questions: IO[bytes], answers: IO[bytes]) -> None:
    """Read the files that come in on one pipe, and write their entries to the other.

    Both pipes have a thread: the run reads too, and is slow to answer.
    """
    gc.disable()
    asked: SimpleQueue[bytes | None] = SimpleQueue()
    answered: SimpleQueue[bytes | None] = SimpleQueue()
    Thread(target=_take_in, args=(questions, asked), daemon=True).start()
    telling = Thread(target=_give_out, args=(answers, answered), daemon=True)
    telling.start()
    listings = Listings()
    folders: Folders = {}
    while data := asked.get():
        jobs: list[Job] = pickle.loads(data)  # noqa: S301 - the bytes come from the process that started this one
        entries = []
        for job in jobs:
            parts = encode(make(job, listings, folders), parts_asked(job))
            if parts is None:
                break  # it cannot be handed over: the run misses it in the answer, and reads it itself
            entries.append(pack(pack([name.encode(), pack(each)]) for name, each in parts.items()))
            _tidy()
        answered.put(pack(entries))
    answered.put(None)
    telling.join()


def _take_in(questions: IO[bytes], asked: SimpleQueue[bytes | None]) -> None:
    with suppress(EOFError, OSError, ValueError):
        while True:
            asked.put(_receive(questions))
    asked.put(None)


def _give_out(answers: IO[bytes], answered: SimpleQueue[bytes | None]) -> None:
    with suppress(OSError):
        while (data := answered.get()) is not None:
            _send(answers, data)


def _parts(data: bytes) -> Parts:
    pairs = [unpack(each) for each in unpack(data)]
    return {name.decode(): unpack(each) for name, each in pairs}


def _send(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(len(data).to_bytes(_LENGTH, "big") + data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes:
    """What was sent. Raises EOFError or ValueError where the other side is gone."""
    head = pipe.read(_LENGTH)
    if not head:
        raise EOFError
    length = int.from_bytes(head, "big")
    data = pipe.read(length)
    if len(data) != length:
        raise EOFError
    return data
