"""The measurements, by name; each adds to the results what it found. ``python -m bench.speed --only NAME`` runs one."""

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from bench.speed import survival
from bench.speed.bars import Bar, Kept, Results, Row
from bench.speed.dialects import EACH, chapters
from bench.speed.hostile import hostile as hostile_fields
from bench.speed.measure import CLOCK, Cost, Pairs, in_turns, run, slope
from bench.speed.peers import B1, CACHE, PEERS, install
from bench.speed.project import COMMAND, Project, Workshop

TARGETS: Final = ("anki", "pdf", "html")
STARTS: Final = 21
_ROOT: Final = Path(__file__).resolve().parents[2]


@dataclass(slots=True)
class Session:
    """A run: how many cards, how many at most for the growth, how often each pair takes turns."""

    shop: Workshop
    cards: int
    most: int
    rounds: int
    results: Results = field(default_factory=Results)
    _cold: Pairs | None = None

    @property
    def project(self) -> Project:
        """The project of the chosen size."""
        return self.shop.project(self.cards)

    def cold(self) -> Pairs:
        """The cold build, B1 and the other peer in turns, once a run."""
        if self._cold is None:
            for peer in PEERS:
                install(peer)
            project, rivals = self.project, [self.shop.rival(peer, self.cards) for peer in PEERS]
            pairs = in_turns(self.rounds, lambda: project.cold("build", "anki"), *(rival.cold for rival in rivals))
            self.row("build anki, cold", self.cards, pairs, 0, project.package.stat().st_size)
            for at, rival in enumerate(rivals, 1):
                size = sum(each.stat().st_size for each in rival.packages)
                self.row(rival.peer.title, self.cards, pairs, at, size)
            self._cold = pairs
        return self._cold

    def row(self, command: str, cards: int, pairs: Pairs, column: int, size: int = 0) -> None:
        """Note down what a command costs."""
        cost = pairs.cost(column)
        self.results.rows.append(Row(command, cards, cost.cpu, cost.wall, cost.memory, size, len(pairs.rounds)))

    def bar(self, measure: str, figure: float, bar: float, detail: str = "", **more: float) -> None:
        """Note down a figure and its bar."""
        self.results.bars.append(Bar(measure, figure, bar, detail, more.get("stretch"), bool(more.get("least"))))


def _cpu(cost: Cost) -> float:
    return cost.cpu


def _wall(cost: Cost) -> float:
    return cost.wall


def cold(session: Session) -> None:
    """The whole build with nothing to begin from, beside both peers."""
    pairs = session.cold()
    ours, b1, decks = (pairs.cost(column) for column in range(3))
    told = f"{ours.cpu:.2f} s / {{:.2f}} s"
    session.bar("build anki, cold: CPU / B1", pairs.ratio(_cpu), 2.2, told.format(b1.cpu), stretch=1.5)
    session.bar("build anki, cold: CPU / markdown-anki-decks", pairs.ratio(_cpu, 2), 0.7, told.format(decks.cpu))
    told = f"{ours.wall:.2f} s / {b1.wall:.2f} s"
    session.bar("build anki, cold: wall / B1", pairs.ratio(_wall), 1.25, told, stretch=1.0)


def kept(session: Session) -> None:
    """What of code, formulas, tables, pictures and tags is in each package."""
    session.cold()
    packages = {"cardforge": [session.project.package]}
    packages |= {peer.title: [*session.shop.rival(peer, session.cards).packages] for peer in PEERS}
    drafts = [draft for chapter in chapters(session.shop.seed, session.cards) for draft in chapter]
    for program, files in packages.items():
        found = survival.survived(drafts, files)
        shares = {feature: found.share(feature) if found.had[feature] else None for feature in survival.FEATURES}
        session.results.kept.append(Kept(program, found.notes, shares))
    ours = session.results.kept[-len(packages)]
    least = min(share for share in ours.shares.values() if share is not None) if ours.notes == session.cards else 0.0
    session.bar("code, math, tables, images, tags that survive", least, 1.0, f"{ours.notes:,} notes", least=True)


