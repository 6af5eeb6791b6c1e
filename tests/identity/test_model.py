"""Random histories of a course, told by Hypothesis: an author's edits and builds, and a learner's real Anki.

``CARDFORGE_HISTORIES`` sets how many histories are told, ``CARDFORGE_HISTORY`` where chance begins. Hypothesis cuts a
history that fails down to the steps that are needed for it, and prints them.
"""

import contextlib
import io
import os
import re
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Final

import course as writing
import pytest
from course import Course, Draft, Page, drawn
from edits import EDITS, IN_A_FILE
from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture.providers import HypothesisProvider
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from learner import OLD_ANKI, Learner, newest, older
from model import Collection, Kept, copied, copy_page, hold, merged, notes_in

from cardforge.cli import run

HISTORIES: Final = int(os.environ.get("CARDFORGE_HISTORIES", "12"))
FIRST: Final = int(os.environ.get("CARDFORGE_HISTORY", "0"))
STEPS: Final = 36
START: Final = 1_700_000_000
DAY: Final = 86_400
FAR: Final = 2_500_000_000
"""A clock that is wrong: ahead even of that of the real Anki that reads the package."""
_PACKAGE: Final = "build/deck.apkg"
_DOUBT: Final = re.compile(r"^(?P<file>[^:\n]+):(?P<line>\d+):\d+: error\[doubtful-match\]: .*$", re.MULTILINE)
_STAMP: Final = re.compile(r"^<!-- card: source=(\S+)(?: id=(\S+))?.*?(?: id=(\S+))? -->$", re.MULTILINE)

Opened = Callable[[Path], AbstractContextManager[Learner]]
Work = Sequence[tuple[str, int]]
"""Edits by name, each with where chance begins for it."""

chances: Final = st.integers(0, 9999)
_UNSURE: Final = ("delete", "insert", "remake", "remake_sisters", "replace_by_sister", "reword", "write_twice")
some_work: Final = st.lists(st.tuples(st.sampled_from((*sorted(EDITS), *_UNSURE)), chances), min_size=1, max_size=6)
file_work: Final = st.lists(
    st.tuples(st.sampled_from(sorted(each.__name__ for each in IN_A_FILE)), chances), max_size=4
)
waits: Final = st.sampled_from((0, 0, 1, 600, DAY, 7 * DAY))
clocks: Final = st.sampled_from((0,) * 12 + (DAY, FAR - START))


