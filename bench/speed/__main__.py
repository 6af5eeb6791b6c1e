"""What building costs, beside two peers and beside the bars: ``python -m bench.speed [--cards 1000] [--only NAME]``."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

if not __package__:  # run by path: Python looks for modules beside this file only
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from bench.speed import report
from bench.speed.measure import FailedError
from bench.speed.measurements import MEASUREMENTS, Session
from bench.speed.project import Workshop

CARDS = 10_000
RESULTS = Path(__file__).resolve().parents[1] / "results"


def main(arguments: Sequence[str]) -> int:
    """Measure and print; 1 when a bar does not hold or something could not be measured."""
    told = _arguments(arguments)
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        shop = Workshop(Path(folder), told.seed)
        session = Session(shop, told.cards, told.most or 10 * told.cards, told.rounds)
        for name in told.only or MEASUREMENTS:
            began, told_before = time.perf_counter(), len(session.results.bars)
            try:
                MEASUREMENTS[name](session)
            except (FailedError, subprocess.CalledProcessError, ValueError) as error:
                session.results.failures.append(f"{name}: {error}")
            sys.stderr.write(f"{name}: {time.perf_counter() - began:.0f} s\n")
            sys.stderr.writelines(f"  {report.line(bar)}\n" for bar in session.results.bars[told_before:])
    results = session.results
    where = arguments.index("--out") if "--out" in arguments else len(arguments)
    options = "".join(f" {argument}" for argument in (*arguments[:where], *arguments[where + 2 :]))
    table = report.markdown(results, told.cards, told.rounds, load, options)
    sys.stdout.write(table)
    out = told.out or (RESULTS if told.cards == CARDS and not told.only else None)
    if out:
        out.mkdir(parents=True, exist_ok=True)
        (out / "speed.md").write_text(table, "utf-8")
        (out / "speed.json").write_text(report.as_json(results, told.cards, told.rounds, load), "utf-8")
        if results.growth:
            (out / "speed.svg").write_text(report.plot(results.growth), "utf-8")
    return 0 if all(bar.holds for bar in results.bars) and not results.failures else 1


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.speed", description=__doc__)
    parser.add_argument("--cards", type=int, default=CARDS, help="how many; the bars are for 10,000")
    parser.add_argument("--most", type=int, help="how many for growth and memory; ten times as many unless told")
    parser.add_argument("--rounds", type=int, default=3, help="how often commands take turns")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", choices=MEASUREMENTS, help="one measurement (repeatable)")
    parser.add_argument("--out", type=Path, help="where results go; bench/results after a run of everything")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