def unchanged(session: Session) -> None:
    """A second build when nothing has changed."""
    install(B1)
    project, rival = session.project, session.shop.rival(B1, session.cards)
    project.cold("build", "anki")
    pairs = in_turns(
        session.rounds + 2,  # short, and therefore uncertain
        lambda: project.run("build", "anki"),
        lambda: _python("import typer"),
        rival.cold,
    )
    session.row("build anki, nothing changed", session.cards, pairs, 0, project.package.stat().st_size)
    ours, typer, b1 = (pairs.cost(column).wall for column in range(3))
    told = f"{ours * 1000:.0f} ms / {typer * 1000:.0f} ms"
    session.bar("build anki, nothing changed: wall / import typer", pairs.ratio(_wall), 2.0, told)
    told = f"{ours * 1000:.0f} ms / {b1 * 1000:.0f} ms"
    session.bar("build anki, nothing changed: wall / B1", pairs.ratio(_wall, 2), 0.06, told)


def edited(session: Session) -> None:
    """One answer edited, in another file each round, and built again; beside the cold build."""
    project = session.project
    files = sorted((project.root / "cards").rglob("*.md"))
    turn = iter(range(len(files) * session.rounds))

    def edit() -> Cost:
        file = files[next(turn) * 7 % len(files)]
        before = file.read_text("utf-8")
        try:
            file.write_text(before.replace("\nA: ", "\nA: It was thought otherwise. ", 1), "utf-8")
            return project.run("build", "anki")
        finally:
            file.write_text(before, "utf-8")

    pairs = in_turns(session.rounds, lambda: project.cold("build", "anki"), edit)
    session.row("build anki, one file edited", session.cards, pairs, 1, project.package.stat().st_size)
    told = f"{pairs.cost(1).cpu:.2f} s / {pairs.cost(0).cpu:.2f} s"
    session.bar("one file edited: CPU / cold build", pairs.ratio(_cpu, 0, 1), 0.12, told)


