"""The lowest version of Python-Markdown that the program allows gives the trees that the installed one gives."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

import markdown
import pytest
from test_examples import fetched

from cardforge.body import read_body
from cardforge.diagnostics import Sink
from deck_notation import NoMedia, passage_of
from github_texts import CACHE, examples

_ROOT: Final = Path(__file__).parent.parent.parent
_SCRIPT: Final = """
import json, sys
import markdown
from cardforge.body import read_body
from cardforge.diagnostics import Sink
from deck_notation import NoMedia, passage_of
texts = json.load(sys.stdin)
trees = [repr(read_body(passage_of(text), NoMedia(), Sink()).blocks) for text in texts]
json.dump([markdown.__version__, trees], sys.stdout)
"""


def _lowest() -> str:
    wanted = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    found = next(filter(None, (re.match(r"markdown>=([\d.]+)", each) for each in wanted)))
    return found[1]


@pytest.fixture(scope="session")
def lowest(ci: bool) -> Path:  # noqa: FBT001 - a fixture is handed over by its name
    """A folder with the lowest version, made once."""
    folder = CACHE.parent / f"markdown-{_lowest()}"
    if not (folder / "markdown").is_dir():
        made = folder.with_name(f"{folder.name}.{os.getpid()}")
        shutil.rmtree(made, ignore_errors=True)
        made.parent.mkdir(parents=True, exist_ok=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        command = [*pip, f"markdown=={_lowest()}", "--target", str(made)]
        done = subprocess.run(command, capture_output=True, check=False, text=True)
        if done.returncode:
            said = f"NOT TESTED: markdown {_lowest()} cannot be installed: {done.stderr.strip().splitlines()[-1:]}"
            if ci:
                pytest.fail(said, pytrace=False)
            pytest.skip(said)
        try:
            made.rename(folder)
        except OSError:  # another run was quicker
            shutil.rmtree(made)
    return folder


def test_the_lowest_markdown_gives_the_trees_of_the_newest(lowest: Path, ci: bool) -> None:  # noqa: FBT001 - a fixture
    texts = [each.text for each in fetched(examples, ci=ci)]
    path = os.pathsep.join(map(str, (lowest, _ROOT / "src", _ROOT / "tests")))
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        input=json.dumps(texts),
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    version, trees = json.loads(done.stdout)
    assert version.startswith(_lowest())
    assert version != markdown.__version__
    assert trees == [repr(read_body(passage_of(text), NoMedia(), Sink()).blocks) for text in texts]
