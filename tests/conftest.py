"""What every test may ask for: the real components, and a place in the summary at the end of the run."""

import os
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from components import require

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

SUMMARY: Final = "summary"


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--update-golden`` writes what a test got over what it expected; read the difference before you commit it."""
    parser.addoption("--update-golden", action="store_true", help="rewrite the expected files of golden cases")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """``golden(path, text)`` asserts that the file holds the text."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--update-golden"):
            path.write_text(text, "utf-8", newline="\n")
        assert text == (path.read_text("utf-8") if path.exists() else ""), f"{path.name}: see --update-golden"

    return compare


@pytest.fixture(scope="session")
def ci() -> bool:
    """Whether this run decides about a change: then nothing may be skipped for want of a component."""
    return os.environ.get("CI", "").lower() in {"true", "1", "yes"}


@pytest.fixture(scope="session")
def need(ci: bool) -> Callable[[str], str]:  # noqa: FBT001 - a fixture is handed over by its name
    """``need("anki")``, ``need("chromium")``: the real component's path, or the test ends here, loudly."""
    return lambda name: require(name, ci=ci)


@pytest.fixture(scope="session")
def playwright(need: Callable[[str], str]) -> Iterator["Playwright"]:
    """The driver of browsers, of which a process can have one."""
    need("playwright")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        yield driver


@pytest.fixture
def say(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """``say(text)`` puts a table or a figure below the results, where a person reads it whether or not tests failed.

    The first line is the title; texts of one title stand together.
    """
    return lambda text: record_property(SUMMARY, text)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what tests had to say. User properties travel with reports, so this works across xdist's workers."""
    said = {
        text
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        for key, text in report.user_properties
        if key == SUMMARY
    }
    for title, texts in groupby(sorted(said), key=lambda text: text.partition("\n")[0]):
        terminalreporter.section(title)
        for text in texts:
            terminalreporter.write_line(text.partition("\n")[2])
