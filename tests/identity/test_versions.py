"""Notes' times do not depend on the version of Pygments: only what their author wrote moves them."""

import io
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
from learner import CACHE, install

from anki_harness import opened
from command import Run, cardforge, write

_FIRST, _SECOND = "1700000000", "1700100000"
_CONFIG: Final = {"cardforge.toml": 'name = "deck"\nnamespace = "tests"\n'}

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
def other_pygments() -> Path:
    """A folder with another version of Pygments than the installed one, made once."""
    folder = CACHE / f"pygments-{_OTHER_PYGMENTS}"
    if not (folder / "pygments").is_dir():
        made = _beside(folder)
        install(Path(sys.executable), f"pygments=={_OTHER_PYGMENTS}", "--target", str(made))
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


def _built(project: Path, clock: str, env: Mapping[str, str] | None = None) -> tuple[bytes, bytes]:
    """The package and the lock."""
    done: Run = cardforge(project, "build", "anki", "-q", env={"SOURCE_DATE_EPOCH": clock, **(env or {})})
    assert done.status == 0, done.stderr
    return (project / "build" / "deck.apkg").read_bytes(), (project / "cardforge.lock").read_bytes()


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
