"""Seconds the lock costs: ``python -m bench.lock [files [cards in each]]`` from the root; 2,000 and 50 unless told.

Those cards are a line each, and so a build of them is as fast as one can be; ``python -m bench.lock PROJECT`` counts
for the cards of a project, in a copy of it.
They are the processor's, of this process and those it starts: what else the machine does takes no part.
"""

import gc
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

if not __package__:  # run by path: Python looks for modules beside this file only
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from cardforge.config import load_settings
from cardforge.diagnostics import Severity, Sink, Span
from cardforge.identity import FILE_NAME, Kept, Note, keep
from cardforge.identity.lock import read_lock
from cardforge.identity.told import Told, told_of
from cardforge.model import Card, bodies_of
from cardforge.pipeline import Request, read
from cardforge.pipeline.lockfile import Ledger

FILES, EACH = 2000, 50
CLOCK = 1_700_000_000
_SYLLABLES = tuple(first + second for first in "bdfgklmnprst" for second in "aeiou")


def main(arguments: Sequence[str]) -> int:
    """Print the seconds of two builds, and of what the lock takes of them; 1 when a build fails."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        if arguments and not arguments[0].isdecimal():
            _copy(Path(arguments[0]), root)
        else:
            files, each, *_ = [*map(int, arguments), *(FILES, EACH)[len(arguments) :]]
            _write(root, files, each)
            _say(f"{files * each:,} cards in {files:,} files")
        seconds = [0.0]
        for told in ("build anki, the first time", "build anki, nothing changed"):
            with _timed(told, seconds):
                status = _build(root)
            if status:
                return 1
        build = seconds[1]
        sink = Sink()
        request = Request(load_settings(root, {}, sink), root, CLOCK)
        cards = [*read(replace(request, lock=root / "none"), sink).collection.cards]
        for card in cards:  # a tree that another process read is no concern of the lock
            for body in bodies_of(card):
                _ = body.blocks
        data = (root / FILE_NAME).read_bytes()
    gc.collect()
    gc.disable()  # as the command line does
    with _timed("hash the cards", seconds):
        hashes = {card.head.span: told_of(card) for card in cards}
    before = sum(seconds)
    with _timed("  read the lock", seconds):
        notes = read_lock(FILE_NAME, data.decode(), sink) or {}
    with _timed("  match", seconds):
        kept = _matched(cards, notes, hashes)
    with _timed("  write the lock", seconds):
        same = Ledger(None, data).update(kept.notes) is None
    share = (sum(seconds) - before) / build
    _say(f"The lock's share of a cold build: {share:.1%}.")
    return 0 if same and kept.unchanged == len(cards) else 1


def _write(root: Path, files: int, each: int) -> None:
    """A project of short cards, of words that nobody knows; the same for the same numbers."""
    chance = random.Random(files * each)  # noqa: S311 - only a choice of words
    words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(20_000)]
    (root / "cards").mkdir()
    (root / "cardforge.toml").write_text('name = "deck"\nnamespace = "bench"\n', "utf-8")
    for file in range(files):
        cards = []
        for number in range(each):
            asked, told = chance.sample(words, 4), chance.sample(words, chance.randint(2, 9))
            cards.append(f"Q: What does {' '.join(asked)} say about {file * each + number}?\nA: {' '.join(told)}.\n")
        (root / "cards" / f"{file:05}.md").write_text("\n".join(cards), "utf-8")


def _copy(project: Path, root: Path) -> None:
    """A project's sources and settings, as they are checked out for the first time."""
    shutil.copytree(project / "cards", root / "cards")
    shutil.copyfile(project / "cardforge.toml", root / "cardforge.toml")


def _build(root: Path) -> int:
    """Build the package in a process of its own, Python's start included; its status."""
    command = [sys.executable, "-m", "cardforge", "build", "anki", "-q"]
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(CLOCK)}
    return subprocess.run(command, cwd=root, env=environment, check=False).returncode  # noqa: S603 - our own command


def _matched(cards: Sequence[Card], notes: Mapping[str, Note], told: Mapping[Span, Told]) -> Kept:
    """The cards matched as a build does it, which has their hashes from reading or from the cache."""
    return keep(
        cards,
        notes,
        namespace="bench",
        clock=CLOCK,
        doubt=Severity.WARNING,
        sink=Sink(),
        told=lambda card: told[card.head.span],
    )


@contextmanager
def _timed(told: str, seconds: list[float]) -> Iterator[None]:
    """Say how long something takes, and note it down."""
    began = sum(os.times()[:4])
    yield
    seconds.append(sum(os.times()[:4]) - began)
    _say(f"{told:<30} {seconds[-1]:7.1f} s")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