class History(RuleBasedStateMachine):
    """An author with a project, and a learner who reads its packages now and then."""

    def __init__(self, folder: Path, opened: Opened, counts: Counter[str], edits: Counter[str]) -> None:
        super().__init__()
        self.folder = folder
        self.opened = opened
        self.counts = counts
        self.edits = edits
        self.places = ExitStack()
        self.kept = Kept()
        self.now = START
        self.package = b""
        self.older = b""
        self.built = 0

    def teardown(self) -> None:
        try:
            assert self.anki.learner.problems() == []
            self.counts["histories"] += 1
        finally:
            self.counts.update(self.anki.counts)
            self.places.close()

    # ---- the author

    @initialize(chance=chances, cards=st.integers(3, 9))
    def begin(self, chance: int, cards: int) -> None:
        """The first build of a new course."""
        self.project = self.folder / "project"
        shutil.rmtree(self.project, ignore_errors=True)
        self.project.mkdir(parents=True)
        (self.project / "cardforge.toml").write_text('name = "deck"\nnamespace = "tests"\n', "utf-8")
        self.lock = self.project / "cardforge.lock"
        self.places.enter_context(contextlib.chdir(self.project))
        self.anki = Collection(self.places.enter_context(self.opened(self.folder / "collection")))
        self.course = writing.begun(drawn(chance), cards)
        self.build(START)

    @rule(work=some_work, wait=waits, ahead=clocks)
    def edit(self, work: Work, wait: int, ahead: int) -> None:
        """Some edits, alone and combined, or none."""
        self.do(self.course, work)
        self.build(self.later(wait) + ahead)

    @rule(name=st.sampled_from(sorted(EDITS)), chance=chances, wait=waits)
    def edit_once(self, name: str, chance: int, wait: int) -> None:
        self.do(self.course, [(name, chance)])
        self.build(self.later(wait))

    @rule(work=st.lists(st.tuples(st.sampled_from(_UNSURE), chances), min_size=1, max_size=4), wait=waits)
    def edit_so_that_it_may_be_another_card(self, work: Work, wait: int) -> None:
        self.do(self.course, work)
        self.build(self.later(wait))

    @rule(chance=chances, number=st.integers(1, 4), wait=waits, work=file_work)
    def cut_build_and_paste(self, chance: int, number: int, wait: int, work: Work) -> None:
        """Cards go to the clipboard, somebody builds, the cards come back, perhaps into another file."""
        rng = drawn(chance)
        course = self.course
        cut = rng.sample(range(len(course.cards)), min(number, len(course.cards) - 1))
        cards = [course.cards[at] for at in cut]
        for page in course.pages:
            page.cards = [card for card in page.cards if not any(card is each for each in cards)]
        course.removed += cards
        self.build(self.later(wait))
        for card in cards:
            page = rng.choice(course.pages)
            page.cards.insert(rng.randint(0, len(page.cards)), card)
            card.asked = card.told = card.fresh = True
        course.removed = [card for card in course.removed if not any(card is each for each in cards)]
        self.do(course, work)
        self.build(self.later(wait))

    @rule(work=some_work, wait=waits, read=st.booleans())
    def try_on_a_branch(self, work: Work, wait: int, read: bool) -> None:  # noqa: FBT001 - drawn by Hypothesis
        """A branch is built, perhaps even learned from, and left."""
        course, kept, lock = copied(self.course), self.kept.fork(), self.lock.read_bytes()
        self.do(self.course, work)
        self.build(self.later(wait))
        if read:
            self.read()
        course.made = self.course.made
        self.course, self.kept = course, kept
        self.lock.write_bytes(lock)
        self.build(self.later(1))
        self.counts["branches left"] += 1

    @rule(ours=file_work, theirs=file_work, wait=waits, style=st.sampled_from(("", "--diff3", "--zdiff3")))
    def merge_branches(self, ours: Work, theirs: Work, wait: int, style: str) -> None:
        """Two authors each edit a file of their own and build; git merges what it can."""
        base, kept, course = self.lock.read_text("utf-8"), self.kept, self.course
        sides: list[tuple[str, Kept, Page]] = []
        for number, work in enumerate((ours, theirs)):
            self.course, self.kept = copied(course), kept.fork()
            mine = Course([self.course.pages[number]], [], self.course.unwritten, course.made)
            self.do(mine, [*(("insert", number) for _ in range(3)), *work])
            self.build(self.later(wait + 1))
            sides.append((self.lock.read_text("utf-8"), self.kept, copy_page(self.course.pages[number])))
            course.made, course.unwritten = mine.made, mine.unwritten
            course.removed += mine.removed
            self.lock.write_text(base, "utf-8", newline="\n")
        course.pages[:2] = [page for *_, page in sides]
        self.course, self.kept = course, merged(kept, sides[0][1], sides[1][1])
        self.lock.write_text(self.git_merged(sides[0][0], base, sides[1][0], style), "utf-8", newline="\n")
        self.build(self.later(1))
        self.counts["merges"] += 1

    def git_merged(self, ours: str, base: str, theirs: str, style: str) -> str:
        names = []
        for name, text in (("ours", ours), ("base", base), ("theirs", theirs)):
            names.append(self.folder / name)
            names[-1].write_text(text, "utf-8", newline="\n")
        command = ["git", "merge-file", "-p", *([style] if style else []), *map(str, names)]
        done = subprocess.run(command, capture_output=True, check=False)
        assert 0 <= done.returncode < 128, done.stderr
        self.counts["merges with conflicts"] += done.returncode > 0
        return done.stdout.decode("utf-8")

    @rule(work=file_work, wait=waits, number=st.integers(0, writing.FILES - 1))
    def stamp(self, work: Work, wait: int, number: int) -> None:
        """GUIDs are written into a file."""
        self.do(self.course, work)
        page, clock = self.course.pages[number], self.later(wait)
        if not page.cards:  # an empty file that is named is an error
            return self.build(clock)
        self.settled("ids", "--write", f"cards/{page.name}", clock=clock)
        text = (self.project / "cards" / page.name).read_text("utf-8")
        found = [(mark, first or second) for mark, first, second in _STAMP.findall(text)]
        cards = list(writing.written(page)[1].values())
        assert [mark for mark, _ in found] == [card.mark for card in cards]
        for card, (_, name) in zip(cards, found, strict=True):
            assert card.id in (None, name)
            self.counts["stamps"] += card.id is None
            card.id = name
        return self.build(clock)

    @rule(wait=waits)
    def take_stamps_away(self, wait: int) -> None:
        """The lock knows the notes as well."""
        for card in self.course.cards:
            if card.id is not None and not card.id.startswith(("id-", "new-")):
                card.id = None
        self.build(self.later(wait))

    @rule()
    def prune(self) -> None:
        """Notes without a card are dropped from the lock."""
        assert self.command("ids", "--prune", clock=self.now)[0] == 0
        self.kept.forget_gone()
        self.build(self.later(1))
        self.counts["prunes"] += 1

    @rule()
    def lose_the_lock(self) -> None:
        """The package has the notes it holds."""
        self.lock.unlink()
        assert self.command("ids", "--from", _PACKAGE, clock=self.now)[0] == 0
        self.kept.forget_gone()
        self.build(self.later(1))
        self.counts["lost locks"] += 1

    @rule(work=some_work, wait=waits, by=st.sampled_from(("--deck", "--kind", "--tag")), chance=chances)
    def build_a_part(self, work: Work, wait: int, by: str, chance: int) -> None:
        """A package of some cards: what is not chosen is not removed."""
        self.do(self.course, work)
        clock = self.later(wait)
        page = drawn(chance).choice([page for page in self.course.pages if page.cards])
        card = drawn(chance).choice(page.cards)
        chosen = {"--deck": card.deck or page.deck, "--kind": card.kind, "--tag": next(iter(card.tags), "")}[by]
        said = self.settled("build", "anki", *((by, chosen) if chosen else ()), clock=clock)
        part = notes_in((self.project / _PACKAGE).read_bytes())
        lock = self.lock.read_bytes()
        self.build(clock + 1, changed=clock)
        assert self.lock.read_bytes() == lock
        whole = notes_in(self.package)
        assert part.items() <= whole.items()
        removed = len(self.before.live.keys() - whole.keys())
        assert f"{removed} removed" in said
        self.counts["parts"] += 1

    @rule(work=some_work, wait=waits)
    def build_all(self, work: Work, wait: int) -> None:
        """All targets at once move times as the package alone does; the others alone touch no lock."""
        self.do(self.course, work)
        lock = self.lock.read_bytes()
        self.lay_out()
        status, said = self.command("build", "html", clock=self.now)
        assert status == 0, said
        assert self.lock.read_bytes() == lock
        self.build(self.later(wait), target="all")

    # ---- the learner

    @rule()
    def read(self) -> None:
        """Import the newest package."""
        self.anki.read(self.package, self.now)

    @precondition(lambda self: self.older)
    @rule()
    def read_an_older_package(self) -> None:
        self.anki.read(self.older, self.now)
        self.counts["imports of an old package"] += 1

    @rule()
    def keep_a_package(self) -> None:
        """A package that is going to be old."""
        self.older = self.package

    @precondition(lambda self: self.anki.there)
    @rule(chance=chances, number=st.integers(1, 6))
    def answer(self, chance: int, number: int) -> None:
        guids = sorted(self.anki.there)
        self.anki.answer(drawn(chance).sample(guids, min(number, len(guids))))

    @precondition(lambda self: self.anki.there)
    @rule(chance=chances, later=st.sampled_from((0, 1, 600, DAY)))
    def write_in_anki(self, chance: int, later: int) -> None:
        """Edit a note in Anki, at a time around the build's."""
        self.anki.write(drawn(chance).choice(sorted(self.anki.there)), self.now + later)

    @rule(work=some_work, wait=waits, chance=chances)
    def edit_build_and_learn(self, work: Work, wait: int, chance: int) -> None:
        """What happens most."""
        self.edit(work, wait, 0)
        self.read()
        self.answer(chance, 3)
        if chance % 2:
            self.write_in_anki(chance, chance % 3)

    # ---- how it is done

    def later(self, seconds: int) -> int:
        self.now += seconds
        return self.now

    def do(self, course: Course, work: Work) -> None:
        for name, chance in work:
            self.edits[name] += EDITS[name](course, drawn(chance))

    def build(self, clock: int, *, target: str = "anki", changed: int | None = None) -> None:
        """Build the course, settle doubts as its author would, and hold the package to the model."""
        self.settled("build", target, clock=clock)
        self.package = (self.project / _PACKAGE).read_bytes()
        self.before = self.kept
        self.kept = hold(self.kept, self.course, notes_in(self.package), clock if changed is None else changed)
        for card in self.course.cards:
            self.counts["remade cards"] += card.remade
        self.course.built()
        self.counts["builds"] += 1
        self.built += 1
        if self.built % 4 == 0:
            self.nothing_changes(clock + DAY)

    def nothing_changes(self, clock: int) -> None:
        lock = self.lock.read_bytes()
        status, said = self.command("build", "anki", "--locked", clock=clock)
        assert status == 0, said
        assert self.lock.read_bytes() == lock
        assert (self.project / _PACKAGE).read_bytes() == self.package, "a build without a change changed the package"

    def settled(self, *arguments: str, clock: int) -> str:
        """Run a command that writes the lock, and do as findings say until it has none of them."""
        while True:
            places = self.lay_out()
            before = self.lock.read_bytes() if self.lock.exists() else b""
            status, said = self.command(*arguments, clock=clock)
            doubts = list(_DOUBT.finditer(said))
            assert status == (1 if doubts else 0), said
            if not doubts:
                return said
            assert (self.lock.read_bytes() if self.lock.exists() else b"") == before, "a failed build wrote the lock"
            status, warned = self.command("diff", clock=clock)
            assert (status, warned.count("warning[doubtful-match]")) == (0, len(doubts)), warned
            for doubt in doubts:
                cards = places[doubt["file"]]
                self.settle(cards[max(line for line in cards if line <= int(doubt["line"]))], doubt[0])

    def settle(self, card: Draft, said: str) -> None:
        """Do as a finding says: the note's GUID where the card has a note, any other id for a new card."""
        assert card.id is None, f"a card with an id is never in doubt: {said}"
        live = [guid for guid, note in self.kept.live.items() if note.mark == card.mark]
        changed = card.asked or card.fresh or len(live) > 1  # a copy may have been given the note
        assert changed, f"a card whose question is as it was is never in doubt: {said}"
        taken = {each.id for each in self.course.cards}
        mine = sorted(self.kept.of(card.mark) - taken, key=lambda guid: (guid in self.kept.gone, guid))
        named = [guid for guid in mine if guid in said]
        mine = named or ([] if card.remade else [guid for guid in mine if not self.is_a_copys(guid, card)])
        is_new = card.remade and len(card.question) % 3 == 0  # an author who means another card
        card.id = self.course.fresh("new-") if is_new or not mine else mine[0]
        self.counts[
            "doubts settled by an id of its own" if card.id.startswith("new-") else "doubts settled by a GUID"
        ] += 1
        self.counts["doubts about a card that was there" if mine else "doubts about a new card"] += 1

    def is_a_copys(self, guid: str, card: Draft) -> bool:
        """Whether a note belongs to a copy of the card whose question is as it was."""
        note = self.kept.live.get(guid)
        copies = (each for each in self.course.cards if each.mark == card.mark and each is not card)
        return note is not None and any(
            each.id is None and note.in_words()[0].startswith(writing.plain(each.question)) for each in copies
        )

    def lay_out(self) -> dict[str, dict[int, Draft]]:
        """Write the files anew; the cards by file and line."""
        for old in self.project.rglob("*.md"):
            old.unlink()
        places = {}
        for page in self.course.pages:
            text, places[f"cards/{page.name}"] = writing.written(page)
            path = self.project / "cards" / page.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return places

    def command(self, *arguments: str, clock: int) -> tuple[int, str]:
        os.environ["SOURCE_DATE_EPOCH"] = str(clock)
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            status = run(list(arguments))
        return status, out.getvalue()


