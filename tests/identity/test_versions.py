"""What does not depend on the versions installed: notes' times on Pygments, and learning on this year's Anki."""

import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final, Literal

import pytest

from anki_harness import opened
from command import Run, cardforge, write

_CACHE: Final = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cardforge-tests"
_FIRST, _SECOND = "1700000000", "1700100000"
_CONFIG: Final = {"cardforge.toml": 'name = "deck"\nnamespace = "tests"\n'}

# ---- another Pygments

_OTHER_PYGMENTS: Final = "2.18.0"
_CODE: Final = """---
deck: Course
---

## Flashcards

Q: What does this C declare?

```c
constexpr int size = 4;
typeof(size) *place = nullptr;
```

A: A constant and a pointer to its type, which points nowhere.

```java
sealed interface Shape permits Circle {}
```

Q: Which library makes the colours of code?
A: Pygments does, at build time.
"""
_VERSION: Final = "import pygments, sys; sys.stdout.write(pygments.__version__)"


@pytest.fixture(scope="session")
def other_pygments(ci: bool) -> Path:  # noqa: FBT001 - a fixture is handed over by its name
    """A folder with another version of Pygments than the installed one, made once."""
    folder = _CACHE / f"pygments-{_OTHER_PYGMENTS}"
    if not (folder / "pygments").is_dir():
        made = _beside(folder)
        _install(Path(sys.executable), f"pygments=={_OTHER_PYGMENTS}", "--target", str(made), ci=ci)
        _put(made, folder)
    return folder


def test_an_upgrade_of_pygments_moves_no_notes_time(
    other_pygments: Path, tmp_path: Path, need: Callable[[str], str]
) -> None:
    need("anki")
    versions = {_pygments(), _pygments(other_pygments)}
    assert len(versions) == 2, versions
    project = write(tmp_path / "project", {**_CONFIG, "cards/code.md": _CODE})
    first, lock = _built(project, _FIRST)
    second, later_lock = _built(project, _SECOND, {"PYTHONPATH": str(other_pygments)})
    assert later_lock == lock
    assert _of_notes(second, "mod") == _of_notes(first, "mod") == [int(_FIRST)] * 2
    # The code is C of 2023, which the older version colours otherwise: only the colours may differ, and they do.
    assert _of_notes(second, "flds") != _of_notes(first, "flds")
    with opened(tmp_path / "collection") as anki:
        assert anki.read(first).new == 2
        before = {guid: anki.note(guid) for guid in anki.guids()}
        log = anki.read(second)
        assert (log.new, log.updated, log.duplicate) == (0, 0, 2)
        assert {guid: anki.note(guid) for guid in anki.guids()} == before


def _pygments(first: Path | None = None) -> str:
    environment = {**os.environ, "PYTHONPATH": str(first or "")}
    command = [sys.executable, "-c", _VERSION]
    return subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout


def _of_notes(package: bytes, column: Literal["flds", "mod"]) -> list[Any]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive, closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(archive.read("collection.anki2"))
        return [value for (value,) in database.execute(f"select {column} from notes order by id")]  # noqa: S608 - one of two


# ---- an older Anki

_OLD_ANKI: Final = "24.11"
_SCRIPT: Final = """
import json, sys
from anki.collection import Collection, ImportAnkiPackageRequest
from anki.import_export_pb2 import ImportAnkiPackageOptions

folder, cases = sys.argv[1], json.loads(sys.stdin.read())

def look(col):
    rows = "select n.guid, c.id, c.ord, c.due, c.ivl, c.reps from cards c join notes n on n.id = c.nid order by c.id"
    return {"cards": col.db.all(rows), "notes": dict(col.db.all("select guid, flds from notes"))}

def read(col, package):
    # An older Anki's defaults: newer notes and note types win, learning data stays.
    log = col.import_anki_package(
        ImportAnkiPackageRequest(package_path=package, options=ImportAnkiPackageOptions())
    ).log
    return {"new": len(log.new), "updated": len(log.updated), "conflicting": len(log.conflicting)}

told = {}
for number, (name, (first, second)) in enumerate(cases.items()):
    col = Collection(f"{folder}/{number}.anki2")
    read(col, first)
    for each in col.db.list("select id from cards where ord = 0"):
        card = col.get_card(each)
        card.start_timer()
        states = col._backend.get_scheduling_states(card.id)
        col.sched.answer_card(col.sched.build_answer(card=card, states=states, rating=2))
    before = look(col)
    told[name] = {"log": read(col, second), "before": before, "after": look(col)}
    col.close()
json.dump(told, sys.stdout)
"""

