"""Every command, option, variable and status of the command line is in docs/cli.md."""

import re
from pathlib import Path
from typing import Final

from cardforge.cli.streams import ENVIRONMENT_TROUBLE, FINDINGS, FINE, USAGE
from cardforge.config import load_settings
from cardforge.diagnostics import Sink
from cardforge.interruption import INTERRUPTED
from command import ROOT, cardforge

DOCUMENT: Final = (ROOT / "docs" / "cli.md").read_text("utf-8")


def _commands(folder: Path) -> list[str]:
    shown = cardforge(folder, "--help").stdout
    return [line.split()[0] for line in shown.partition("Commands:\n")[2].splitlines() if line.strip()]


def test_every_command_is_documented(tmp_path: Path) -> None:
    documented = set(re.findall(r"^\| `cardforge ([a-z]+)", DOCUMENT, re.MULTILINE))
    assert documented == set(_commands(tmp_path))


def test_every_option_and_choice_is_documented(tmp_path: Path) -> None:
    missing = set()
    for command in _commands(tmp_path):
        options = cardforge(tmp_path, command, "--help").stdout.partition("Options:\n")[2]
        words = re.findall(r"^  (?:(-\w), )?(--[a-z-]+)", options, re.MULTILINE)
        choices = re.findall(r"<([a-z|-]+)>", options)
        assert len(words) >= 6
        wanted = {word for pair in words for word in pair if word}
        wanted |= {choice for each in choices for choice in each.split("|")}
        missing |= {word for word in wanted if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", DOCUMENT)}
    assert missing == set()


def test_every_variable_is_documented_and_works(tmp_path: Path) -> None:
    variables = set(re.findall(r"`(CARDFORGE_[A-Z_]+)`", DOCUMENT))
    variables.remove("CARDFORGE_JOBS")  # no setting: it bears on how long a run takes alone
    settings = load_settings(tmp_path, dict.fromkeys(variables, "de"), Sink())
    for name in variables:
        assert getattr(settings, name.removeprefix("CARDFORGE_").lower()) == "de"


def test_every_status_is_documented() -> None:
    statuses = {int(found) for found in re.findall(r"^\| (\d+) \|", DOCUMENT, re.MULTILINE)}
    assert statuses == {FINE, FINDINGS, USAGE, ENVIRONMENT_TROUBLE, INTERRUPTED}