@pytest.mark.parametrize("version", ["newest", OLD_ANKI])
def test_a_course_keeps_its_notes_through_random_histories(
    version: str,
    tmp_path: Path,
    need: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
    say: Callable[[str], None],
) -> None:
    need("anki")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(START))
    # Hypothesis likes to draw numbers that it read in the modules loaded so far: other histories after other tests.
    monkeypatch.setattr(HypothesisProvider, "_maybe_draw_constant", lambda *_, **__: None)
    started = time.monotonic()
    counts: Counter[str] = Counter()
    edits: Counter[str] = Counter()
    opened: Opened = newest if version == "newest" else older().opened
    histories = HISTORIES if version == "newest" else max(1, HISTORIES // 4)

    def begun() -> History:
        return History(tmp_path, opened, counts, edits)

    told = settings(
        max_examples=histories,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
        print_blob=False,
        verbosity=Verbosity.normal,
    )
    run_state_machine_as_test(seed(FIRST)(begun), settings=told)  # type: ignore[arg-type] # any maker of one will do
    lines = [f"{number:7} {what}" for what, number in sorted(counts.items())]
    lines += [f"{time.monotonic() - started:7.1f} seconds with Anki {version}"]
    lines += [f"{edits.total():7} edits: " + ", ".join(f"{number} {name}" for name, number in sorted(edits.items()))]
    say("Identity: random histories\n" + "\n".join(lines))
    if version == "newest" and HISTORIES >= 12:
        assert counts["builds"] >= 200
        assert set(edits) == set(EDITS)
        least = {"doubts settled by a GUID": 10, "doubts settled by an id of its own": 10, "merges with conflicts": 3}
        for what, number in least.items():
            assert counts[what] >= number, what
