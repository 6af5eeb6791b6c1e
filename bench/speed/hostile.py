"""Fields made to be slow: twice the text may take no more than about twice the time."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from bench.speed.bars import Bar
from bench.speed.measure import Cost, FailedError, in_turns, run
from bench.speed.project import COMMAND, Project, Workshop

MOST: Final = 2.5
_LONG: Final = 100_000
FIELDS: Final = {
    "“<” × 8,000": ("<", 8000),
    "“a < b ” × 8,000": ("a < b ", 8000),
    "“[” × 4,000": ("[", 4000),
    "a line of 10 MB": ("word and word ", 714_286),
}
_NOTHING: Final = 0.05
"""Seconds: what takes less than this more than an empty card is not slow, and a quotient of such times says nothing."""


def hostile(shop: Workshop) -> Iterator[Bar]:
    """Each field and one twice as long, without what an ordinary card costs."""
    for name, (piece, times) in FIELDS.items():
        plain, once, twice = (shop.of_one_card(f"hostile-{at}", "x " + piece * (times * at) + " x") for at in (0, 1, 2))
        figure, told = growth(plain, once, twice, 1 if times > _LONG else 3)
        yield Bar(f"hostile, {name}: twice / once", figure, MOST, told)


def growth(plain: Project, once: Project, twice: Project, rounds: int) -> tuple[float, str]:
    """How much longer twice the text takes, and how that is told; 1 when a finding bounds it."""
    refused = _refused(twice)
    pairs = in_turns(rounds, *(partial(_build, one) for one in (plain, once, twice)))
    base, first, second = (pairs.cost(column).cpu for column in range(3))
    told = f"{first - base:.2f} s → {second - base:.2f} s"
    if refused:
        return 1.0, f"{told}, refused"
    if second - base < _NOTHING:
        return 1.0, told
    return (second - base) / max(first - base, _NOTHING / MOST), told


def _build(project: Project) -> Cost:
    project.clear()
    return run([*COMMAND, "build", "anki", "-q"], project.root, fails=True)


def _refused(project: Project) -> bool:
    """Whether the field ends in a finding instead of a product."""
    project.clear()
    try:
        run([*COMMAND, "build", "anki", "-q"], project.root)
    except FailedError:
        return True
    return False
