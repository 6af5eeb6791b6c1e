"""Every source in tests/cases/shapes gives exactly the cards and findings that stand beside it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cardforge.model import kind_of
from deck_notation import notation, read

CASES = Path(__file__).parent.parent / "cases" / "shapes"


@pytest.mark.parametrize("case", sorted([*CASES.glob("*.md"), *CASES.glob("*.mdx")]), ids=lambda path: path.stem)
def test_the_source_gives_what_stands_beside_it(case: Path, golden: Callable[[Path, str], None]) -> None:
    deck, sink = read(case.read_bytes().decode("utf-8"), f"case{case.suffix}")
    golden(case.with_suffix(".expected"), notation(deck, sink))


def test_a_page_copied_from_a_browser_gives_the_cards_a_person_sees() -> None:
    page = (CASES.parent.parent / "seed" / "practice-alignment.txt").read_text("utf-8")
    deck, sink = read(page)
    kinds = [str(kind_of(card)) for card in deck.cards]
    assert kinds == ["self-check"] * 5 + ["scenario"] * 4 + ["flashcard"] * 9
    assert list(sink) == []
