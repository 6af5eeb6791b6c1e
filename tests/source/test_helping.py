"""A file without cards is told which setting would help, in words that fit a report; others are told nothing."""

import pytest

from cardforge.source.helping import what_would_help
from cardforge.vocabulary import Vocabulary


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# React\n\n### What is JSX?\n\nA syntax.\n\n### What is a hook?\n\nA function.\n", "heading_level: 3"),
        ("1. ### What is JSX?\n\n   A syntax.\n\n2. ### What is a hook?\n\n   A function.\n", "heading_level: 3"),
        ("Speed of light::300 000 km/s\n\nIron:::Fe\n", "notes: true"),
        ("What is sound?\n?\nA wave.\n\n> [!question]- What is light?\n> Waves.\n", "notes: true"),
        ('<Reveal2 question="What is JSX?">\nA syntax.\n</Reveal2>\n', "components: [Reveal2]"),
        ("The ==heart== pumps ==blood==.\n", "cloze: highlight"),
        ("# Prose\n\nNothing is asked here.\n\n## Why?\n\n## What\n\n`a::b` and `c::d`\n", ""),
    ],
)
def test_the_setting_is_named(text: str, line: str) -> None:
    said = what_would_help("a.md", text, Vocabulary())
    assert (f"cardforge: {{{line}}}" in said) if line else not said
    assert len(said) <= 160
