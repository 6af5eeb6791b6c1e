"""The results as a table for people, as JSON for programs and as a picture of the growth."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from html import escape
from itertools import pairwise
from math import floor, log10
from typing import Final

from bench.speed.bars import Bar, Results
from cardforge import __version__

_COLOURS: Final = ("#0b6e99", "#b3541e", "#4d7c0f", "#6b21a8", "#52525b", "#a16207")
_WIDE, _HIGH, _EDGE, _LEGEND = 760, 460, 60, 190


def markdown(results: Results, cards: int, rounds: int, load: float, options: str) -> str:
    """Tables of Markdown: the bars, what each command costs, what survived."""
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    lines = [
        "# What building costs",
        "",
        f"`python -m bench.speed{options}`, cardforge {__version__}, {datetime.now(UTC):%Y-%m-%d};",
        f"{machine}; load {load:.1f} when it began.",
        f"{cards:,} cards unless said otherwise; medians of {rounds} rounds in which the commands take turns.",
        "",
        "| measure | figure | bar | | from |",
        "|---|--:|--:|---|---|",
        *map(line, results.bars),
    ]
    if results.rows:
        lines += [
            "",
            "| command | cards | CPU s | wall s | memory MB | output MB | rounds |",
            "|---|--:|--:|--:|--:|--:|--:|",
        ]
        for row in results.rows:
            memory = f"{row.memory / 1e6:.0f}" if row.memory else ""
            written = f"{row.size / 1e6:.2f}" if row.size else ""
            took = f"{row.cpu:.2f} | {row.wall:.2f}"
            lines.append(f"| {row.command} | {row.cards:,} | {took} | {memory} | {written} | {row.rounds} |")
    if results.kept:
        features = list(results.kept[0].shares)
        lines += ["", f"| what survives | notes | {' | '.join(features)} |", "|---|--:|" + "--:|" * len(features)]
        for kept in results.kept:
            shares = " | ".join("" if share is None else f"{share:.0%}" for share in kept.shares.values())
            lines.append(f"| {kept.program} | {kept.notes:,} | {shares} |")
    lines += ["", *(f"Not measured: {failure}" for failure in results.failures)] if results.failures else []
    return "\n".join(lines) + "\n"


def line(bar: Bar) -> str:
    """A row of the first table."""
    return f"| {bar.measure} | {_ratio(bar.figure)} | {_bar(bar)} | {bar.verdict} | {bar.detail} |"


def as_json(results: Results, cards: int, rounds: int, load: float) -> str:
    """The same for programs."""
    bars = [asdict(bar) | {"holds": bar.holds} for bar in results.bars]
    told = {
        "version": __version__,
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": round(load, 2),
    }
    return json.dumps(told | {"cards": cards, "rounds": rounds} | asdict(results) | {"bars": bars}, indent=1) + "\n"


def plot(growth: dict[str, list[tuple[int, float]]]) -> str:
    """An SVG: seconds of the processor over cards, both logarithmic."""
    xs = [log10(cards) for points in growth.values() for cards, _ in points]
    ys = [log10(cpu) for points in growth.values() for _, cpu in points]
    left, right = floor(min(xs)), max(xs)
    low, high = floor(min(ys)), floor(max(ys)) + 1

    def x(value: float) -> float:
        return _EDGE + (value - left) / max(right - left, 1) * (_WIDE - _EDGE - _LEGEND)

    def y(value: float) -> float:
        return _HIGH - _EDGE - (value - low) / (high - low) * (_HIGH - 2 * _EDGE)

    shapes = []
    for power in range(left, floor(right) + 1):
        shapes.append(_line(x(power), y(low), x(power), y(high)))
        shapes.append(_text(x(power), y(low) + 20, f"{10**power:,}", "middle"))
    for power in range(low, high + 1):
        shapes.append(_line(x(left), y(power), x(right), y(power)))
        shapes.append(_text(x(left) - 8, y(power) + 4, f"{10.0**power:g} s", "end"))
    ends = _apart([y(log10(points[-1][1])) for points in growth.values()])
    for (name, points), colour, end in zip(growth.items(), _COLOURS, ends, strict=False):
        path = " ".join(f"{x(log10(cards)):.1f},{y(log10(cpu)):.1f}" for cards, cpu in points)
        shapes.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        shapes += [
            f'<circle cx="{x(log10(cards)):.1f}" cy="{y(log10(cpu)):.1f}" r="3" fill="{colour}"/>'
            for cards, cpu in points
        ]
        shapes.append(_text(x(right) + 10, end + 4, name, "start", colour))
    title = "Seconds of the processor by number of cards, from nothing"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}" font-family="sans-serif" '
        f'font-size="12" role="img"><title>{title}</title><rect width="100%" height="100%" fill="#fff"/>'
        f"{_text(_EDGE, 30, title, 'start')}{''.join(shapes)}</svg>\n"
    )


def _apart(places: Sequence[float]) -> list[float]:
    """The heights of labels, moved down where two would lie on each other."""
    order = sorted(range(len(places)), key=lambda at: places[at])
    moved = [*places]
    for above, below in pairwise(order):
        moved[below] = max(moved[below], moved[above] + 16)
    return moved


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#ddd"/>'


def _text(x: float, y: float, text: str, anchor: str, colour: str = "#333") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'


def _ratio(figure: float) -> str:
    return f"{figure:.3g}" if figure < 10 else f"{figure:.1f}"  # noqa: PLR2004 - where a third digit stops to matter


def _bar(bar: Bar) -> str:
    sign = "≥" if bar.least else "≤"
    return f"{sign} {bar.bar:g}" + (f" ({bar.stretch:g})" if bar.stretch is not None else "")
