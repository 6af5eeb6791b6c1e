"""Values compare, are told apart and show themselves as dataclasses do."""

import dataclasses
from typing import Any

import pytest

from cardforge.values import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Two fields, of which one is not compared and one not shown."""

    line: int
    note: str = dataclasses.field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """Is equal to itself alone."""

    name: str


@dataclass(frozen=True)
class Told:
    """Shows itself."""

    name: str

    def __repr__(self) -> str:
        return f"<{self.name}>"


def test_values_are_equal_by_their_fields() -> None:
    assert Place(1, "a") == Place(1, "b")
    assert len({Place(1, "a"), Place(1, "b"), Place(2)}) == 2
    assert dataclasses.replace(Place(1), line=2) == Place(2)


def test_what_is_no_value_is_equal_to_itself_alone() -> None:
    assert len({Thing("a"), Thing("a")}) == 2


@pytest.mark.parametrize(("value", "shown"), [(Place(1), "Place(line=1)"), (Told("a"), "<a>")])
def test_values_show_themselves(value: Any, shown: str) -> None:
    assert repr(value) == shown
