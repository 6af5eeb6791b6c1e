"""The two commands of the README as people meet them: in a folder with a space, on a machine that lacks something."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import pytest

ROOT: Final = Path(__file__).parent.parent
MESSAGE: Final = "apt-get install python3 python3-venv make"
_NEW_ENOUGH: Final = 77


@pytest.fixture
def checkout(tmp_path: Path, need: Callable[[str], str]) -> Path:
    """What `make` needs of this repository, in a folder whose name has a space and an apostrophe."""
    need("make")
    copy = tmp_path / "Ada's own cards"
    for name in (
        "Makefile",
        ".ci/run",
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "build/.gitkeep",
        "tests/conftest.py",
    ):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    shutil.copytree(ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    return copy


def run(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command as from a fresh shell; the `make` this test may run under leaves no trace."""
    outer = {key: value for key, value in os.environ.items() if key not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "HERE"}}
    return subprocess.run(
        command,
        cwd=folder,
        env={"PYTHON": sys.executable, **outer, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("target", ["build", "test"])
def test_no_python_is_said_in_one_line(checkout: Path, target: str) -> None:
    done = run(checkout, "make", target, PYTHON="no-such-python3")
    assert done.returncode != 0
    said, make = done.stderr.splitlines()
    assert said == f"cardforge needs Python 3.11 or newer with its venv module (no-such-python3 will not do): {MESSAGE}"
    assert make.startswith("make: ***")
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize(
    ("module", "text"),
    [("ensurepip", "raise ModuleNotFoundError"), ("sitecustomize", "import sys\nsys.version_info = (3, 10, 12)")],
    ids=["Debian without python3-venv", "Python 3.10"],
)
def test_a_python_that_will_not_do_is_said(checkout: Path, module: str, text: str, tmp_path: Path) -> None:
    (tmp_path / f"{module}.py").write_text(text, "utf-8")
    done = run(checkout, "make", "build", PYTHONPATH=str(tmp_path))
    assert done.returncode != 0
    assert MESSAGE in done.stderr
    assert "Traceback" not in done.stderr
    assert not (checkout / ".venv").exists()


def test_the_environment_is_made_once_for_one_place(checkout: Path) -> None:
    assert run(checkout, "make", ".venv/made-for").returncode == 0
    mark = checkout / ".venv" / "ready-to-run"
    mark.touch()
    assert "up to date" in run(checkout, "make", ".venv/made-for").stdout
    assert mark.exists()

    moved = checkout.rename(checkout.with_name("moved"))
    assert run(moved, "make", ".venv/made-for").returncode == 0
    assert not (moved / ".venv" / "ready-to-run").exists(), "what was installed points to the old place"


def test_clean_leaves_what_was_checked_out(checkout: Path) -> None:
    before = sorted(checkout.rglob("*"))
    (checkout / ".venv").mkdir()
    (checkout / "build" / "my deck.pdf").touch()
    (checkout / "src" / "cardforge" / "__pycache__").mkdir()
    assert run(checkout, "make", "clean").returncode == 0
    assert sorted(checkout.rglob("*")) == before


def test_ci_runs_the_test_command_from_anywhere_and_passes_on_its_failure(checkout: Path) -> None:
    done = run(Path("/"), str(checkout / ".ci" / "run"), PYTHON="no-such-python3")
    assert done.returncode != 0
    assert MESSAGE in done.stderr


def test_the_wheel_holds_the_whole_program(checkout: Path, need: Callable[[str], str]) -> None:
    need("setuptools")
    if int(version("setuptools").partition(".")[0]) < _NEW_ENOUGH:
        pytest.skip(f"NOT TESTED: setuptools is older than {_NEW_ENOUGH} (pip install -e '.[test]')")
    build = "import setuptools.build_meta as backend; backend.build_wheel('dist')"
    done = run(checkout, sys.executable, "-c", build)
    assert done.returncode == 0, done.stderr
    (wheel,) = (checkout / "dist").glob("*.whl")
    with ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if name.startswith("cardforge/")}
    files = (path for path in (checkout / "src/cardforge").rglob("*") if path.is_file())
    program = {path.relative_to(checkout / "src").as_posix() for path in files}
    assert packed == program
    assert list((checkout / "build").iterdir()) == [checkout / "build" / ".gitkeep"], "build/ is for products"
