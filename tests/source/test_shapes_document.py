"""docs/shapes.md shows every shape with its source and the cards it gives, and is right about them."""

import re
from pathlib import Path
from typing import Final

import pytest

from command import ROOT
from deck_notation import notation, read

DOCUMENT: Final = ROOT / "docs" / "shapes.md"
EXAMPLE: Final = re.compile(
    r"^````(?P<kind>\w+)\n(?P<source>.*?\n)````\n\n```text\n(?P<result>.*?)```$", re.MULTILINE | re.DOTALL
)
SHAPES: Final = 12


def _cards(example: re.Match[str]) -> str:
    name = {"markdown": "case.md", "mdx": "case.mdx", "text": "case.txt"}[example["kind"]]
    deck, sink = read(example["source"], name)
    return notation(deck, sink).partition("\n\n")[2]


def test_every_shape_is_shown() -> None:
    titles = re.findall(r"^## (\d+)\. ", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    assert titles == [str(number) for number in range(1, SHAPES + 1)]


def test_every_example_gives_the_cards_below_it(request: pytest.FixtureRequest) -> None:
    text = DOCUMENT.read_text("utf-8")
    if request.config.getoption("--update-golden"):
        text = EXAMPLE.sub(lambda m: m[0][: m.start("result") - m.start()] + _cards(m) + "```", text)
        Path(DOCUMENT).write_text(text, "utf-8")
    found = list(EXAMPLE.finditer(text))
    assert len(found) >= SHAPES
    for example in found:
        assert example["result"] == _cards(example)
        assert "question:" in example["result"] or "text:" in example["result"] or "situation:" in example["result"]
        assert "error " not in example["result"]
