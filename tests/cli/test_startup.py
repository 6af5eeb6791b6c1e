"""No command waits for what it does not need."""

import subprocess
import sys
from pathlib import Path

import pytest

_HEAVY = ("PIL", "filelock", "genanki", "markdown", "mathra", "pydantic", "pygments", "rapidfuzz", "reportlab", "yaml")


def _loaded(*arguments: str, cwd: Path) -> set[str]:
    script = (
        "import sys\nfrom cardforge.__main__ import main\nsys.argv = ['cardforge', *sys.argv[1:]]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\nprint('\\n'.join(sorted(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script, *arguments], cwd=cwd, capture_output=True, check=True)
    return {name.partition(".")[0] if name in _HEAVY else name for name in done.stderr.decode().split("\n")}


@pytest.mark.parametrize("arguments", [["--help"], ["build", "--help"], ["config"], ["new", "there"]])
def test_a_command_that_reads_no_card_loads_no_library_that_reads_or_writes_them(
    arguments: list[str], tmp_path: Path
) -> None:
    loaded = _loaded(*arguments, cwd=tmp_path)
    assert not loaded & set(_HEAVY)
    assert not {"cardforge.reader", "cardforge.source", "cardforge.body", "cardforge.identity"} & loaded


def test_the_version_is_told_without_the_command_line(tmp_path: Path) -> None:
    assert not {"typer", "re", "json", "cardforge.cli"} & _loaded("--version", cwd=tmp_path)
