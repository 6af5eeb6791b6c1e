"""The GUIDs of ``golden.txt`` never change: they are in the collections of everyone who studies.

A row is a namespace, a kind, a source as a JSON text, and the GUIDs of its cards in order. A source of the kind
``cloze`` is the text of the card itself.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from naming_cards import CLOCK, names

from cardforge.diagnostics import Sink, Span
from cardforge.doc import Paragraph, Text
from cardforge.identity import assign
from cardforge.model import Body, Cloze, Head

GOLDEN: Final = Path(__file__).parent / "golden.txt"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    namespace: str
    kind: str
    source: str
    guids: tuple[str, ...]


def _rows() -> list[Row]:
    lines = [line for line in GOLDEN.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    parts = [line.split("\t") for line in lines]
    return [Row(namespace, kind, json.loads(source), tuple(guids.split())) for namespace, kind, source, guids in parts]


def _guids(row: Row, folder: Path) -> tuple[str, ...]:
    if row.kind != "cloze":
        named = names(folder, row.source, namespace=row.namespace)
        assert {each.kind.value for each in named} == {row.kind}
        return tuple(each.guid for each in named)
    text = Body(row.source, (Paragraph((Text(row.source),)),))
    card = Cloze(Head(Span("cards.md", 1, 1, 1, 2), "Deck"), text, Body("", ()))
    return tuple(each.guid for each in assign([card], namespace=row.namespace, clock=CLOCK, sink=Sink()).values())


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row.source.splitlines()[0][:30])
def test_a_guid_never_changes(row: Row, tmp_path: Path) -> None:
    assert _guids(row, tmp_path) == row.guids


def test_the_list_is_worth_its_name() -> None:
    rows = _rows()
    assert len(rows) >= 40
    assert {row.kind for row in rows} >= {"flashcard", "self-check", "scenario", "cloze"}
    assert len({row.namespace for row in rows}) >= 3
    assert all(len(guid) == 16 for row in rows for guid in row.guids)
