"""Projects that are edited at random, and what a run of the command line does in them, in this process."""

import contextlib
import io
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from unittest.mock import patch

from PIL import Image

from cardforge.cache.record import replay
from cardforge.cache.store import FOLDER
from cardforge.cli import run
from command import EPOCH, write

CONFIG: Final = 'name = "course"\nnamespace = "tests"\n'
FRONT: Final = (
    "",
    "---\ntags: [one]\n---\n\n",
    "---\ndeck: Course::Two\nlang: de\n---\n\n",
    "---\nnonsense: 1\n---\n\n",
)
CARDS: Final = (
    "Q: What is a tree?\nA: A graph without *circles*.\n",
    "Q: What does this print?\nA: It prints:\n\n```python\nprint(1)\n```\n",
    "Q: How large is $x^2$?\nA: As $$\\frac{a}{b}$$ says.\n",
    "Q: Is $\\frac{$ a formula?\nA: It is not.\n",
    "C: The {{c1::mitochondria}} are in the {{c2::cell}}.\n",
    "Q: What does this show?\nA: ![A square](red.png) and ![another](deep/blue.png)\n",
    "Q: What is missing?\nA: ![It](missing.png)\n",
    "Q: Which of them?\n\n- [x] This\n- [ ] That\n",
    "<!-- card: id=mine -->\nQ: Whose is it?\nA: | a | b |\n|---|---|\n| 1 | 2 |\n",
    "Q: What has no answer?\n",
    "Words that are no card, <b>bold</b> and [a link](https://example.org).\n",
    "<!-- cardforge-ignore-next-line bad-formula -->\nQ: Is $\\frac{$ one?\nA: No: &#xD800; is none.\n",
)


def picture(colour: str) -> bytes:
    """A small picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (3, 3), colour).save(buffer, "PNG")
    return buffer.getvalue()


def deck(front: int, cards: Sequence[int]) -> str:
    """A file of cards."""
    return FRONT[front] + "# Deck\n\n" + "\n".join(CARDS[each] for each in cards)


def project(folder: Path) -> Path:
    """A project of three files and two pictures."""
    return write(
        folder,
        {
            "cardforge.toml": CONFIG,
            "cards/a.md": deck(0, (0, 1, 4)),
            "cards/b.md": deck(1, (2, 5)),
            "cards/sub/c.md": deck(0, (7, 8)),
            "cards/red.png": picture("red"),
            "cards/deep/blue.png": picture("blue"),
        },
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run said, how it ended, and what the project's files are then, the cache aside."""

    status: int
    out: str
    err: str
    files: tuple[tuple[str, bytes], ...]


def ran(folder: Path, keys: Path, *arguments: str, replays: bool = True, jobs: int = 1) -> Outcome:
    """Run the command line in a folder; ``keys`` is where the person's key is."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    told = {"XDG_CACHE_HOME": str(keys), "SOURCE_DATE_EPOCH": EPOCH, "CARDFORGE_JOBS": str(jobs)}
    with (
        _inside(folder),
        patch.dict(os.environ, told),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        status = replay(arguments) if replays else None
        if status is None:
            status = run(arguments)
    return Outcome(status, _text(out), _text(err), files_of(folder))


def was_told_again(folder: Path, keys: Path, *arguments: str) -> bool:
    """Whether a run would be told again from its record."""
    out = io.StringIO()
    told = {"XDG_CACHE_HOME": str(keys), "SOURCE_DATE_EPOCH": EPOCH, "CARDFORGE_JOBS": "1"}
    with (
        _inside(folder),
        patch.dict(os.environ, told),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(out),
    ):
        return replay(arguments) is not None


def afresh(folder: Path, away: Path) -> Path:
    """A copy of a project without its cache, in a folder of the same name."""
    shutil.rmtree(away, ignore_errors=True)
    shutil.copytree(folder, away, symlinks=True, ignore=shutil.ignore_patterns(FOLDER))
    return away


def files_of(folder: Path) -> tuple[tuple[str, bytes], ...]:
    """The files of a project but for its cache."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and FOLDER not in path.parts)
    return tuple((path.relative_to(folder).as_posix(), path.read_bytes()) for path in found)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
