"""``python -m bench.fuzz [--inputs N] [--seed S] [--jobs J]`` from the root: the promises, held against N inputs.

An input depends on the seed and its own number only. A third are card sections made of shapes, in which no word may be
lost; a third are tokens of the grammar in no order; a third are files of this project, damaged. Each two hundredth goes
through all targets, too. For each promise that broke, the smallest input found is shown; the exit status is then 1.
"""

import argparse
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

if not __package__:  # run by path: Python looks for modules beside this file only
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from bench.fuzz.pieces import damaged, section, soup
from bench.fuzz.promises import PLAIN, RICH, look, lost, slow

ROOT: Final = Path(__file__).resolve().parents[2]
FILES: Final = ("cards/*.md", "tests/seed/*", "tests/cases/shapes/*.md", "tests/cases/findings/*/*.md", "docs/*.md")
_BATCH: Final = 500
_ALL_TARGETS: Final = 200


@dataclass(frozen=True, slots=True)
class Break:
    """A promise that broke: which, for which input, in the blocks it was made of, and how."""

    promise: str
    number: int
    parts: tuple[bytes, ...]
    told: str


@dataclass(slots=True)
class Count:
    """What became of a range of inputs. ``slowest`` is the number of the input that took longest for its length."""

    inputs: int = 0
    size: int = 0
    built: int = 0
    slowest: tuple[float, int] = (0.0, -1)
    breaks: list[Break] = field(default_factory=list)

    def add(self, other: "Count") -> None:
        """Take another range's figures in."""
        self.inputs, self.size, self.built = (
            self.inputs + other.inputs,
            self.size + other.size,
            self.built + other.built,
        )
        self.slowest = max(self.slowest, other.slowest)
        self.breaks += other.breaks


def corpus() -> list[bytes]:
    """The project's own files, in the order of their names."""
    found = [path for pattern in FILES for path in sorted(ROOT.glob(pattern)) if path.is_file()]
    return [data for path in found if (data := path.read_bytes())]


def made(seed: int, number: int, files: Sequence[bytes]) -> tuple[str, tuple[bytes, ...]]:
    """The input of a number: what kind it is, and its parts."""
    random = Random(f"{seed} {number}")  # noqa: S311 - to be repeated, not to be guessed
    if number % 3 == 0:
        return "section", tuple(part.encode() for part in section(random))
    if number % 3 == 1:
        return "soup", (soup(random).encode("utf-8", "surrogatepass"),)
    return "damaged", (damaged(random, random.choice(files)),)


def try_one(kind: str, parts: tuple[bytes, ...], number: int, *, targets: bool) -> Iterator[tuple[str, str]]:
    """The promises that an input breaks, and how. A quarter of the numbers has all shapes switched on."""
    data, settings = b"".join(parts), RICH if number % 4 == 0 else PLAIN
    try:
        yield from (("places", wrong) for wrong in look(data, settings, targets=targets))
        if kind == "section" and (words := lost([part.decode() for part in parts], settings)):
            yield "words", f"in no card and in no finding: {' '.join(words[:8])}"
    except Exception as error:  # noqa: BLE001 - none may be raised, whichever it is
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(last.filename).name}:{last.name}"
        yield f"{type(error).__name__} in {place}", "".join(traceback.format_exception_only(error)).strip()[:300]


def run(seed: int, first: int, last: int) -> Count:
    """Hold the promises against the inputs ``first`` to ``last``."""
    count, files = Count(), corpus()
    for number in range(first, last):
        kind, parts = made(seed, number, files)
        data = b"".join(parts)
        targets = number % _ALL_TARGETS == 0
        start = time.process_time()
        count.breaks += [
            Break(what, number, parts, told) for what, told in try_one(kind, parts, number, targets=targets)
        ]
        taken = time.process_time() - start
        count.inputs, count.size, count.built = count.inputs + 1, count.size + len(data), count.built + targets
        if not targets:
            count.slowest = max(count.slowest, (taken / (len(data) + 2000), number))
            if taken > 1 and (times := slow(data)) > 1:
                count.breaks.append(Break("time", number, parts, f"{times:.1f} times the time allowed"))
    return count


def smallest(broken: Break) -> tuple[bytes, ...]:
    """The parts of a broken promise with all taken away that it does not need."""
    kind = "section" if broken.promise == "words" else ""
    targets = broken.number % _ALL_TARGETS == 0

    def breaks(parts: tuple[bytes, ...]) -> bool:
        try:
            if broken.promise == "time":
                return slow(b"".join(parts)) > 1
            return any(what == broken.promise for what, _ in try_one(kind, parts, broken.number, targets=targets))
        except UnicodeDecodeError:
            return False

    parts = _reduced(broken.parts, breaks, keep=1 if kind else 0) if breaks(broken.parts) else broken.parts
    if kind or not breaks(parts):
        return parts
    bits = tuple(bytes([each]) for each in b"".join(parts))
    return (b"".join(_reduced(bits, breaks, keep=0)),)


def _reduced(
    parts: tuple[bytes, ...], breaks: Callable[[tuple[bytes, ...]], bool], *, keep: int, patience: float = 20.0
) -> tuple[bytes, ...]:
    """Take runs of parts away while the promise stays broken, long runs first, at most for ``patience`` seconds."""
    length, end = max(1, len(parts) // 2), time.monotonic() + patience
    while length and time.monotonic() < end:
        at = keep
        while at < len(parts) and time.monotonic() < end:
            fewer = parts[:at] + parts[at + length :]
            if breaks(fewer):
                parts = fewer
            else:
                at += length
        length //= 2
    return parts


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def main(arguments: Sequence[str]) -> int:
    """Print the figures and what broke; 1 when anything did."""
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description="Hold the promises against many inputs.")
    parser.add_argument("--inputs", type=int, default=10_000, help="how many inputs (default: 10,000)")
    parser.add_argument("--seed", type=int, default=0, help="which inputs (default: 0)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (default: one a core)")
    parser.add_argument("--show", type=int, default=5, help="broken inputs to show of each kind (default: 5)")
    told = parser.parse_args(arguments)
    total, began = Count(), time.perf_counter()
    starts = range(0, told.inputs, _BATCH)
    ends = [min(start + _BATCH, told.inputs) for start in starts]
    with ProcessPoolExecutor(told.jobs) as pool:
        for count in pool.map(run, [told.seed] * len(ends), starts, ends):
            total.add(count)
    seconds = time.perf_counter() - began
    _say(f"{total.inputs:,} inputs, {total.size:,} bytes, {total.built:,} of them through all targets, {seconds:.0f} s")
    per, number = total.slowest
    _say(f"slowest for its length: input {number}, {per * 1e6:.0f} µs a byte (2,000 bytes free)")
    by_promise: dict[str, list[Break]] = {}
    for each in total.breaks:
        by_promise.setdefault(each.promise, []).append(each)
    for promise, breaks in by_promise.items():
        _say(f"\nBROKEN {len(breaks):,} times: {promise}")
        for each in sorted(breaks, key=lambda b: len(b"".join(b.parts)))[: told.show]:
            _say(f"  input {each.number}: {each.told}\n    {b''.join(smallest(each))!r}")
    return 1 if by_promise else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
