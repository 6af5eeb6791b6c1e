"""Builds that are killed, and builds that run at once: product and lock are each the old one or the new one, whole."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cardforge.backends.targets import TARGETS
from cardforge.cli import run
from cardforge.diagnostics import Sink
from cardforge.identity.lock import read_lock
from command import EPOCH, ROOT, cardforge, write

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

_DECK = (
    "Q: What does the clipped surrogate of PPO limit?\nA: How far one update may move the policy.\n\n"
    "Q: Which distance does the KL penalty keep small?\nA: That to the reference model.\n"
)
_KILLED = 77
_WRITES = {"os.rename", "os.remove", "os.mkdir", "os.chmod", "os.rmdir", "os.truncate"}


@dataclass(frozen=True, slots=True)
class State:
    """What a reader of the project sees: the bytes of the products and of the lock."""

    files: dict[str, bytes]
    parts: tuple[str, ...]


def _state(project: Path) -> State:
    products = [project / "cardforge.lock", *(project / "build").glob("deck.*")]
    parts = sorted(path.name for path in project.rglob(".cardforge-*"))
    return State({path.name: path.read_bytes() for path in products if path.exists()}, tuple(parts))


def _forked(project: Path, target: str, fatal: int = 0) -> int:
    """Start a build in a process of its own, which ends at its write number ``fatal``; returns its id."""
    child = os.fork()
    if child:
        return child
    status = 99
    try:
        os.chdir(project)
        os.environ["SOURCE_DATE_EPOCH"] = EPOCH
        if fatal:
            _end_at(fatal)
        status = run(["build", target, "-q"])
    finally:
        os._exit(status)


def _end_at(fatal: int) -> None:
    """End this process, as SIGKILL would, right before it opens, moves or removes a file for the nth time."""
    count = 0

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal count
        writes = event in _WRITES or (event == "open" and isinstance(arguments[2], int) and arguments[2] & 3)
        count += bool(writes)
        if writes and count == fatal:
            os._exit(_KILLED)

    sys.addaudithook(watch)


def _status(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@dataclass(frozen=True, slots=True)
class Rebuild:
    """A project that was built and edited, what it held then and what it holds after the next build."""

    project: Path
    before: State
    after: State

    def again(self, place: Path) -> Path:
        """A copy of the project right before the build."""
        shutil.rmtree(place, ignore_errors=True)
        return Path(shutil.copytree(self.project, place))

    def check(self, state: State) -> None:
        """Each file is the old one or the new one."""
        assert set(state.files) <= set(self.before.files) | set(self.after.files)
        for name, data in state.files.items():
            assert data in (self.before.files.get(name), self.after.files.get(name)), name
        assert set(self.before.files) <= set(state.files), "nothing that was there is gone"


def _rebuild(tmp_path: Path, target: str, *, first: bool) -> Rebuild:
    for each in TARGETS.values():
        each.load()  # else each of hundreds of processes would load them anew, and be killed while it does
    project = write(tmp_path / "project", {"cardforge.toml": 'name = "deck"\n', "cards/a.md": _DECK})
    if not first:
        assert cardforge(project, "build", target).status == 0
        more = _DECK.replace("keep small", "keep as small as can be") + "\nQ: What is a rollout?\nA: One completion.\n"
        write(project, {"cards/a.md": more})
    done = Path(shutil.copytree(project, tmp_path / "done"))
    assert _status(_forked(done, target)) == 0
    found = Rebuild(project, _state(project), _state(done))
    assert found.before != found.after
    assert found.after.parts == ()
    return found


@pytest.mark.parametrize(("target", "first"), [("anki", False), ("anki", True), ("all", False)])
def test_a_build_that_ends_at_any_of_its_writes(
    target: str,
    first: bool,  # noqa: FBT001 - a parameter of the test
    tmp_path: Path,
    say: Callable[[str], None],
) -> None:
    rebuild = _rebuild(tmp_path, target, first=first)
    at, status, seen = 0, _KILLED, set()
    while status == _KILLED:
        at += 1
        project = rebuild.again(tmp_path / "work")
        status = _status(_forked(project, target, at))
        state = _state(project)
        rebuild.check(state)
        seen.add(tuple(sorted(state.files.items())))
        assert len(state.parts) <= len(rebuild.after.files)
        if target == "all" and at % 4:  # the rest takes long
            continue
        # The edit stands as well after a build was killed twice in a row.
        _status(_forked(project, target, at))
        rebuild.check(_state(project))
        assert len(_state(project).parts) <= len(rebuild.after.files), "they do not pile up"
        assert _status(_forked(project, target)) == 0
        assert _state(project) == rebuild.after
    assert status == 0
    assert at > 4
    assert len(seen) == len(rebuild.after.files) + 1, "one more file is new each time"
    say(f"Ending a build at each of its writes\n{target}: {at - 1} writes, {len(seen)} states, each of them whole")


def test_builds_killed_at_random(tmp_path: Path, say: Callable[[str], None]) -> None:
    rebuild = _rebuild(tmp_path, "anki", first=False)
    before = time.perf_counter()
    project = rebuild.again(tmp_path / "work")
    assert _status(_forked(project, "anki")) == 0
    length = time.perf_counter() - before
    chance = random.Random(1)  # noqa: S311 - only a delay
    killed = 0
    for _ in range(200):
        shutil.copy(rebuild.project / "cardforge.lock", project)
        shutil.copy(rebuild.project / "build" / "deck.apkg", project / "build")
        child = _forked(project, "anki")
        time.sleep(chance.uniform(0, length))
        os.kill(child, signal.SIGKILL)
        killed += _status(child) == -signal.SIGKILL
        state = _state(project)
        rebuild.check(state)
        assert len(state.parts) <= len(rebuild.after.files)
    assert killed > 50
    assert _status(_forked(project, "anki")) == 0
    assert _state(project) == rebuild.after
    say(f"Killing builds at random\n{killed} of 200 were killed before they ended")


def test_what_a_running_build_has_half_written_is_left_alone(tmp_path: Path) -> None:
    project = write(tmp_path, {"cardforge.toml": 'name = "deck"\n', "cards/a.md": _DECK})
    (project / "build").mkdir()
    names = [f".cardforge-{os.getpid()}-x.part", ".cardforge-notes.part", ".cardforge-12-34.txt"]
    for name in names:
        (project / "build" / name).write_bytes(b"")
    assert cardforge(project, "build", "anki").status == 0
    assert sorted(_state(project).parts) == sorted(names)


@pytest.mark.parametrize("targets", [("anki", "anki"), ("anki", "all")])
def test_two_builds_at_once(targets: tuple[str, str], tmp_path: Path) -> None:
    alone = write(tmp_path / "alone", {"cardforge.toml": 'name = "deck"\n', "cards/a.md": _DECK})
    assert cardforge(alone, "build", "anki").status == 0
    for number in range(4):
        project = write(tmp_path / str(number), {"cardforge.toml": 'name = "deck"\n', "cards/a.md": _DECK})
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "SOURCE_DATE_EPOCH": EPOCH}
        builds = [
            subprocess.Popen(
                [sys.executable, "-m", "cardforge", "build", target],
                cwd=project,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            for target in targets
        ]
        for build in builds:
            out, err = build.communicate(timeout=60)
            assert build.returncode == 0 or b"Another build of this project is running" in out, (out, err)
        assert any(build.returncode == 0 for build in builds)
        state = _state(project)
        assert state.parts == ()
        assert state.files["cardforge.lock"] == (alone / "cardforge.lock").read_bytes()
        assert state.files["deck.apkg"] == (alone / "build" / "deck.apkg").read_bytes()
        assert zipfile.ZipFile(project / "build" / "deck.apkg").testzip() is None
        assert len(read_lock("", state.files["cardforge.lock"].decode(), Sink()) or ()) == 2


_HOLD = """
import sys
from pathlib import Path
from cardforge.diagnostics import Sink
from cardforge.pipeline.lockfile import one_build_at_a_time
sink = Sink()
with one_build_at_a_time(None, Path(sys.argv[1]), sink):
    assert not list(sink)
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[Callable[[Path], None]]:
    """Other processes that hold a lock as a build does, until the test ends or calls again."""
    with ExitStack() as held:

        def hold(lock: Path) -> None:
            held.close()
            environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src")}
            command = [sys.executable, "-c", _HOLD, str(lock)]
            other = subprocess.Popen(
                command, cwd=tmp_path, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            held.enter_context(other)
            assert other.stdout is not None
            assert other.stdout.readline() == b"held\n"

        yield hold


def test_a_lock_named_without_a_project_is_held_by_one_build_at_a_time(
    tmp_path: Path, holder: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("cardforge.pipeline.lockfile._PATIENCE", 0.2)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    write(tmp_path, {"a.md": _DECK, "kept/.keep": "", "link.lock": ""})
    monkeypatch.chdir(tmp_path)
    build = ["build", "anki", "a.md", "-o", "a.apkg", "--lock", "kept/deck.lock"]
    holder(tmp_path / "kept" / "deck.lock")
    for verb in (build, ["ids", "a.md", "--write", *build[-2:]], ["ids", "--prune", *build[-2:]]):
        assert run(verb) == 3
        assert "Another build with this lock is running." in "".join(capfd.readouterr())
    assert not (tmp_path / "kept" / "deck.lock").exists()
    assert not (tmp_path / "a.apkg").exists()
    assert run([*build, "--dry-run"]) == 0, "it writes nothing"
    assert run([*build[:-1], "link.lock"]) == 1, "another lock: it is read, and is none"
    holder(tmp_path / "link.lock")
    capfd.readouterr()
    assert run(build) == 0
    assert "2 new" in capfd.readouterr().err
    (tmp_path / "link.lock").unlink()
    (tmp_path / "link.lock").symlink_to("kept/deck.lock")
    holder(tmp_path / "link.lock")
    assert run(build) == 3, "the same lock by another name"


def test_two_builds_at_once_with_one_lock_and_no_project(tmp_path: Path) -> None:
    chance = random.Random(1)  # noqa: S311 - only words that are not alike
    decks = [f"Q: Who was {''.join(chance.choices('aeioubdgklmnprst', k=12))}?\nA: He.\n\n" for _ in range(60)]
    write(tmp_path, {"a.md": "".join(decks[::2]), "b.md": "".join(decks[1::2])})
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "SOURCE_DATE_EPOCH": EPOCH}
    command = [sys.executable, "-m", "cardforge", "build", "anki", "--lock", "deck.lock"]
    builds = [
        subprocess.Popen([*command, f"{name}.md", "-o", f"{name}.apkg"], cwd=tmp_path, env=environment) for name in "ab"
    ]
    assert [build.wait(60) for build in builds] == [0, 0]
    notes = read_lock("", (tmp_path / "deck.lock").read_text("utf-8"), Sink())
    assert notes is not None
    assert len(notes) == 60, "neither build forgot the other's notes"
    assert sorted(note.file for note in notes.values() if not note.gone) in (["a.md"] * 30, ["b.md"] * 30)
