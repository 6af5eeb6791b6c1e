"""What building costs has bounds that need no other program; ``make bench`` measures the narrow ones beside two.

All bounds are ratios of the processor's time in one run, so that neither the machine nor what else it does takes part.
What is compared takes turns, and the least of the turns counts: whatever else happens only adds.
"""

import gc
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from functools import partial
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from typing import Final

import pytest
from markdown import Markdown

from cardforge.cli import run as command_line

ROOT: Final = Path(__file__).parents[1]

VERSION: Final = 3.0  # of `python -c pass`
HELP: Final = 4.0  # of `python -c "import typer"`
BUILD: Final = 3.6  # of what Python-Markdown takes for the same fields
GROWTH: Final = 1.3  # the exponent
HOSTILE: Final = 3.0  # twice the field
NOTHING: Final = 0.03  # seconds too few to compare
SOME: Final = 1000
MANY: Final = 4000
TURNS: Final = 5


@pytest.fixture(autouse=True)
def _bench(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))


def cpu(command: Callable[[], object]) -> float:
    """Seconds of the processor that a call takes, with those of the processes it waits for."""

    def used() -> float:
        each = (getrusage(RUSAGE_SELF), getrusage(RUSAGE_CHILDREN))
        return sum(one.ru_utime + one.ru_stime for one in each)

    before = used()
    command()
    return used() - before


def test_starting_costs_little_more_than_what_it_needs(tmp_path: Path, say: Callable[[str], None]) -> None:
    from bench.speed.measure import Cost, run
    from bench.speed.project import COMMAND

    python = (sys.executable, "-c")
    commands = ((*COMMAND, "--version"), (*python, "pass"), (*COMMAND, "--help"), (*python, "import typer"))

    def least(costs: list[Cost]) -> float:
        return min(cost.cpu for cost in costs)

    turns = [[run(command, tmp_path) for command in commands] for _ in range(TURNS)]
    version, nothing, helped, typer = (least([turn[at] for turn in turns]) for at in range(4))
    say(f"Speed\n--version / python -c pass: {version / nothing:.2f}; --help / import typer: {helped / typer:.2f}")
    assert version / nothing <= VERSION
    assert helped / typer <= HELP


def test_a_package_is_made_without_what_genanki_only_seems_to_need() -> None:
    told = (
        "import sys, cardforge.backends.anki.package; print(sorted({'asyncio', 'genanki', 'ssl'} & set(sys.modules)))"
    )
    made = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True)
    assert made.stdout == "['genanki']\n"


def test_a_card_costs_a_bounded_part_of_its_markdown_and_more_cards_cost_in_proportion(
    tmp_path: Path, say: Callable[[str], None]
) -> None:
    from bench.speed.measure import slope
    from bench.speed.project import Project, Workshop

    shop = Workshop(tmp_path, 1)
    projects = (shop.of_one_card("one", "One."), shop.project(SOME), shop.project(MANY))

    def built(project: Project) -> float:
        return project.cold("build", "anki").cpu

    turns = [[built(projects[0]), built(projects[1]), _yardstick()] for _ in range(2)]
    start, some, yardstick = (min(turn[at] for turn in turns) for at in range(3))
    many = min(built(projects[2]) for _ in range(2))
    ratio, growth = (some - start) / yardstick, slope([(SOME, some - start), (MANY, many - start)])
    say(f"Speed\nbuild anki / Python-Markdown on its fields: {ratio:.2f}; growth to {MANY:,} cards: {growth:.2f}")
    assert ratio <= BUILD
    assert growth <= GROWTH


def _yardstick() -> float:
    """What Python-Markdown takes for the fields of the same cards, one instance for all of them."""
    from bench.speed.dialects import chapters, fields

    texts = [field for chapter in chapters(1, SOME) for draft in chapter for field in fields(draft)]
    reader = Markdown(extensions=["fenced_code", "tables", "codehilite", "footnotes"])
    assert len(texts) == 2 * SOME
    return cpu(lambda: [reader.reset().convert(text) for text in texts])


