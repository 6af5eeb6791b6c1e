"""What print costs beside other engines: ``python -m bench.print`` from the root; ``--help`` for more.

Each figure is of a process of its own; rounds go through all engines in turn, and medians are compared. Others than
ReportLab get a virtual environment each under ``.bench/``, made when it is first needed.
"""

import argparse
import json
import math
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median

from cardforge.printing import KEYS, read_options

ROOT = Path(__file__).resolve().parents[2]
WORKER = Path(__file__).with_name("worker.py")
KEPT = ROOT / ".bench"
SMALL, LARGE, HUGE = 1000, 10_000, 100_000
PEERS = {"weasyprint": "weasyprint==70.0", "typst": "typst==0.15.2"}
"""Engines that are not among our own requirements, and what pip installs for them."""
PROFILES = ("press", "screen")
"""Of ours; the first is the one that others are held against, the second has tags."""
BESIDE = {"paragraph": 1.0, "weasyprint": 0.12, "typst": 1.5}
"""How many times the processor's time of another engine ours may take."""
TAGGED = 1.6
"""How many times that of the first profile the second may take."""
SLOPE = 1.05
"""The power of the number of pages that time may grow with."""
MEMORY = {"press": 10.0, "screen": 18.0}
"""KiB of memory a page may take."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process told: the processor's seconds, bytes of memory, bytes of PDF."""

    seconds: float
    memory: int
    bytes: int


@dataclass(slots=True)
class Table:
    """Rows of what was compared, its bar and its figure."""

    rows: list[tuple[str, float, float]] = field(default_factory=list)

    def add(self, told: str, bar: float, figure: float) -> None:
        """Add a comparison; its figure must not be above its bar."""
        self.rows.append((told, bar, figure))

    @property
    def holds(self) -> bool:
        """Whether every bar holds."""
        return all(figure <= bar for _, bar, figure in self.rows)

    def __str__(self) -> str:
        lines = [f"{'':<44}{'bar':>8}{'figure':>9}"]
        lines += [f"{t:<44}{b:>8.2f}{f:>9.2f}  {'holds' if f <= b else 'FAILS'}" for t, b, f in self.rows]
        return "\n".join(lines)


def profiles(wanted: Iterable[str] = PROFILES) -> list[str]:
    """Those of our profiles that the program knows; "" alone where it knows no profiles."""
    if "profile" not in KEYS:
        return [""]

    def known(name: str) -> bool:
        wrong: list[str] = []
        read_options({"profile": name}, lambda *words: wrong.append(words[0]))
        return not wrong

    return [name for name in wanted if known(name)]


def cost(engine: str, count: int, profile: str = "", python: str = sys.executable) -> Cost:
    """What so many cards take one engine, in a new process."""
    command = [python, str(WORKER), engine, str(count), *([profile] if profile else [])]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own command
    told = json.loads(done.stdout)
    return Cost(told["seconds"], told["memory"], told["bytes"])


def rounds(ways: Mapping[str, Callable[[], Cost]], number: int) -> dict[str, Cost]:
    """The medians of each way, measured in turn."""
    found: dict[str, list[Cost]] = {name: [] for name in ways}
    for _ in range(number):
        for name, way in ways.items():
            found[name].append(way())
    return {
        name: Cost(
            median(each.seconds for each in costs),
            round(median(each.memory for each in costs)),
            round(median(each.bytes for each in costs)),
        )
        for name, costs in found.items()
    }


def growth(small: tuple[int, Cost], large: tuple[int, Cost]) -> tuple[float, float]:
    """The power of the number of pages that time grows with, and the KiB that each further page takes."""
    pages, times = large[0] / small[0], large[1].seconds / small[1].seconds
    return math.log(times) / math.log(pages), (large[1].memory - small[1].memory) / (large[0] - small[0]) / 1024


def python_with(engine: str) -> str:
    """The interpreter that has an engine, installed into a virtual environment when it is first asked for."""
    package = PEERS.get(engine)
    if package is None:
        return sys.executable
    home = KEPT / package
    python = home / "bin" / "python"
    if not (home / "ready").exists():
        say(f"Installing {package} into {home.relative_to(ROOT)} …")
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)  # noqa: S603 - the same
        subprocess.run([python, "-m", "pip", "install", "-qq", package], check=True)  # noqa: S603 - the same
        (home / "ready").touch()
    return str(python)


def main(arguments: Sequence[str]) -> int:
    """Print the table; 1 when a bar does not hold."""
    asked = _read(arguments)
    known = profiles(asked.profile or PROFILES)
    table = Table()
    ways = {f"cardforge {name}".rstrip(): _way("cardforge", asked.cards, name) for name in known}
    ways |= {name: _way(name, asked.cards) for name in BESIDE if name not in asked.without}
    say(f"{asked.cards:,} plain cards, medians of {asked.rounds}: {', '.join(known) or 'no profile'}")
    found = rounds(ways, asked.rounds)
    for name, each in found.items():
        told = f"{each.seconds:>8.2f} s{each.memory / 2**20:>8.0f} MiB{each.bytes / asked.cards:>8.0f} bytes a page"
        say(f"  {name:<20}{told}")
    first = found[f"cardforge {known[0]}".rstrip()]
    for name, bar in BESIDE.items():
        if name in found:
            table.add(f"{known[0] or 'print'} / {name}", bar, first.seconds / found[name].seconds)
    for name in known[1:]:
        table.add(f"{name} / {known[0]}", TAGGED, found[f"cardforge {name}"].seconds / first.seconds)
    for told, bar, figure in _growths(known, asked):
        table.add(told, bar, figure)
    say(str(table))
    return 0 if table.holds else 1


def _growths(known: Sequence[str], asked: argparse.Namespace) -> Iterator[tuple[str, float, float]]:
    sizes = [SMALL, LARGE, *([HUGE] if asked.huge else [])]
    for name in known:
        costs = rounds({str(size): _way("cardforge", size, name) for size in sizes}, 1 if asked.huge else asked.rounds)
        for small, large in pairwise(sizes):
            slope, memory = growth((small, costs[str(small)]), (large, costs[str(large)]))
            told = f"{name or 'print'}, {small:,} to {large:,} pages"
            yield f"{told}: power of time", SLOPE, slope
            yield f"{told}: KiB a page", MEMORY.get(name, MEMORY[PROFILES[0]]), memory


def _way(engine: str, count: int, profile: str = "") -> Callable[[], Cost]:
    python = python_with(engine)
    return lambda: cost(engine, count, profile, python)


def _read(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m bench.print", description=__doc__)
    parser.add_argument("--cards", type=int, default=SMALL, help="for the comparison with others")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--profile", action="append", help="of ours, repeatable; the first is held against others")
    parser.add_argument("--without", action="append", default=[], choices=list(BESIDE), help="leave an engine out")
    parser.add_argument("--huge", action="store_true", help=f"go on to {HUGE:,} pages, one round each")
    return parser.parse_args(arguments)


def say(line: str) -> None:
    """A line on standard output, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
