"""A run that changed nothing, kept to be told again: its key is all that goes into a run, its value what it said."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, TextIO

from cardforge.cache import store
from cardforge.cache.program import program
from cardforge.cache.seal import opened, pack, read_key, sealed, the_key, unpack
from cardforge.cache.witness import Witness, holds

_VERBS: Final = frozenset(("build", "check", "list"))
_RUNS: Final = "runs"
_MOST_RUNS: Final = 32
_MOST_TOLD: Final = 1 << 24
"""Characters a run may have said to be kept."""
_FINE: Final = 0
_ENVIRONMENT_TROUBLE: Final = 3


@dataclass(slots=True)
class Tape:
    """What a run was told, and said so far, on which stream (1 or 2).

    ``spoilt`` where it said what is not kept: a product.
    """

    arguments: tuple[str, ...] = ()
    told: list[tuple[int, str]] = field(default_factory=list)
    spoilt: bool = False


TAPE: Final = Tape()
"""The tape of this process, as its streams are the process's."""


def name_of(arguments: Sequence[str], cwd: str) -> str:
    """The name of a run: the program, the command, where it runs and what it is told by the environment."""
    told = sorted(
        f"{key}={value}"
        for key, value in os.environ.items()
        if key.startswith("CARDFORGE_") or key in ("SOURCE_DATE_EPOCH", "NO_COLOR")
    )
    streams = "".join("t" if stream is not None and stream.isatty() else "-" for stream in (sys.stdout, sys.stderr))
    parts = [program(), streams.encode(), os.fsencode(cwd), pack(map(os.fsencode, told))]
    return sha256(pack([*parts, pack(map(os.fsencode, arguments))])).hexdigest()[:40]


def start(arguments: Sequence[str]) -> None:
    """Begin the tape of a run."""
    TAPE.arguments = tuple(arguments)
    TAPE.told.clear()
    TAPE.spoilt = False


def keep(cwd: str, root: str, witness: Witness, status: int) -> None:
    """Keep what the run said and how it ended, for as long as all the witness saw stays as it is."""
    if witness.spoilt or TAPE.spoilt or sum(len(text) for _, text in TAPE.told) > _MOST_TOLD:
        return
    key = the_key(root)
    if key is None or not program() or not store.make(root, _RUNS):
        return
    said = pack(part for stream, text in TAPE.told for part in (b"%d" % stream, _bytes(text)))
    name = name_of(TAPE.arguments, cwd)
    store.write(root, _RUNS, name, sealed(key, f"run {name}", [pack(witness.parts()), said, b"%d" % status]))
    store.prune(root, _RUNS, frozenset((name,)), _MOST_RUNS)


def replay(arguments: Sequence[str]) -> int | None:
    """Tell again what an equal run said, and its exit status; None where there was none, or where anything changed."""
    if _VERBS.isdisjoint(arguments) or sys.stdout is None or sys.stderr is None:
        return None
    try:
        parts = _found(arguments)
        if parts is None:
            return None
        told = _said(parts[1])
        status = int(parts[2])
    except (OSError, ValueError, LookupError):
        return None
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr] # text streams
    for number, text in told:
        ended = _say(sys.stdout if number == 1 else sys.stderr, text)
        if ended is not None:
            return ended
    return status


def _found(arguments: Sequence[str]) -> list[bytes] | None:
    cwd = os.getcwd()  # noqa: PTH109 - pathlib takes longer to load than a run without a change
    folder, name = cwd, ""
    while True:
        if store.is_ours(folder, _RUNS):
            name = name or name_of(arguments, cwd)
            data = store.read_plain(os.path.join(store.room(folder, _RUNS), name))  # noqa: PTH118 - the same
            key = read_key(folder) if data is not None else None
            parts = opened(key, f"run {name}", data) if key is not None and data is not None else None
            if parts is not None and holds(unpack(parts[0])):
                return parts
        above = os.path.dirname(folder)  # noqa: PTH120 - the same
        if above == folder:
            return None
        folder = above


def _said(data: bytes) -> list[tuple[int, str]]:
    """What was said, stream by stream. Raises ValueError for anything else."""
    parts = unpack(data)
    return [(int(number), text.decode("utf-8")) for number, text in zip(parts[::2], parts[1::2], strict=True)]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def _say(stream: TextIO, text: str) -> int | None:
    """Write a text; the exit status where the run has to end with it, as :mod:`cardforge.cli.streams` has it."""
    try:
        stream.write(text)
        stream.flush()
    except OSError as error:
        if stream is sys.stderr:
            return None
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if isinstance(error, BrokenPipeError):
            return _FINE
        _say(sys.stderr, f"cardforge: standard output cannot be written: {error.strerror}.\n")
        return _ENVIRONMENT_TROUBLE
    return None