def every(session: Session) -> None:
    """All targets in one run, beside one run for each; and how often fields are parsed."""
    project = session.project
    pairs = in_turns(
        max(1, session.rounds // 2),
        partial(project.cold, "build", "all"),
        *(partial(project.cold, "build", target) for target in TARGETS),
    )
    for at, target in enumerate(("all", "anki", "pdf", "html")):
        if at != 1:
            session.row(f"build {target}, cold", session.cards, pairs, at)
    ratios = sorted(row[0].cpu / sum(each.cpu for each in row[1:]) for row in pairs.rounds)
    told = f"{pairs.cost(0).cpu:.1f} s / {sum(pairs.cost(at).cpu for at in (1, 2, 3)):.1f} s"
    session.bar("build all: CPU / the three builds", ratios[len(ratios) // 2], 0.9, told)
    project.clear()
    parsed = _inside(project, "fields")
    session.bar("build all: fields parsed / fields", parsed / (2 * session.cards), 1.0, f"{parsed:,.0f} parsed")


def check(session: Session) -> None:
    """Only reading and checking, with nothing to begin from, beside the cold build."""
    project = session.project
    pairs = in_turns(session.rounds, lambda: project.cold("check"), lambda: project.cold("build", "anki"))
    session.row("check, cold", session.cards, pairs, 0)
    told = f"{pairs.cost(0).cpu:.2f} s / {pairs.cost(1).cpu:.2f} s"
    session.bar("check: CPU / build anki, both cold", pairs.ratio(_cpu), 0.85, told)


def memory(session: Session) -> None:
    """The most memory of the whole tree of processes, beside B1 and beside a tenth of the cards."""
    pairs = session.cold()
    ours, b1 = pairs.cost(0).memory, pairs.cost(1).memory
    session.bar("peak memory, cold / B1", ours / b1, 2.0, f"{ours / 1e6:.0f} MB / {b1 / 1e6:.0f} MB")
    large = in_turns(1, lambda: session.shop.project(session.most).cold("build", "anki"))
    session.row("build anki, cold", session.most, large, 0)
    most = large.cost(0).memory
    told = f"{most / 1e6:.0f} MB / {ours / 1e6:.0f} MB"
    session.bar(f"peak memory at {session.most:,} / at {session.cards:,}", most / ours, 4.0, told)


def size(session: Session) -> None:
    """The package without its media, beside what genanki writes for the same notes."""
    install(B1)
    project = session.project
    if not project.package.exists():
        project.cold("build", "anki")
    with zipfile.ZipFile(project.package) as archive:
        media = json.loads(archive.read("media"))
        ours = project.package.stat().st_size
        ours -= sum(info.compress_size for info in archive.infolist() if info.filename in media)
    notes, out = project.root / "build" / "notes.json", project.root / "build" / "genanki.apkg"
    told = [
        (f"deck {at // EACH}", note.fields, sorted(note.tags))
        for at, note in enumerate(survival.notes_in(project.package))
    ]
    notes.write_text(json.dumps(told), "utf-8")
    run([CACHE.resolve() / B1.name / "bin" / "python", Path(__file__).with_name("genanki_file.py"), notes, out], _ROOT)
    theirs = out.stat().st_size
    session.bar(
        "package without media / genanki's", ours / theirs, 0.25, f"{ours / 1e6:.2f} MB / {theirs / 1e6:.2f} MB"
    )


def growth(session: Session) -> None:
    """Each target and each peer from a hundred cards on, in steps of ten; the slope is that of the last step."""
    for peer in PEERS:
        install(peer)
    sizes = [cards for cards in (100, 1000, 10_000, 100_000) if cards <= session.most]
    for cards in sizes:
        project = session.shop.project(cards)
        commands: dict[str, Callable[[], Cost]] = {
            f"build {target}": partial(project.cold, "build", target) for target in TARGETS
        }
        commands |= {peer.title: session.shop.rival(peer, cards).cold for peer in PEERS}
        pairs = in_turns(1 if cards >= session.most else min(3, session.rounds), *commands.values())
        for at, command in enumerate(commands):
            session.results.growth.setdefault(command, []).append((cards, pairs.cost(at).cpu))
            if cards != session.cards:
                session.row(command, cards, pairs, at)
    for target in TARGETS:
        points = session.results.growth[f"build {target}"][-2:]
        told = " → ".join(f"{cpu:.1f} s" for _, cpu in points)
        session.bar(f"growth of build {target}, {sizes[-2]:,} to {sizes[-1]:,}", slope(points), 1.05, told)


def lock(session: Session) -> None:
    """The lock's share of a cold build, as ``bench.lock`` counts it: with a lock that is there, read too."""
    command = [sys.executable, "-m", "bench.lock", str(session.shop.project(session.most).root)]
    said = subprocess.run(command, cwd=_ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own
    share = re.search(r"share of a cold build: ([\d.]+)%", said)
    if share is None:
        raise ValueError(said)
    session.bar(f"the lock's share of a cold build, {session.most:,} notes", float(share[1]) / 100, 0.05)


def start(session: Session) -> None:
    """What is there before any work."""
    root = session.shop.of_one_card("start", "One.").root
    pairs = in_turns(
        STARTS,
        lambda: run([*COMMAND, "--version"], root),
        lambda: _python("pass"),
        lambda: run([*COMMAND, "--help"], root),
        lambda: _python("import typer"),
    )
    version, nothing, helped, typer = (pairs.cost(column).cpu * 1000 for column in range(4))
    session.bar("--version: CPU / python -c pass", pairs.ratio(_cpu), 2.0, f"{version:.0f} ms / {nothing:.0f} ms")
    session.bar("--help: CPU / import typer", pairs.ratio(_cpu, 3, 2), 2.3, f"{helped:.0f} ms / {typer:.0f} ms")


def page(session: Session) -> None:
    """The practice page on top of the HTML of its fields, beside the cold build of the package."""
    took = _inside(session.project, "page")
    whole = session.cold().cost(0).cpu
    session.bar("build html on top of fields / cold build anki", took / whole, 0.02, f"{took:.3f} s / {whole:.2f} s")


def hostile(session: Session) -> None:
    """Fields made to be slow."""
    session.results.bars += hostile_fields(session.shop)


def _python(code: str) -> Cost:
    return run([sys.executable, "-c", code], _ROOT)


def _inside(project: Project, figure: str) -> float:
    command = [sys.executable, "-m", "bench.speed.inside", figure]
    # In one process, for what happens in others is not seen.
    environment = os.environ | {"PYTHONPATH": str(_ROOT), "SOURCE_DATE_EPOCH": CLOCK, "CARDFORGE_JOBS": "1"}
    done = subprocess.run(command, cwd=project.root, env=environment, check=True, capture_output=True)  # noqa: S603
    return float(done.stdout)


MEASUREMENTS: Final[dict[str, Callable[[Session], None]]] = {
    "cold": cold,
    "kept": kept,
    "unchanged": unchanged,
    "edited": edited,
    "all": every,
    "check": check,
    "memory": memory,
    "size": size,
    "growth": growth,
    "lock": lock,
    "start": start,
    "html": page,
    "hostile": hostile,
}