@pytest.mark.parametrize(
    ("piece", "times"),
    [("<", 8000), ("a < b ", 8000), ("[", 4000), ("*a _b ", 4000), ("word and word ", 70_000)],
    ids=["<", "a < b", "[", "emphasis", "a line of 1 MB"],
)
def test_a_field_made_to_be_slow_costs_in_proportion_or_is_refused(
    piece: str, times: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bench.speed.project import Project, Workshop

    shop = Workshop(tmp_path, 1)
    plain, once, twice = (shop.of_one_card(f"{at}", "x " + piece * (times * at) + " x") for at in (0, 1, 2))

    def built(project: Project) -> float:
        project.clear()
        monkeypatch.chdir(project.root)
        gc.disable()  # as in a process of the program's own; here it would search all that other tests left behind
        try:
            return cpu(lambda: command_line(["build", "anki", "-q"]))
        finally:
            gc.enable()

    built(plain)  # loads what is loaded only once
    turns = [[built(plain), built(once), built(twice)] for _ in range(2)]
    base, first, second = (min(turn[at] for turn in turns) for at in range(3))
    assert second - base <= HOSTILE * (first - base) + NOTHING, f"{base:.2f} s, {first:.2f} s, {second:.2f} s"


def test_building_all_parses_every_field_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bench.speed.project import Workshop

    project = Workshop(tmp_path, 1).project(50)
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{ROOT / 'src'}")
    command = [sys.executable, "-m", "bench.speed.inside", "fields"]
    assert float(subprocess.run(command, cwd=project.root, check=True, capture_output=True).stdout) == 2 * 50


def test_the_cards_depend_on_the_seed_and_their_number_alone_and_give_no_finding(tmp_path: Path) -> None:
    from bench.speed.corpus import draft, name_of
    from bench.speed.dialects import chapters, write

    assert [one for chapter in chapters(3, 70) for one in chapter] == [draft(3, number) for number in range(70)]
    assert draft(3, 69) != draft(4, 69)
    assert len({name_of(number) for number in range(100_000)}) == 100_000
    write(tmp_path / "deck", "cardforge", 3, 400)
    cards, told = _listed(tmp_path / "deck")
    assert cards == 400
    assert [finding for finding in told if not finding.startswith("advice")] == []


def _listed(folder: Path) -> tuple[int, list[str]]:
    """How many cards the program sees, and the severity and slug of each finding."""
    from cardforge.config import load_settings
    from cardforge.diagnostics import Sink
    from cardforge.pipeline import Request, read

    sink = Sink()
    reading = read(Request(load_settings(folder, {}, sink), folder, 1_700_000_000, thorough=True), sink)
    findings = [f"{told.severity.name.lower()} {told.code.value}" for told in sink]
    return sum(1 for _ in reading.collection.cards), findings


def test_all_of_the_cards_parts_survive_and_what_does_not_is_noticed(tmp_path: Path) -> None:
    from bench.speed.corpus import draft
    from bench.speed.project import Workshop
    from bench.speed.survival import FEATURES, survived

    project = Workshop(tmp_path, 5).project(150)
    project.cold("build", "anki")
    drafts = [draft(5, number) for number in range(150)]
    whole = survived(drafts, [project.package])
    assert whole.notes == 150
    assert all(whole.had[feature] for feature in FEATURES)
    assert {feature: whole.share(feature) for feature in FEATURES} == dict.fromkeys(FEATURES, 1.0)
    others = survived([draft(6, number) for number in range(150)], [project.package])
    assert all(others.share(feature) < 0.2 for feature in FEATURES)
    none = survived(drafts, [])
    assert none.notes == 0
    assert not any(none.kept.values())


def test_what_is_measured_is_the_whole_tree_of_processes(tmp_path: Path) -> None:
    from bench.speed.measure import Cost, FailedError, Pairs, in_turns, run, slope

    held = "b'x' * 60_000_000; time.sleep(0.3)"
    child = f"import time; text = {held}"
    both = (
        f"import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', {child!r}]); x = {held}; p.wait()"
    )
    alone = run([sys.executable, "-c", child], tmp_path, memory=True)
    assert 60e6 < alone.memory < 100e6
    assert 120e6 < run([sys.executable, "-c", both], tmp_path, memory=True).memory < 200e6
    assert alone.cpu < alone.wall
    with pytest.raises(FailedError, match="boom"):
        run([sys.executable, "-c", "raise SystemExit('boom')"], tmp_path)
    assert slope([(10, 1), (100, 100)]) == pytest.approx(2)
    turns = iter([Cost(1, 0), Cost(2, 0), Cost(3, 0), Cost(30, 0), Cost(2, 0), Cost(8, 0)])
    pairs = in_turns(3, lambda: next(turns), lambda: next(turns))
    assert pairs.ratio(lambda cost: cost.cpu) == pytest.approx(0.25)
    assert pairs.cost(1).cpu == 8
    assert isinstance(pairs, Pairs)


def test_a_run_prints_its_figures_and_fails_when_one_is_over_its_bar(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from bench.speed import measurements, report
    from bench.speed.__main__ import main

    def growth(session: measurements.Session, figure: float) -> None:
        session.results.growth["build <anki>"] = [(100, 0.5), (1000, 4.0)]
        session.bar("growth", figure, 1.05, stretch=0.9)

    arguments = ["--only", "growth", "--out", str(tmp_path)]
    for figure, status, verdict in ((1.06, 1, "FAILS"), (1.0, 0, "holds"), (0.8, 0, "stretch")):
        monkeypatch.setitem(measurements.MEASUREMENTS, "growth", partial(growth, figure=figure))
        assert main(arguments) == status
        assert f"| growth | {figure:.3g} | ≤ 1.05 (0.9) | {verdict} |" in capsys.readouterr().out
    assert {file.name for file in tmp_path.iterdir()} == {"speed.md", "speed.json", "speed.svg"}
    assert "build <anki>" in "".join(ET.parse(tmp_path / "speed.svg").getroot().itertext())  # noqa: S314 - our own file
    assert report.plot({"a": [(100, 0.1)]}).startswith("<svg")