_HEAD: Final = "---\ndeck: {}\n---\n\n## Flashcards\n\n"
_CLIP: Final = "Q: What does the clipped surrogate of PPO limit?\nA: How far one update may move the policy.\n\n"
_KL: Final = "Q: Which distance does the KL penalty keep small?\nA: That between the policy and its reference.\n\n"
_GAE: Final = "Q: What does lambda trade off in GAE?\nA: Bias against variance of the advantage estimate.\n\n"
_BASE: Final = _HEAD.format("Course::Lesson") + _CLIP + _KL + _GAE

_CASES: Final[Mapping[str, tuple[str, int, str]]] = {
    # what is in the second version, how many notes Anki updates, what some note says afterwards
    "nothing": (_BASE, 0, "clipped surrogate"),
    "typo": (_BASE.replace("surrogate", "surrogat"), 1, "surrogat of"),
    "reword": (
        _BASE.replace("Which distance does the KL penalty keep small?", "What is kept small by the KL penalty?"),
        1,
        "What is kept small",
    ),
    "answer rewritten": (
        _BASE.replace("Bias against variance of the advantage estimate.", "Trust in the critic or in the returns."),
        1,
        "Trust in the critic",
    ),
    "removed": (_BASE.replace(_CLIP, ""), 0, "clipped surrogate"),
    "deck renamed": (_BASE.replace("Course::Lesson", "Course::Chapter 2"), 0, "clipped surrogate"),
}


@pytest.fixture(scope="session")
def old_anki(ci: bool) -> Path:  # noqa: FBT001 - a fixture is handed over by its name
    """The Python of an environment with an older Anki, made once."""
    folder = _CACHE / f"anki-{_OLD_ANKI}"
    python = folder / "bin" / "python"
    if not (folder / "ready").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        _install(python, f"anki=={_OLD_ANKI}", ci=ci)
        (folder / "ready").touch()
    return python


def test_an_older_anki_keeps_what_was_learned_through_edits(old_anki: Path, tmp_path: Path) -> None:
    packages: dict[str, tuple[str, str]] = {}
    for name, (text, _, _) in _CASES.items():
        project = write(tmp_path / name, {**_CONFIG, "cards/ppo.md": _BASE})
        first, _ = _built(project, _FIRST)
        second, _ = _built(write(project, {"cards/ppo.md": text}), _SECOND)
        files = write(tmp_path / name, {"first.apkg": first, "second.apkg": second})
        packages[name] = (str(files / "first.apkg"), str(files / "second.apkg"))
    command = [str(old_anki), "-c", _SCRIPT, str(tmp_path)]
    done = subprocess.run(command, input=json.dumps(packages), capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    assert list(told) == list(_CASES)
    for name, (_, updated, says) in _CASES.items():
        case = told[name]
        assert case["log"] == {"new": 0, "updated": updated, "conflicting": 0}, name
        assert len(case["before"]["cards"]) == 3, name
        assert all(reviews == 1 for *_, reviews in case["before"]["cards"]), name
        assert case["after"]["cards"] == case["before"]["cards"], name
        assert any(says in fields for fields in case["after"]["notes"].values()), name
        changed = sum(case["after"]["notes"][guid] != fields for guid, fields in case["before"]["notes"].items())
        assert changed == updated, name


# ---- what both need


def _built(project: Path, clock: str, env: Mapping[str, str] | None = None) -> tuple[bytes, bytes]:
    """The package and the lock."""
    done: Run = cardforge(project, "build", "anki", "-q", env={"SOURCE_DATE_EPOCH": clock, **(env or {})})
    assert done.status == 0, done.stderr
    return (project / "build" / "deck.apkg").read_bytes(), (project / "cardforge.lock").read_bytes()


def _install(python: Path, *arguments: str, ci: bool) -> None:
    """Run pip; where it cannot fetch, the test ends here, loudly."""
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    if done.returncode != 0:
        said = f"NOT TESTED: {arguments[0]} cannot be installed: {done.stderr.strip().splitlines()[-1:]}"
        if ci:
            pytest.fail(said, pytrace=False)
        pytest.skip(said)


def _beside(folder: Path) -> Path:
    """A new folder of this process, to be put in the place of ``folder`` when it is whole."""
    made = folder.with_name(f"{folder.name}.{os.getpid()}")
    shutil.rmtree(made, ignore_errors=True)
    made.parent.mkdir(parents=True, exist_ok=True)
    return made


def _put(made: Path, folder: Path) -> None:
    try:
        made.rename(folder)
    except OSError:  # another run was quicker
        shutil.rmtree(made)
