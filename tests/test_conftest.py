"""A missing component must never pass silently."""

import sys
from collections.abc import Callable

import pytest

from components import require


def test_a_component_that_is_there_is_found(need: Callable[[str], str]) -> None:
    assert need("pytest") == sys.modules["pytest"].__file__


def test_a_missing_component_skips_by_name_and_remedy() -> None:
    with pytest.raises(pytest.skip.Exception, match=r"NOT TESTED: no_such_module .*\.\[test\]"):
        require("no_such_module", ci=False)


def test_a_missing_component_fails_under_ci() -> None:
    with pytest.raises(pytest.fail.Exception, match="no_such_module is missing"):
        require("no_such_module", ci=True)


def test_a_missing_program_names_its_debian_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(pytest.skip.Exception, match=r"pdftoppm is missing \(apt-get install poppler-utils\)"):
        require("pdftoppm", ci=False)
